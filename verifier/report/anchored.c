/* anchored.c - proofs from outside, in records and run.json. */
#include "verifier/report/anchored.h"

static void
write_hash(
    struct json_writer *writer, const char *name, const uint8_t sha256[32])
{
	json_write_hex(writer, name, (struct span){ sha256, 32 });
}

static void
write_string(struct json_writer *writer, const char *name, const char *string)
{
	if (string == NULL)
		json_write_null(writer, name);
	else
		json_write_text(writer, name, NULL, span_from_string(string));
}

static void
write_anchored_by(struct json_writer *writer, const struct anchored_by *by)
{
	static const char *const what[] = { "message", "file", "archive" };
	const struct anchor *anchor = by->anchor;

	json_open_object(writer, NULL);
	write_string(writer, "authority", anchor->proof.authority);
	json_write_string(writer, "kind", anchor_kind_name(anchor->proof.kind));
	if (by->list != NULL)
		write_hash(writer, "list_sha256", by->list->sha256);
	json_write_text(writer, "name", "name_b64", anchor->name);
	json_write_string(writer, "over", what[by->over]);
	write_hash(writer, "sha256", anchor->sha256);
	json_write_time(writer, "stated", anchor->proof.stated);
	json_write_time(writer, "time", anchor->proof.time);
	json_close_object(writer);
}

void
anchored_write(struct json_writer *writer, const struct anchored *anchored)
{
	json_open_array(writer, "anchors");
	for (size_t i = 0; i < anchored->n; i++)
		write_anchored_by(writer, &anchored->by[i]);
	json_close_array(writer);
}

static void
write_anchor(struct json_writer *writer, const struct anchor *anchor)
{
	const struct time_proof *proof = &anchor->proof;

	json_open_object(writer, NULL);
	write_string(writer, "authority", proof->authority);
	json_write_bool(writer, "counts", anchor->counts);
	json_write_string(writer, "kind", anchor_kind_name(proof->kind));
	json_write_text(writer, "name", "name_b64", anchor->name);
	if (anchor->renewed_by != NULL)
		write_hash(writer, "renewed_by", anchor->renewed_by->sha256);
	write_hash(writer, "sha256", anchor->sha256);
	json_write_string(writer, "state", time_proof_state_name(proof->state));
	json_write_time(writer, "stated", proof->stated);
	write_string(writer, "text", proof->text);
	json_write_time(writer, "time", proof->time);
	json_write_time(writer, "until", proof->until);
	json_close_object(writer);
}

void
anchors_write_given(
    struct json_writer *writer, const struct anchors_given *given)
{
	json_open_array(writer, "anchors");
	for (size_t i = 0; i < given->n; i++)
		write_anchor(writer, &given->anchors[i]);
	json_close_array(writer);
}

void
anchors_write_lists(
    struct json_writer *writer, const struct anchors_given *given)
{
	json_open_array(writer, "hash_lists");
	for (size_t i = 0; i < given->n_lists; i++) {
		const struct anchor_list *list = &given->lists[i];

		json_open_object(writer, NULL);
		json_write_integer(writer, "entries", (int64_t)list->n);
		json_write_text(writer, "name", "name_b64", list->name);
		write_hash(writer, "sha256", list->sha256);
		json_close_object(writer);
	}
	json_close_array(writer);
}

void
anchors_write_trusted(
    struct json_writer *writer, const struct anchors_given *given)
{
	json_open_array(writer, "trusted");
	for (size_t i = 0; i < given->n_trusted; i++) {
		const struct anchor_trust *trust = &given->trusted[i];

		json_open_object(writer, NULL);
		json_write_text(writer, "name", "name_b64", trust->name);
		json_write_string(writer, "option", trust->option);
		write_hash(writer, "sha256", trust->sha256);
		json_close_object(writer);
	}
	json_close_array(writer);
}
