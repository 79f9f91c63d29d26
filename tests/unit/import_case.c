/*
 * import_case.c - run an importer over text, and write down what it says.
 */
#include "tests/unit/import_case.h"
#include "keysnap/base/text.h"

#include <stdio.h>

static void
append_time(GString *out, int64_t at)
{
	char text[TIMESTAMP_SIZE] = "-";

	if (at != TIMESTAMP_NONE)
		timestamp_format(at, text);
	g_string_append_printf(out, " %s", text);
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
	g_string_append_printf(
	    out, "%s @%d\n", o->complete ? " complete" : "", (int)o->line);
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

char *
import_case_run(const struct importer *importer, struct span text,
    const struct import_options *options)
{
	GString *out = g_string_new(NULL);
	const struct import_output output = { out, take_observation, take_bad,
		take_other };
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
