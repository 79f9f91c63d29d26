/* fuzz_auth_results.c - any octets as a field of results; the first says which
 * of the two.  What is read without liberties reads the same when it is written
 * anew. */
#include "verifier/message/auth_results.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
quote(GString *out, const char *before, struct span text)
{
	g_string_append_printf(out, "%s\"", before);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, (char)text.p[i]);
	}
	g_string_append_c(out, '"');
}

static void
put(GString *out, const char *before, struct span text)
{
	g_string_append(out, before);
	g_string_append_len(out, (const char *)text.p, (gssize)text.n);
}

static void
put_result(GString *out, const struct auth_result *result)
{
	put(out, ";", result->method);
	if (result->version.p != NULL)
		put(out, "/", result->version);
	put(out, "=", result->result);
	if (result->reason.p != NULL)
		quote(out, " reason=", result->reason);
	for (size_t i = 0; i < result->n_properties; i++) {
		put(out, " ", result->properties[i].ptype);
		put(out, ".", result->properties[i].name);
		quote(out, "=", result->properties[i].value);
	}
}

static GString *
write_field(const struct auth_results *results)
{
	GString *out = g_string_new(NULL);

	if (results->instance > 0)
		g_string_append_printf(out, "i=%u;", results->instance);
	quote(out, "", results->server);
	if (results->version.p != NULL)
		put(out, " ", results->version);
	if (results->none)
		g_string_append(out, ";none");
	for (size_t i = 0; i < results->n; i++)
		put_result(out, &results->results[i]);
	return out;
}

/* What the parser promises of any text. */
static void
check(const struct auth_results *results, struct span value)
{
	size_t properties = 0;

	g_assert(results->bad_at <= value.n);
	g_assert(results->n <= AUTH_RESULTS_MAX && results->instance < 100);
	for (size_t i = 0; i < results->n; i++) {
		const struct auth_result *result = &results->results[i];

		g_assert(result->method.n > 0);
		g_assert(
		    result->method.p + result->method.n <= value.p + value.n);
		g_assert(result->n_properties <= AUTH_PROPERTIES_MAX);
		properties += result->n_properties;
		for (size_t k = 0; k < result->n_properties; k++) {
			const struct auth_property *one =
			    &result->properties[k];

			g_assert(one->name.n > 0);
			g_assert(one->value.n <= AUTH_WORD_MAX * 2 + 1);
		}
	}
	g_assert(results->n + properties <= value.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span value = span_from((struct span){ data, size }, 1);
	bool arc = size > 0 && (data[0] & 1) != 0;
	struct auth_results results, again;
	GString *one, *two;

	if (size == 0)
		return 0;
	auth_results_parse(&results, arena, value, arc);
	check(&results, value);
	if (results.defect != AUTH_NO_DEFECT || results.left_out > 0 ||
	    (results.liberties & ~(unsigned)AUTH_ODD_VALUE) != 0)
		return 0;
	one = write_field(&results);
	auth_results_parse(&again, arena,
	    (struct span){ (const uint8_t *)one->str, one->len }, arc);
	/* Quotes and escapes can make a word too long. */
	if (again.defect != AUTH_LONG_WORD) {
		two = write_field(&again);
		g_assert(g_string_equal(one, two));
		g_string_free(two, TRUE);
	}
	g_string_free(one, TRUE);
	return 0;
}
