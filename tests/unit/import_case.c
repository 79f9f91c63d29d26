/*
 * import_case.c - run an importer over text, and write down what it says.
 */
#include "tests/unit/import_case.h"
#include "keysnap/base/text.h"

#include <stdio.h>
#include <string.h>

const struct import_options import_case_time = {
	.observed_at = 1577934245, /* 2020-01-02T03:04:05Z */
};
const struct import_options import_case_none = {
	.observed_at = TIMESTAMP_NONE,
	.no_time = true,
};
const struct import_options import_case_nothing = {
	.observed_at = TIMESTAMP_NONE,
};

static void
append_time(GString *out, int64_t at)
{
	char text[TIMESTAMP_SIZE] = "-";

	if (at != TIMESTAMP_NONE)
		timestamp_format(at, text);
	g_string_append_printf(out, " %s", text);
}

static void
append_word(GString *out, const char *label, struct span text)
{
	if (text.n == 0)
		return;
	g_string_append(out, label);
	text_append_terminal(out, text);
}

static void
append_words(GString *out, const char *label, struct entry_texts texts)
{
	for (size_t i = 0; i < texts.n; i++)
		append_word(out, i == 0 ? label : ",", texts.items[i]);
}

/* What most observations have not. */
static void
append_rest(GString *out, const struct entry_observation *o)
{
	append_words(out, " lineage ", o->lineage);
	append_words(out, " flags ", o->vantage.flags);
	append_word(out, " place ", o->vantage.place);
	append_word(out, " server ", o->vantage.server);
	append_word(out, " over ", o->vantage.transport);
	append_word(out, " bailiwick ", o->bailiwick);
	append_word(out, " record ", o->record);
	append_words(out, " warnings ", o->warnings);
	if (o->count > 0)
		g_string_append_printf(out, " count %" PRIu64, o->count);
	if (o->has_serial)
		g_string_append_printf(out, " serial %u", o->serial);
	if (o->item > 0)
		g_string_append_printf(out, " item %" PRIu64, o->item);
	if (o->has_offset)
		g_string_append_printf(out, " offset %" PRIu64, o->offset);
	if (o->has_signer)
		g_string_append_printf(
		    out, " signer %02x%02x", o->signer[0], o->signer[1]);
	if (o->evidence.n > 0)
		g_string_append_printf(out, " evidence %zu", o->evidence.n);
}

static void
take_observation(void *user, const struct entry_observation *o)
{
	static const char *const joined[] = { "exact", "source", "ambiguous" };
	GString *out = user;

	g_string_append_printf(out, "%.*s %s", (int)o->name.n,
	    (const char *)o->name.p, observation_kind_name(o->kind));
	for (size_t i = 0; i < o->n_strings; i++) {
		g_string_append(out, i == 0 ? " [" : "|");
		text_append_terminal(out, o->strings[i]);
	}
	if (o->n_strings > 0)
		g_string_append_printf(out, "] %s", joined[o->joined]);
	append_time(out, o->first);
	append_time(out, o->last);
	g_string_append_printf(out, " %s %s %.*s",
	    timestamp_precision_name(o->precision),
	    observation_time_kind_name(o->time_kind), (int)o->method.n,
	    (const char *)o->method.p);
	if (o->observer.n > 0)
		g_string_append_printf(out, " by %.*s", (int)o->observer.n,
		    (const char *)o->observer.p);
	if (o->ttl >= 0)
		g_string_append_printf(out, " ttl %d", (int)o->ttl);
	for (size_t i = 0; i < o->n_cname; i++)
		g_string_append_printf(out, " > %.*s", (int)o->cname[i].n,
		    (const char *)o->cname[i].p);
	if (o->owner.n > 0)
		g_string_append_printf(out, " owner %.*s", (int)o->owner.n,
		    (const char *)o->owner.p);
	append_rest(out, o);
	g_string_append(out, o->complete ? " complete" : "");
	if (o->line > 0)
		g_string_append_printf(out, " @%d", (int)o->line);
	g_string_append_c(out, '\n');
}

static void
take_bad(void *user, uint64_t line, const char *reason)
{
	g_string_append_printf(user, "bad %d: %s\n", (int)line, reason);
}

static void
take_other(void *user, uint64_t line)
{
	g_string_append_printf(user, "other %d\n", (int)line);
}

static void
take_evidence(void *user, struct span octets, uint8_t sha256_out[32])
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize n = 32;

	g_string_append_printf(user, "evidence of %zu octets\n", octets.n);
	g_checksum_update(sum, octets.p, (gssize)octets.n);
	g_checksum_get_digest(sum, sha256_out, &n);
}

/* Keys whose digest begins with an even octet. */
static bool
knows_key(void *user, const uint8_t sha256[32])
{
	(void)user;
	return sha256[0] % 2 == 0;
}

static void
take_annotation(void *user, const struct entry_annotation *a)
{
	GString *out = user;

	g_string_append_printf(out, "%s %02x%02x",
	    annotation_kind_name(a->kind), a->key[0], a->key[1]);
	append_time(out, a->since);
	g_string_append_printf(out, " %s evidence %zu\n",
	    timestamp_precision_name(a->precision), a->evidence.n);
}

/* What is said of chains is tested where they are made. */
static void
take_record(void *user, const struct ldns_struct_rr *record)
{
	(void)user;
	g_assert_nonnull(record);
}

char *
import_case_run(const struct importer *importer, struct span text,
    const struct import_options *options)
{
	GString *out = g_string_new(NULL);
	const struct import_output output = { out, take_observation, take_bad,
		take_other, take_evidence, knows_key, take_annotation,
		take_record, NULL };
	FILE *stream = text.n == 0
	    ? fopen("/dev/null", "r")
	    : fmemopen((void *)(uintptr_t)text.p, text.n, "r");
	GError *error = NULL;

	g_assert_nonnull(stream);
	if (!importer->read(stream, "case", options, &output, &error)) {
		g_string_append_printf(out, "error: %s\n", error->message);
		g_error_free(error);
	}
	fclose(stream);
	return g_string_free(out, FALSE);
}

void
import_case_check(const struct importer *importer, const char *name,
    struct span text, const struct import_options *options, const char *want)
{
	g_autofree char *got = import_case_run(importer, text, options);

	if (strcmp(got, want) != 0)
		g_test_message("in case \"%s\"", name);
	g_assert_cmpstr(got, ==, want);
}
