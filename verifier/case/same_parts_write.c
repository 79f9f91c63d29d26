/*
 * same_parts_write.c - parts that are the same in other messages, for people
 * and as JSON.
 *
 * The wording stands here, and nowhere else: what is the same is said of what
 * is stored now, never of what was signed.  Text from mail is escaped.
 */
#include "verifier/case/same_parts.h"

#include "keysnap/base/text.h"

#define SHOWN_MAX 20 /* parts that people see */

#define NOT_SHOWN                                                             \
	"  note: that parts are the same now does not show what the body of " \
	"this message was when it was signed.\n"

#define INEXACT "it, but not each octet of its content,"

#define REPAIRED_ONLY                                                         \
	", whose signature holds after repairs only, so that it is not said " \
	"what it covers"

/* ---- for people ---------------------------------------------------------- */

/* '  part 2 (application/pdf, "a.pdf", 7 octets)' */
static void
put_part(GString *out, const struct part_seen *part)
{
	if (part->of->multipart)
		g_string_append_printf(out, "  part %zu (", part->number + 1);
	else
		g_string_append(out, "  the whole body (");
	if (part->place.type.p != NULL)
		text_append_terminal(out, part->place.type);
	else
		g_string_append(out, "no type");
	if (part->name.p != NULL) {
		g_string_append(out, ", \"");
		text_append_terminal(out, part->name);
		g_string_append_c(out, '"');
	}
	g_string_append_printf(
	    out, ", %" G_GUINT64_FORMAT " octets)", part->content.size);
}

/* Whose signature covers "other" in its own message. */
static void
put_signers(GString *out, const struct part_seen *other)
{
	const struct parts_seen *of = other->of;
	size_t n = 0;

	for (size_t i = 0; i < of->n_signers; i++) {
		const struct part_signer *signer = &of->signers[i];
		enum signed_share share =
		    signed_share_of(&other->place, signer->signed_end);

		if (share == SHARE_NONE)
			continue;
		g_string_append(
		    out, n++ == 0 ? ", whose signature by " : ", and one by ");
		text_append_terminal(out, signer->domain);
		g_string_append_printf(out, " (%s) covers %s there",
		    verdict_row(signer->verdict)->code,
		    share != SHARE_ALL                 ? "a part of it"
			: same_is_exact(other, signer) ? "it"
						       : INEXACT);
	}
	if (n == 0)
		g_string_append(out,
		    of->repaired ? REPAIRED_ONLY
				 : ", where no signature that passes covers "
				   "it");
}

static void
put_same(
    GString *out, const struct part_seen *part, const struct part_seen *other)
{
	bool clean = part->content.decode == PART_CLEAN &&
	    other->content.decode == PART_CLEAN;

	put_part(out, part);
	g_string_append(out,
	    same_as_stored(part, other)
		? " is the same, octet for octet, as "
		: " has, decoded, the same content as ");
	if (other->of->multipart)
		g_string_append_printf(out, "part %zu", other->number + 1);
	else
		g_string_append(out, "the whole body");
	g_string_append_printf(out, " of record %" G_GUINT64_FORMAT " (%s)",
	    other->of->record, verdict_row(other->of->verdict)->code);
	put_signers(out, other);
	if (!clean)
		g_string_append(out,
		    " (encoding damaged or unknown: other programs may decode "
		    "it otherwise)");
	g_string_append_c(out, '\n');
}

static void
put_all_same(
    GString *out, const struct same_parts *same, const struct part_seen *part)
{
	const struct part_seen *other = NULL;
	size_t n = 0;

	while ((other = same_parts_next(same, part, other)) != NULL) {
		if (n++ < SAME_SHOWN_MAX)
			put_same(out, part, other);
	}
	if (n > SAME_SHOWN_MAX)
		g_string_append_printf(
		    out, "    and in %zu more messages\n", n - SAME_SHOWN_MAX);
}

