/*
 * cmd_export_keys.c - the records of each name as files of other tools: master
 * files (RFC 1035 section 5.1), key files of OpenDKIM, the DNS cache of
 * mailauth.  These hold names and records, and nothing of how they are known.
 */
#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd_export.h"

#include <stdlib.h>
#include <string.h>

#define STRING_MAX 255 /* octets of a character-string, RFC 1035 3.3 */

static int64_t
last_of(const struct export_record *record)
{
	return record->observation->last == TIMESTAMP_NONE
	    ? INT64_MIN
	    : record->observation->last;
}

/* The latest seen first, then the one that was added last. */
static int
compare_records(const void *a, const void *b)
{
	const struct export_record *x = a, *y = b;
	int64_t i = last_of(x), j = last_of(y);

	if (i != j)
		return i < j ? 1 : -1;
	return (x->number < y->number) - (x->number > y->number);
}

static bool
is_same(const struct entry_observation *a, const struct entry_observation *b)
{
	if (a->n_strings != b->n_strings)
		return false;
	for (size_t i = 0; i < a->n_strings; i++) {
		if (!span_equal(a->strings[i], b->strings[i]))
			return false;
	}
	return true;
}

static bool
has_record(const GArray *records, const struct entry_observation *observation)
{
	for (guint i = 0; i < records->len; i++) {
		if (is_same(g_array_index(records, struct export_record, i)
				.observation,
			observation))
			return true;
	}
	return false;
}

/* The records of a name, one for all observations of the same strings. */
static bool
collect(struct exporting *exporting, struct arena *arena,
    const struct view_name *name, GArray *records, GError **error)
{
	for (guint i = 0; i < name->numbers->len; i++) {
		uint64_t number = g_array_index(name->numbers, uint64_t, i);
		struct entry *entry = arena_alloc(arena, sizeof(*entry));
		struct export_record record;

		if (!view_get(exporting->view, arena, number, entry, error))
			return false;
		if (entry->type != ENTRY_OBSERVATION ||
		    entry->observation.kind != OBSERVATION_PRESENT) {
			exporting->others++;
			continue;
		}
		if (export_is_retracted(exporting, number, entry))
			continue;
		record.observation = &entry->observation;
		record.number = number;
		record.text = entry_joined(arena, &entry->observation);
		g_array_append_val(records, record);
	}
	return true;
}

/* Sort, and keep the first of those that are the same. */
static void
make_set(GArray *records)
{
	g_autoptr(GArray) kept =
	    g_array_new(FALSE, FALSE, sizeof(struct export_record));

	g_array_sort(records, compare_records);
	for (guint i = 0; i < records->len; i++) {
		struct export_record *record =
		    &g_array_index(records, struct export_record, i);

		if (!has_record(kept, record->observation))
			g_array_append_val(kept, *record);
	}
	g_array_set_size(records, 0);
	g_array_append_vals(records, kept->data, kept->len);
}

static void
drop_unfit(struct exporting *exporting, const struct export_keys *keys,
    GArray *records)
{
	for (guint i = records->len; i-- > 0;) {
		if (keys->fits(
			&g_array_index(records, struct export_record, i)))
			continue;
		exporting->unfit++;
		g_array_remove_index(records, i);
	}
}

static bool
export_name(struct exporting *exporting, const struct export_keys *keys,
    const struct view_name *name, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GArray) records =
	    g_array_new(FALSE, FALSE, sizeof(struct export_record));

	if (!collect(exporting, arena, name, records, error))
		return false;
	make_set(records);
	drop_unfit(exporting, keys, records);
	if (records->len > 0)
		keys->name(exporting, name->name,
		    (const struct export_record *)(void *)records->data,
		    records->len);
	command_print(exporting->out);
	return true;
}

bool
export_each_name(
    struct exporting *exporting, const struct export_keys *keys, GError **error)
{
	g_autoptr(GPtrArray) names =
	    view_names(exporting->view, (struct span){ NULL, 0 }, error);

	if (names == NULL)
		return false;
	if (keys->head != NULL)
		g_string_append(exporting->out, keys->head);
	for (guint i = 0; i < names->len; i++) {
		if (!export_name(exporting, keys, names->pdata[i], error))
			return false;
	}
	if (keys->tail != NULL)
		g_string_append(exporting->out, keys->tail);
	command_print(exporting->out);
	return true;
}

void
export_append_string(GString *out, struct span string, bool quotes)
{
	if (quotes)
		g_string_append_c(out, '"');
	for (size_t i = 0; i < string.n; i++) {
		uint8_t octet = string.p[i];

		if (octet == '"' || octet == '\\')
			g_string_append_c(out, '\\');
		if (octet < 0x20 || octet > 0x7e)
			g_string_append_printf(out, "\\%03u", octet);
		else
			g_string_append_c(out, (char)octet);
	}
	if (quotes)
		g_string_append_c(out, '"');
}

