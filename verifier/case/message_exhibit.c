/* message_exhibit.c - writing exhibits of messages. */
#include "verifier/case/message_exhibit.h"

#include "keysnap/base/base64.h"
#include "keysnap/key/dns_name.h"

#include <stdlib.h>
#include <string.h>

static void
open_line(struct json_writer *writer, GString *out)
{
	json_writer_init(writer, out);
	json_open_object(writer, NULL);
}

static void
close_line(struct json_writer *writer)
{
	json_close_object(writer);
	g_string_append_c(writer->out, '\n');
}

/* Text that came from JSON: UTF-8 without NUL. */
static void
put_text(struct json_writer *writer, const char *name, struct span text)
{
	g_autofree char *copy = span_dup(text);

	json_write_string(writer, name, copy);
}

static void
put_octets(struct json_writer *writer, const char *name, struct span octets)
{
	g_autoptr(GString) text = g_string_new(NULL);

	base64_append(text, octets);
	json_write_string(writer, name, text->str);
}

static void
put_line(GString *out, const char *type, struct span line)
{
	struct json_writer writer;

	open_line(&writer, out);
	put_text(&writer, "line", line);
	json_write_string(&writer, "type", type);
	close_line(&writer);
}

static void
put_list(GString *out, const char *name, const char *type,
    const struct span *list, size_t n)
{
	struct json_writer writer;

	open_line(&writer, out);
	json_open_array(&writer, name);
	for (size_t i = 0; i < n; i++)
		put_text(&writer, NULL, list[i]);
	json_close_array(&writer);
	json_write_string(&writer, "type", type);
	close_line(&writer);
}

static void
put_options(GString *out, const struct message_exhibit *exhibit)
{
	const struct policy *policy = &exhibit->policy;
	struct json_writer writer;

	open_line(&writer, out);
	if (exhibit->has_equivalences)
		json_write_hex(&writer, "equivalences_sha256",
		    (struct span){ exhibit->equivalences, DIGEST_SHA256_SIZE });
	else
		json_write_null(&writer, "equivalences_sha256");
	json_write_integer(&writer, "max_gap_days", policy->max_gap_days);
	json_write_string(&writer, "min_grade", grade_name(policy->min_grade));
	json_write_hex(&writer, "public_suffix_list_sha256",
	    (struct span){ exhibit->suffix_list, DIGEST_SHA256_SIZE });
	json_write_string(
	    &writer, "repairs", repair_scope_name(policy->repairs));
	json_write_string(&writer, "type", "options");
	close_line(&writer);
}

static void
put_message(GString *out, const struct message_exhibit *exhibit)
{
	struct json_writer writer;

	open_line(&writer, out);
	put_octets(&writer, "envelope", exhibit->envelope);
	put_octets(&writer, "octets", exhibit->octets);
	json_write_string(&writer, "type", "message");
	close_line(&writer);
}

static void
put_end(GString *out, const struct crypto *crypto)
{
	struct json_writer writer;
	uint8_t sha256[DIGEST_SHA256_SIZE];

	digest_sha256(
	    crypto, (struct span){ (uint8_t *)out->str, out->len }, sha256);
	open_line(&writer, out);
	json_write_hex(
	    &writer, "sha256", (struct span){ sha256, sizeof(sha256) });
	json_write_string(&writer, "type", "end");
	close_line(&writer);
}

void
message_exhibit_write(GString *out, const struct message_exhibit *exhibit,
    const struct crypto *crypto)
{
	struct json_writer writer;

	open_line(&writer, out);
	json_write_string(&writer, "format", "verifier-exhibit 1");
	json_write_string(&writer, "type", "exhibit");
	close_line(&writer);
	put_line(out, "header", exhibit->header);
	put_line(out, "record", exhibit->record);
	put_options(out, exhibit);
	put_message(out, exhibit);
	for (size_t i = 0; i < exhibit->n_keys; i++) {
		open_line(&writer, out);
		put_text(&writer, "name", exhibit->keys[i].name);
		put_text(&writer, "text", exhibit->keys[i].text);
		json_write_string(&writer, "type", "keys");
		close_line(&writer);
	}
	put_list(out, "names", "absent", exhibit->absent, exhibit->n_absent);
	put_list(out, "steps", "steps", exhibit->steps, exhibit->n_steps);
	put_end(out, crypto);
}

/* ---- names --------------------------------------------------------------- */

static void
add_name(GArray *names, struct arena *arena, struct span text)
{
	struct span name;

	if (text.n > 0 && names->len < MESSAGE_EXHIBIT_NAMES &&
	    dns_name_canonical(arena, text, &name) == DNS_NAME_OK)
		g_array_append_val(names, name);
}

static void
add_names_of(GArray *names, struct arena *arena, const json_t *message)
{
	const json_t *list = json_object_get(message, "signatures");

	for (size_t i = 0; i < json_array_size(list); i++)
		add_name(names, arena,
		    record_get_string(json_array_get(list, i), "key_name"));
}

static int
compare_spans(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

struct span *
message_exhibit_names(const json_t *record, struct arena *arena, size_t *n_out)
{
	g_autoptr(GArray) names =
	    g_array_new(FALSE, FALSE, sizeof(struct span));
	const json_t *embedded = json_object_get(record, "embedded");
	const json_t *others = json_object_get(record, "other_names");
	struct span *list;
	size_t n = 0;

	add_names_of(names, arena, record);
	for (size_t i = 0; i < json_array_size(embedded); i++)
		add_names_of(names, arena, json_array_get(embedded, i));
	for (size_t i = 0; i < json_array_size(others); i++)
		add_name(names, arena,
		    span_from_string(
			json_string_value(json_array_get(others, i))));
	list = arena_alloc_array(arena, names->len + 1, sizeof(*list));
	g_array_sort(names, compare_spans);
	for (guint i = 0; i < names->len; i++) {
		struct span name = g_array_index(names, struct span, i);

		if (n == 0 || !span_equal(list[n - 1], name))
			list[n++] = arena_copy(arena, name);
	}
	*n_out = n;
	return list;
}