void
same_parts_write_person(
    GString *out, const struct same_parts *same, const struct parts_seen *parts)
{
	size_t shared = 0;

	for (size_t i = 0; i < parts->n; i++) {
		const struct part_seen *part = &parts->list[i];

		if (same_parts_next(same, part, NULL) != NULL &&
		    shared++ < SHOWN_MAX)
			put_all_same(out, same, part);
	}
	if (shared > SHOWN_MAX)
		g_string_append_printf(out,
		    "  and %zu more parts are in other messages\n",
		    shared - SHOWN_MAX);
	if (shared < parts->n)
		g_string_append_printf(out,
		    "  %zu of its parts %s in none of the other messages, as "
		    "far as they were compared\n",
		    parts->n - shared, parts->n - shared == 1 ? "is" : "are");
	if (parts->left_out > 0 || parts->cut)
		g_string_append_printf(out,
		    "  not all of its parts were compared: %zu were left "
		    "out\n",
		    parts->left_out);
	g_string_append(out, NOT_SHOWN);
}

/* ---- for machines -------------------------------------------------------- */

static void
write_signers(struct json_writer *writer, const struct part_seen *other)
{
	json_open_array(writer, "signatures");
	for (size_t i = 0; i < other->of->n_signers; i++) {
		const struct part_signer *signer = &other->of->signers[i];
		enum signed_share share =
		    signed_share_of(&other->place, signer->signed_end);

		if (share == SHARE_NONE)
			continue;
		json_open_object(writer, NULL);
		json_write_text(writer, "d", "d_b64", signer->domain);
		json_write_bool(writer, "exact", same_is_exact(other, signer));
		json_write_integer(
		    writer, "signature", (int64_t)signer->signature);
		json_write_string(writer, "signed", signed_share_name(share));
		json_write_string(
		    writer, "verdict", verdict_row(signer->verdict)->code);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void
write_same(struct json_writer *writer, const struct part_seen *part,
    const struct part_seen *other)
{
	json_open_object(writer, NULL);
	json_write_bool(writer, "as_stored", same_as_stored(part, other));
	json_write_string(
	    writer, "decode", part_decode_name(other->content.decode));
	json_write_integer(writer, "part", (int64_t)other->number);
	json_write_integer(writer, "record", (int64_t)other->of->record);
	if (other->of->repaired)
		json_write_bool(writer, "repaired", true);
	write_signers(writer, other);
	json_write_string(
	    writer, "verdict", verdict_row(other->of->verdict)->code);
	json_close_object(writer);
}

static void
write_text(struct json_writer *writer, const char *name, const char *name_b64,
    struct span text)
{
	if (text.p == NULL)
		json_write_null(writer, name);
	else
		json_write_text(writer, name, name_b64, text);
}

static void
write_part(struct json_writer *writer, const struct same_parts *same,
    const struct part_seen *part)
{
	const struct part_seen *other = NULL;
	size_t n = 0;

	json_open_object(writer, NULL);
	json_write_string(
	    writer, "decode", part_decode_name(part->content.decode));
	json_write_integer(writer, "length", (int64_t)part->place.n);
	write_text(writer, "name", "name_b64", part->name);
	json_write_integer(writer, "offset", (int64_t)part->place.at);
	json_write_integer(writer, "part", (int64_t)part->number);
	json_open_array(writer, "same");
	while ((other = same_parts_next(same, part, other)) != NULL) {
		if (n++ < SAME_SHOWN_MAX)
			write_same(writer, part, other);
	}
	json_close_array(writer);
	if (n > SAME_SHOWN_MAX)
		json_write_integer(
		    writer, "same_left_out", (int64_t)(n - SAME_SHOWN_MAX));
	json_write_hex(writer, "sha256", part->key);
	json_write_integer(writer, "size", (int64_t)part->content.size);
	write_text(writer, "type", "type_b64", part->place.type);
	json_close_object(writer);
}

void
same_parts_write_json(struct json_writer *writer, const struct same_parts *same,
    const struct parts_seen *parts)
{
	json_open_array(writer, "parts");
	for (size_t i = 0; i < parts->n; i++) {
		if (same_parts_next(same, &parts->list[i], NULL) != NULL)
			write_part(writer, same, &parts->list[i]);
	}
	json_close_array(writer);
	if (parts->cut)
		json_write_bool(writer, "parts_cut", true);
	if (parts->left_out > 0)
		json_write_integer(
		    writer, "parts_left_out", (int64_t)parts->left_out);
	json_write_integer(writer, "parts_total", (int64_t)parts->total);
}
