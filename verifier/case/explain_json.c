/* explain_json.c - see explain.h: the steps for programs; verifier.5 is
 * normative. */
#include "verifier/case/explain.h"

#include "verifier/message/stored_at.h"

#define SCHEMA "verifier-explain/1"

static void
put_count(struct json_writer *writer, const char *name, uint64_t count)
{
	json_write_integer(writer, name, (int64_t)count);
}

static void
put_cut(struct json_writer *writer, const char *name, const char *name_b64,
    struct span text)
{
	json_write_text(
	    writer, name, name_b64, span_sub(text, 0, EXPLAIN_TEXT_MAX));
}

static void
put_hash(struct json_writer *writer, const char *name, struct span hash)
{
	if (hash.n == 0)
		json_write_null(writer, name);
	else
		json_write_hex(
		    writer, name, span_sub(hash, 0, EXPLAIN_TEXT_MAX));
}

/* ---- the body ------------------------------------------------------------ */

static void
put_body(struct json_writer *writer, const struct steps *steps)
{
	const struct body_facts *body = &steps->facts->body;

	if (!steps_have_body(steps)) {
		json_write_null(writer, "body");
		return;
	}
	json_open_object(writer, "body");
	put_hash(writer, "computed", (struct span){ body->hash, body->hash_n });
	put_count(writer, "covered", body->covered);
	put_count(writer, "offset", steps->attempt->message.body_at);
	put_hash(writer, "signed", steps->signature->body_hash);
	put_count(writer, "total", body->total);
	json_close_object(writer);
}

/* ---- header fields ------------------------------------------------------- */

/* A field that is hashed; NULL: none of that name is left. */
static void
put_field(struct json_writer *writer, const struct steps *steps,
    const struct stored_at *at, const struct header_field *field,
    struct span name)
{
	const struct message *message = &steps->attempt->message;

	json_open_object(writer, NULL);
	if (field == NULL)
		json_write_null(writer, "field");
	else
		put_count(writer, "field",
		    (uint64_t)(field - message->header.fields) + 1);
	put_cut(writer, "name", "name_b64", name);
	if (field == NULL)
		json_write_null(writer, "offset");
	else
		put_count(writer, "offset",
		    stored_at_line(at, message, field->whole));
	json_close_object(writer);
}

/* Of a seal: those of the sets that it covers. */
static size_t
put_sealed(struct json_writer *writer, const struct steps *steps,
    const struct stored_at *at)
{
	const struct header_index *header = &steps->attempt->message.header;
	const uint8_t *is_signed = steps->facts->selection.signed_fields;

	for (size_t i = 0; i < header->n; i++) {
		if (is_signed[i])
			put_field(writer, steps, at, &header->fields[i],
			    header->fields[i].name);
	}
	return 0;
}

/* In the order of h=; returns how many are left out. */
static size_t
put_selected(struct json_writer *writer, const struct steps *steps,
    const struct stored_at *at)
{
	const struct header_selection *selection = &steps->facts->selection;
	size_t n = MIN(selection->n, EXPLAIN_FIELDS_MAX);

	for (size_t i = 0; i < n; i++) {
		const struct header_field *field = selection->fields[i];

		if (field != NULL)
			put_field(writer, steps, at, field, field->name);
		else if (steps->signature->kind != SIGNATURE_DOMAINKEYS)
			put_field(writer, steps, at, NULL,
			    steps->signature->names[i]);
	}
	return selection->n - n;
}

static void
put_fields(
    struct json_writer *writer, const struct steps *steps, struct arena *arena)
{
	struct stored_at at;
	size_t left_out = 0;

	json_open_array(writer, "fields");
	if (steps_are_known(steps)) {
		stored_at_get(&at, arena, &steps->attempt->message);
		left_out = steps->signature->kind == SIGNATURE_ARC_SEAL
		    ? put_sealed(writer, steps, &at)
		    : put_selected(writer, steps, &at);
	}
	json_close_array(writer);
	put_count(writer, "fields_left_out", left_out);
}

/* ---- keys ---------------------------------------------------------------- */

static const char *
check_name(const struct candidate_facts *candidate)
{
	if (!candidate->checked)
		return "not-checked";
	switch (candidate->check.result) {
	case KEY_CHECK_VALID:
		return "holds";
	case KEY_CHECK_OTHER:
		return "other-hash";
	case KEY_CHECK_MISMATCH:
		return "not-this-key";
	case KEY_CHECK_UNUSABLE:
		break;
	}
	return "unusable";
}

