/*
 * cmd_export_csv.c - observations as CSV (RFC 4180), for people and
 * spreadsheets: one row each, those retracted too, and marked.
 */
#include "keysnap/base/digest.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd_entry.h"
#include "keysnap/cmd_export.h"
#include "keysnap/key/public_key.h"
#include "keysnap/store/retraction.h"

static const char head[] =
    "entry,name,kind,txt,joined,type,bits,key_sha256,first_seen,last_seen,"
    "precision,time_kind,method,observer,file,line,count,retracted_by\r\n";

static const char *const joins[] = { "exact", "source", "ambiguous" };

/* A field that was made safe: no control characters, no formula. */
static void
append(GString *out, struct span text)
{
	g_autoptr(GString) safe = g_string_new(NULL);

	text_append_terminal(safe, text);
	text_append_csv(
	    out, (struct span){ (const uint8_t *)safe->str, safe->len });
	g_string_append_c(out, ',');
}

static void
append_number(GString *out, uint64_t number)
{
	if (number > 0)
		g_string_append_printf(out, "%" PRIu64, number);
	g_string_append_c(out, ',');
}

static void
append_time(GString *out, int64_t at, enum timestamp_precision precision)
{
	if (at != TIMESTAMP_NONE)
		command_append_time(out, at, precision);
	g_string_append_c(out, ',');
}

/* Strings that are exact in quotes, anything else without. */
static void
append_txt(GString *out, const struct entry_observation *observation)
{
	bool exact = observation->joined == JOIN_EXACT;
	g_autoptr(GString) text = g_string_new(NULL);

	for (size_t i = 0; i < observation->n_strings; i++) {
		if (exact && i > 0)
			g_string_append_c(text, ' ');
		export_append_string(text, observation->strings[i], exact);
	}
	append(out, (struct span){ (const uint8_t *)text->str, text->len });
}

/* type, bits, key_sha256 */
static void
append_key(GString *out, const struct crypto *crypto,
    const struct entry_observation *observation)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct key_record record;
	struct public_key key;
	char hex[DIGEST_HEX_SIZE];

	if (observation->kind == OBSERVATION_NXDOMAIN ||
	    observation->kind == OBSERVATION_NODATA) {
		g_string_append(out, ",,,");
		return;
	}
	key_record_parse(&record, arena, entry_joined(arena, observation));
	if (record.revoked || (record.defects & KEY_RECORD_FATAL) != 0) {
		g_string_append(
		    out, record.revoked ? "revoked,,," : "malformed,,,");
		return;
	}
	public_key_parse(&key, arena, crypto, &record);
	if (key.status == PUBLIC_KEY_MALFORMED ||
	    key.status == PUBLIC_KEY_WRONG_ALGORITHM ||
	    key.status == PUBLIC_KEY_BAD_LENGTH) {
		g_string_append_printf(
		    out, "%s,,,", public_key_status_name(key.status));
		return;
	}
	digest_to_hex((struct span){ key.sha256, 32 }, hex);
	g_string_append_printf(
	    out, "%s,%u,%s,", key_type_name(key.type), key.bits, hex);
}

static void
append_source(struct exporting *exporting, const struct entry_observation *of)
{
	const struct entry_source *source =
	    view_source(exporting->view, of->source);
	struct span none = { NULL, 0 };

	append(exporting->out, of->method);
	append(exporting->out,
	    of->observer.n > 0   ? of->observer
		: source != NULL ? source->observer
				 : none);
	append(exporting->out, source != NULL ? source->file : none);
	append_number(exporting->out, of->line);
	append_number(exporting->out, of->count);
}

static void
export_csv_entry(
    struct exporting *exporting, uint64_t number, const struct entry *entry)
{
	const struct entry_observation *observation = &entry->observation;
	GString *out = exporting->out;
	uint64_t by;

	if (entry->type != ENTRY_OBSERVATION) {
		exporting->others +=
		    entry->type != ENTRY_STORE && entry->type != ENTRY_SOURCE;
		return;
	}
	g_string_append_printf(out, "%" PRIu64 ",", number);
	append(out, observation->name);
	g_string_append_printf(
	    out, "%s,", observation_kind_name(observation->kind));
	append_txt(out, observation);
	g_string_append_printf(out, "%s,",
	    observation->kind == OBSERVATION_PRESENT
		? joins[observation->joined]
		: "");
	append_key(out, view_crypto(exporting->view), observation);
	append_time(out, observation->first, observation->precision);
	append_time(out, observation->last, observation->precision);
	g_string_append_printf(out, "%s,%s,",
	    observation->first == TIMESTAMP_NONE
		? ""
		: timestamp_precision_name(observation->precision),
	    observation_time_kind_name(observation->time_kind));
	append_source(exporting, observation);
	if (retractions_has(exporting->retractions, number, entry, &by))
		g_string_append_printf(out, "%" PRIu64, by);
	g_string_append(out, "\r\n");
}

static void
begin_csv(struct exporting *exporting)
{
	g_string_append(exporting->out, head);
}

const struct export_format export_csv = {
	.name = "csv", .begin = begin_csv, .entry = export_csv_entry
};
