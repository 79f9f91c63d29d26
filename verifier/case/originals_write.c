/* originals_write.c - what was found, for people and as JSON lines. */
#include "verifier/case/originals_plan.h"

#include "keysnap/base/text.h"
#include "verifier/report/person_signed.h"

static bool
is_found(const struct copy *copy)
{
	return copy->record != NULL || copy->bodies != NULL ||
	    copy->lengths != NULL || copy_has_parts(copy);
}

static const json_t *
get_signature(const json_t *signatures, size_t i)
{
	return json_array_get(signatures, i);
}

static void
write_lengths(GString *out, const json_t *lengths)
{
	const json_t *one;
	size_t i;

	json_array_foreach(lengths, i, one)
	{
		g_string_append(out, "  the signed body had at least ");
		text_append_terminal(out, record_get_string(one, "l"));
		g_string_append_printf(out,
		    " octets: l= of signature %" JSON_INTEGER_FORMAT "\n",
		    json_integer_value(json_object_get(one, "signature")) + 1);
	}
}

static void
write_person(GString *out, const struct copy *copy)
{
	const json_t *signatures = json_object_get(copy->record, "signatures");

	g_string_append_printf(out, "%" G_GUINT64_FORMAT "  ", copy->seq);
	text_append_terminal(out, span_from_string(copy->path));
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < json_array_size(signatures); i++)
		person_append_signed(out, get_signature(signatures, i));
	for (guint i = 0; copy->bodies != NULL && i < copy->bodies->len; i++) {
		const struct body_found *body =
		    &g_array_index(copy->bodies, struct body_found, i);

		g_string_append_printf(out,
		    "  the signed body is that of record %" G_GUINT64_FORMAT
		    ": it has the hash in bh= of signature %zu\n",
		    body->record, body->signature + 1);
	}
	write_lengths(out, copy->lengths);
	if (copy_has_parts(copy))
		same_parts_write_person(out, copy->group->same, copy->parts);
}

static void
write_bodies(struct json_writer *writer, const GArray *bodies)
{
	json_open_array(writer, "bodies");
	for (guint i = 0; bodies != NULL && i < bodies->len; i++) {
		const struct body_found *body =
		    &g_array_index(bodies, struct body_found, i);

		json_open_object(writer, NULL);
		json_write_integer(writer, "record", (int64_t)body->record);
		json_write_integer(
		    writer, "signature", (int64_t)body->signature);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void
write_headers(struct json_writer *writer, const json_t *record)
{
	const json_t *signatures = json_object_get(record, "signatures");

	json_open_array(writer, "headers");
	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const json_t *fields = json_object_get(
		    get_signature(signatures, i), "signed_fields");

		if (fields == NULL)
			continue;
		json_open_object(writer, NULL);
		json_write_integer(writer, "signature", (int64_t)i);
		json_write_value(writer, "signed_fields", fields);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void
write_json(GString *out, const struct copy *copy)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	write_bodies(&writer, copy->bodies);
	write_headers(&writer, copy->record);
	if (copy->lengths != NULL)
		json_write_value(&writer, "lengths", copy->lengths);
	if (copy_has_parts(copy))
		same_parts_write_json(&writer, copy->group->same, copy->parts);
	json_write_text(
	    &writer, "path", "path_b64", span_from_string(copy->path));
	json_write_string(&writer, "schema", "verifier-originals/1");
	json_write_integer(&writer, "seq", (int64_t)copy->seq);
	json_write_string(&writer, "sha256", copy->sha256);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

void
originals_write(const struct originals *originals, GString *out, bool json)
{
	const GPtrArray *copies = originals_get_plan(originals)->copies;

	for (guint i = 0; i < copies->len; i++) {
		const struct copy *copy = g_ptr_array_index(copies, i);

		if (is_found(copy))
			(json ? write_json : write_person)(out, copy);
	}
}