static void
put_key(struct json_writer *writer, const struct steps *steps, size_t at)
{
	const struct candidate_facts *candidate = &steps->facts->candidates[at];
	const struct known_key *key = &steps->verdict->known->keys[at];

	json_open_object(writer, NULL);
	json_write_string(writer, "check", check_name(candidate));
	json_write_bool(writer, "decides", key == steps->verdict->key);
	put_count(writer, "entry", key->entry);
	json_write_string(writer, "grade", grade_name(key->grade));
	put_hash(writer, "recovered",
	    (struct span){ candidate->check.recovered,
		candidate->checked ? candidate->check.recovered_n : 0 });
	json_write_hex(writer, "sha256",
	    (struct span){ key->key.sha256, sizeof(key->key.sha256) });
	put_cut(writer, "text", "text_b64", key->text);
	json_close_object(writer);
}

static void
put_keys(struct json_writer *writer, const struct steps *steps)
{
	size_t n = steps->facts->n_candidates;

	json_open_array(writer, "keys");
	for (size_t i = 0; i < MIN(n, EXPLAIN_KEYS_MAX); i++)
		put_key(writer, steps, i);
	json_close_array(writer);
	put_count(writer, "keys_left_out", n - MIN(n, EXPLAIN_KEYS_MAX));
}

/* ---- a signature ----------------------------------------------------------- */

struct count_sink {
	struct sink sink; /* first */
	uint64_t n;
};

static void
count(struct sink *self, struct span span)
{
	((struct count_sink *)self)->n += span.n;
}

static void
put_octets(
    struct json_writer *writer, const struct steps *steps, struct arena *arena)
{
	struct count_sink octets = { .sink.push = count };

	if (!steps_are_known(steps)) {
		json_write_null(writer, "octets");
		return;
	}
	steps_push_signed(steps, arena, &octets.sink);
	put_count(writer, "octets", octets.n);
}

static const char *
outcome_name(const struct steps *steps)
{
	switch (steps_outcome(steps)) {
	case STEPS_HOLD:
		return "holds";
	case STEPS_FAIL:
		return "fails";
	case STEPS_FORBIDDEN:
		return "forbidden";
	case STEPS_NOTHING:
		break;
	}
	return "nothing";
}

static void
put_signature(
    struct json_writer *writer, const struct steps *steps, struct arena *arena)
{
	const struct message *message = &steps->attempt->message;
	const struct header_field *field = steps->signature->field;
	struct stored_at at;

	stored_at_get(&at, arena, message);
	json_open_object(writer, NULL);
	put_body(writer, steps);
	put_count(
	    writer, "field", (uint64_t)(field - message->header.fields) + 1);
	put_fields(writer, steps, arena);
	put_hash(writer, "hash",
	    (struct span){ steps->facts->header_hash,
		steps_are_known(steps) ? steps->facts->header_hash_n : 0 });
	put_keys(writer, steps);
	json_write_string(
	    writer, "kind", signature_kind_name(steps->signature->kind));
	put_count(writer, "number", steps->number);
	put_octets(writer, steps, arena);
	put_count(writer, "offset", stored_at_line(&at, message, field->whole));
	json_write_string(writer, "outcome", outcome_name(steps));
	json_write_bool(writer, "repaired",
	    steps->attempt->repairs != NULL && steps->attempt->repairs->n > 0);
	put_hash(writer, "signature", steps->signature->signature);
	json_close_object(writer);
}

void
explain_write_json(GString *out, const struct attempt *attempt,
    const struct explained *explained, struct arena *arena)
{
	const char *const *otherwise = explained->otherwise;
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_open_array(&writer, "otherwise");
	for (; *otherwise != NULL; otherwise++)
		json_write_string(&writer, NULL, *otherwise);
	json_close_array(&writer);
	json_write_raw(&writer, "record", explained->record);
	json_write_string(&writer, "schema", SCHEMA);
	json_open_array(&writer, "steps");
	for (size_t i = 0; attempt != NULL && i < attempt->verdict.n_signatures;
	     i++) {
		struct steps steps;

		arena_reset(arena);
		steps_get(&steps, attempt, i);
		put_signature(&writer, &steps, arena);
	}
	json_close_array(&writer);
	json_write_string(&writer, "vouched", explained->vouched);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}