/* Call "each" for the character-strings.  What a source had joined past the
 * 255 octets of one is cut there, as any server would. */
static void
each_string(const struct export_record *record, GString *out,
    void (*each)(GString *out, struct span string, bool first))
{
	const struct entry_observation *observation = record->observation;
	bool first = true;

	for (size_t i = 0; i < observation->n_strings; i++) {
		struct span rest = observation->strings[i];

		do {
			each(out, span_sub(rest, 0, MIN(rest.n, STRING_MAX)),
			    first);
			rest = span_from(rest, STRING_MAX);
			first = false;
		} while (rest.n > 0);
	}
}

static bool
fits_always(const struct export_record *record)
{
	(void)record;
	return true;
}

static void
append_zone_string(GString *out, struct span string, bool first)
{
	(void)first;
	g_string_append_c(out, ' ');
	export_append_string(out, string, true);
}

/* No TTL: what was seen of it is not what a new zone should say. */
static void
export_zone_name(struct exporting *exporting, struct span name,
    const struct export_record *records, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_string_append_printf(exporting->out, "%.*s. IN TXT",
		    (int)name.n, (const char *)name.p);
		each_string(&records[i], exporting->out, append_zone_string);
		g_string_append_c(exporting->out, '\n');
	}
}

/* The record is the rest of a line as it is. */
static bool
fits_line(const struct export_record *record)
{
	struct span text = record->text, word;
	size_t n = 0;

	if (text.n == 0 || text.p[0] == '"' ||
	    rfc5234_is(text.p[0], RFC5234_WSP) ||
	    rfc5234_is(text.p[text.n - 1], RFC5234_WSP) ||
	    memchr(text.p, '\n', text.n) != NULL ||
	    memchr(text.p, '\r', text.n) != NULL ||
	    memchr(text.p, '\0', text.n) != NULL)
		return false;
	/* "name TXT" would be taken for a master file. */
	while (n < text.n && !rfc5234_is(text.p[n], RFC5234_WSP))
		n++;
	word = span_sub(text, 0, n);
	return !span_equal_nocase(word, SPAN("IN")) &&
	    !span_equal_nocase(word, SPAN("TXT"));
}

static void
export_opendkim_name(struct exporting *exporting, struct span name,
    const struct export_record *records, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_string_append_printf(
		    exporting->out, "%.*s ", (int)name.n, (const char *)name.p);
		g_string_append_len(exporting->out,
		    (const char *)records[i].text.p, (gssize)records[i].text.n);
		g_string_append_c(exporting->out, '\n');
	}
}

/* JSON holds text: every string must be UTF-8 on its own. */
static void
check_utf8(GString *out, struct span string, bool first)
{
	(void)first;
	if (!text_is_utf8(string))
		g_string_append_c(out, 'x');
}

static bool
fits_json(const struct export_record *record)
{
	g_autoptr(GString) bad = g_string_new(NULL);

	each_string(record, bad, check_utf8);
	return bad->len == 0;
}

static void
append_json_string(GString *out, struct span string, bool first)
{
	struct json_writer writer;

	if (!first)
		g_string_append_c(out, ',');
	json_writer_init(&writer, out);
	json_write_text(&writer, NULL, NULL, string);
}

/* After the "{" of the head comes no comma. */
static void
export_mailauth_name(struct exporting *exporting, struct span name,
    const struct export_record *records, size_t n)
{
	g_string_append_printf(exporting->out, "%s\n\"%.*s\":{\"TXT\":[",
	    exporting->names > 0 ? "," : "", (int)name.n, (const char *)name.p);
	exporting->names++;
	for (size_t i = 0; i < n; i++) {
		g_string_append(exporting->out, i > 0 ? ",[" : "[");
		each_string(&records[i], exporting->out, append_json_string);
		g_string_append_c(exporting->out, ']');
	}
	g_string_append(exporting->out, "]}");
}

static const struct export_keys zone_keys = {
	.fits = fits_always,
	.name = export_zone_name,
	.head = "; DKIM keys, without times, sources and TTLs\n",
};
const struct export_format export_zone = { .name = "zone", .keys = &zone_keys };

static const struct export_keys opendkim_keys = {
	.fits = fits_line,
	.name = export_opendkim_name,
	.head = "# DKIM keys, the latest seen of a name first\n",
};
const struct export_format export_opendkim = { .name = "opendkim",
	.keys = &opendkim_keys };

static const struct export_keys mailauth_keys = {
	.fits = fits_json,
	.name = export_mailauth_name,
	.head = "{",
	.tail = "\n}\n",
};
const struct export_format export_mailauth = { .name = "mailauth",
	.keys = &mailauth_keys };
