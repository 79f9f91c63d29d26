/* auth_case.c - see auth_case.h. */
#include "tests/unit/auth_case.h"

static void
put(GString *out, const char *before, struct span text)
{
	g_string_append(out, before);
	g_string_append_len(out, (const char *)text.p, (gssize)text.n);
}

static void
put_result(GString *out, const struct auth_result *result)
{
	put(out, "|", result->method);
	if (result->version.p != NULL)
		put(out, "/", result->version);
	put(out, "=", result->result);
	if (result->reason.p != NULL) {
		put(out, "(", result->reason);
		g_string_append_c(out, ')');
	}
	for (size_t i = 0; i < result->n_properties; i++) {
		const struct auth_property *one = &result->properties[i];

		put(out, i == 0 ? "{" : ",", one->ptype);
		put(out, ".", one->name);
		put(out, "=", one->value);
	}
	if (result->n_properties > 0)
		g_string_append_c(out, '}');
	if (result->left_out > 0)
		g_string_append_printf(out, "+%zu", result->left_out);
}

char *
auth_case_text(const struct auth_results *results)
{
	GString *out = g_string_new(NULL);

	if (results->instance > 0)
		g_string_append_printf(out, "i=%u;", results->instance);
	put(out, "", results->server);
	if (results->version.p != NULL)
		put(out, "/", results->version);
	for (size_t i = 0; i < results->n; i++)
		put_result(out, &results->results[i]);
	if (results->none)
		g_string_append(out, "|none");
	if (results->left_out > 0)
		g_string_append_printf(out, "|+%zu", results->left_out);
	for (unsigned i = 0; i < AUTH_LIBERTIES; i++) {
		if ((results->liberties & 1u << i) != 0)
			g_string_append_printf(
			    out, " [%s]", auth_liberty_name(i));
	}
	if (results->defect != AUTH_NO_DEFECT)
		g_string_append_printf(out, " !%s@%zu",
		    auth_defect_name(results->defect), results->bad_at);
	return g_string_free(out, FALSE);
}

#define CFWS "\r\n\t (a (\\)b) \";=\r\n c)"

static void
put_quoted(GString *out, struct span value)
{
	g_string_append_c(out, '"');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			g_string_append_c(out, '\\');
		if (value.p[i] == ' ')
			g_string_append(out, "\r\n");
		g_string_append_c(out, (char)value.p[i]);
	}
	g_string_append_c(out, '"');
}

static void
put_property(GString *out, const struct auth_property *property)
{
	put(out, CFWS, property->ptype);
	put(out, CFWS "." CFWS, property->name);
	g_string_append(out, CFWS "=" CFWS);
	put_quoted(out, property->value);
}

char *
auth_case_field(const struct auth_results *results)
{
	GString *out = g_string_new(CFWS);

	if (results->instance > 0)
		g_string_append_printf(out,
		    "i" CFWS "=" CFWS "%u" CFWS ";" CFWS, results->instance);
	put_quoted(out, results->server);
	if (results->version.p != NULL)
		put(out, CFWS, results->version);
	if (results->none)
		g_string_append(out, CFWS ";" CFWS "none");
	for (size_t i = 0; i < results->n; i++) {
		const struct auth_result *result = &results->results[i];

		put(out, CFWS ";" CFWS, result->method);
		if (result->version.p != NULL)
			put(out, CFWS "/" CFWS, result->version);
		put(out, CFWS "=" CFWS, result->result);
		if (result->reason.p != NULL) {
			g_string_append(out, CFWS "reason" CFWS "=" CFWS);
			put_quoted(out, result->reason);
		}
		for (size_t k = 0; k < result->n_properties; k++)
			put_property(out, &result->properties[k]);
	}
	g_string_append(out, CFWS);
	return g_string_free(out, FALSE);
}
