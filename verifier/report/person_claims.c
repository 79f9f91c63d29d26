/* person_claims.c - see person_claims.h.  What came with the mail is escaped
 * for terminals. */
#include "verifier/report/person_claims.h"

#include "keysnap/base/text.h"
#include "verifier/report/person_kinds.h"

#include <inttypes.h>

#define HEADING \
	"claims in the message (unverified: anybody could have written them)"
#define SHOWN_MAX 20 /* properties of a result that are shown */

static void
put_text(GString *out, struct span text)
{
	text_append_terminal(out, text);
}

static json_int_t
get_integer(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* The sentence of a reason of ours, or its code where it is of a later
 * version. */
static void
put_why(GString *out, struct span code)
{
	for (int i = AUTH_WHY_NONE + 1; i < AUTH_WHYS; i++) {
		const struct auth_why_row *row = auth_why_row((enum auth_why)i);

		if (span_equal(code, span_from_string(row->code))) {
			g_string_append(out, row->text);
			return;
		}
	}
	put_text(out, code);
}

/* ---- in one line ----------------------------------------------------------- */

static size_t
count_agreement(const json_t *claims, struct span agreement)
{
	const json_t *claim, *result;
	size_t i, k, n = 0;

	json_array_foreach(claims, i, claim)
	{
		const json_t *results = json_object_get(claim, "results");

		json_array_foreach(results, k, result) n += span_equal(
		    record_get_string(result, "agreement"), agreement);
	}
	return n;
}

static void
put_summary(
    GString *out, const char *before, const json_t *claims, json_int_t left_out)
{
	static const struct {
		struct span agreement;
		const char *words;
	} shown[] = {
		{ SPAN("agrees"), "agreeing" },
		{ SPAN("differs"), "differing" },
		{ SPAN("not-comparable"), "not comparable" },
		{ SPAN("no-such-signature"), "about no signature here" },
	};
	size_t fields = json_array_size(claims);

	g_string_append_printf(out, "%s" HEADING ": %zu field%s", before,
	    fields, fields == 1 ? "" : "s");
	for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
		size_t n = count_agreement(claims, shown[i].agreement);

		if (n > 0)
			g_string_append_printf(
			    out, ", %zu %s", n, shown[i].words);
	}
	if (left_out > 0)
		g_string_append_printf(out,
		    ", and %" JSON_INTEGER_FORMAT " fields left out", left_out);
	g_string_append_c(out, '\n');
}

/* ---- each of them ---------------------------------------------------------- */

static const json_t *
get_signature(const json_t *record, const json_t *place)
{
	return json_array_get(json_object_get(record, "signatures"),
	    (size_t)json_integer_value(place));
}

/* "signature 1 of a.example", by its place in the record */
static void
put_signature(GString *out, const json_t *record, const json_t *place)
{
	const json_t *signature = get_signature(record, place);
	struct span number = record_get_string(signature, "i");

	if (signature == NULL) {
		g_string_append(out, "a signature that is not in the record");
		return;
	}
	g_string_append_printf(out, "%s ", person_kind_name(signature));
	if (person_kind_decides(signature))
		g_string_append_printf(out, "%" JSON_INTEGER_FORMAT,
		    get_integer(signature, "index") + 1);
	else
		put_text(out, number);
	g_string_append(out, " of ");
	put_text(out, record_get_string(signature, "domain"));
}

static void
put_domain(GString *out, const json_t *record, const json_t *place)
{
	const json_t *signature = get_signature(record, place);

	put_text(out, record_get_string(signature, "domain"));
}

static void
put_signatures(GString *out, const json_t *record, const json_t *places)
{
	const json_t *place;
	size_t i;

	json_array_foreach(places, i, place)
	{
		g_string_append(out, i == 0 ? "" : ", ");
		put_signature(out, record, place);
	}
}

static void
put_cover(GString *out, const json_t *record, const json_t *claim)
{
	const json_t *covered = json_object_get(claim, "covered_by");
	const json_t *seal = json_object_get(claim, "seal");

	g_string_append(out, "      ");
	if (json_array_size(covered) == 0 && !json_is_integer(seal)) {
		g_string_append(
		    out, "no signature that passes covers this field\n");
		return;
	}
	if (json_array_size(covered) > 0) {
		g_string_append(out, "signed: covered by ");
		put_signatures(out, record, covered);
	}
	if (json_is_integer(seal)) {
		g_string_append(out,
		    json_array_size(covered) > 0 ? "; sealed by "
						 : "sealed by ");
		put_signature(out, record, seal);
		g_string_append(out, " (the chain passes): a claim of ");
		put_domain(out, record, seal);
	}
	g_string_append_c(out, '\n');
}

static void
put_properties(GString *out, const json_t *result)
{
	const json_t *properties = json_object_get(result, "properties");
	const json_t *left_out = json_object_get(result, "properties_left_out");
	size_t n = json_array_size(properties);

	for (size_t i = 0; i < MIN(n, SHOWN_MAX); i++) {
		const json_t *one = json_array_get(properties, i);
		struct span ptype = record_get_string(one, "ptype");

		g_string_append_c(out, ' ');
		put_text(out, ptype);
		g_string_append(out, ptype.p != NULL ? "." : "");
		put_text(out, record_get_string(one, "name"));
		g_string_append_c(out, '=');
		put_text(out, record_get_string(one, "value"));
	}
	if (n > SHOWN_MAX || json_is_integer(left_out))
		g_string_append_printf(out,
		    " and %" JSON_INTEGER_FORMAT " more",
		    (json_int_t)(n - MIN(n, SHOWN_MAX)) +
			json_integer_value(left_out));
}

/* '      dkim=pass header.d=a.example: agrees (the same result): signature 1 of
 * a.example' */
static void
put_result(GString *out, const json_t *record, const json_t *result)
{
	struct span agreement = record_get_string(result, "agreement");
	struct span reason = record_get_string(result, "reason");
	const json_t *places = json_object_get(result, "signatures");

	g_string_append(out, "      ");
	put_text(out, record_get_string(result, "method"));
	g_string_append_c(out, '=');
	put_text(out, record_get_string(result, "result"));
	put_properties(out, result);
	if (reason.p != NULL) {
		g_string_append(out, " reason=\"");
		put_text(out, reason);
		g_string_append_c(out, '"');
	}
	g_string_append(out, "\n        -> ");
	if (agreement.p == NULL) {
		g_string_append(out, "not checked here\n");
		return;
	}
	put_text(out, agreement);
	g_string_append(out, ": ");
	put_why(out, record_get_string(result, "why"));
	if (json_array_size(places) > 0) {
		g_string_append(out, " (");
		put_signatures(out, record, places);
		g_string_append_c(out, ')');
	}
	g_string_append_c(out, '\n');
}

static void
put_title(GString *out, const json_t *claim)
{
	struct span server = record_get_string(claim, "server");
	struct span kind = record_get_string(claim, "kind");

	g_string_append_printf(out, "    field %" JSON_INTEGER_FORMAT ", %s",
	    get_integer(claim, "place") + 1,
	    span_equal(kind, SPAN("arc-authentication-results"))
		? "ARC-Authentication-Results"
		: "Authentication-Results");
	if (json_is_integer(json_object_get(claim, "instance")))
		g_string_append_printf(out, " %" JSON_INTEGER_FORMAT,
		    get_integer(claim, "instance"));
	g_string_append(
	    out, server.p != NULL ? ", in the name of " : ", in nobody's name");
	put_text(out, server);
	g_string_append_c(out, '\n');
}

static void
put_end(GString *out, const json_t *claim)
{
	const json_t *left_out = json_object_get(claim, "results_left_out");
	struct span defect = record_get_string(claim, "defect");

	if (json_is_integer(left_out))
		g_string_append_printf(out,
		    "      and %" JSON_INTEGER_FORMAT " more results\n",
		    json_integer_value(left_out));
	if (defect.p == NULL)
		return;
	g_string_append_printf(out,
	    "      not read from octet %" JSON_INTEGER_FORMAT
	    " of its value on: ",
	    get_integer(claim, "defect_at"));
	put_text(out, defect);
	g_string_append_c(out, '\n');
}

static void
put_claim(GString *out, const json_t *record, const json_t *claim)
{
	const json_t *results = json_object_get(claim, "results");
	const json_t *result;
	size_t i;

	put_title(out, claim);
	put_cover(out, record, claim);
	json_array_foreach(results, i, result) put_result(out, record, result);
	put_end(out, claim);
}

void
person_append_claims(GString *out, const json_t *record, bool all)
{
	const json_t *claims = json_object_get(record, "claims");
	const json_t *claim;
	size_t i;

	if (!json_is_array(claims))
		return;
	put_summary(out, "  ", claims, get_integer(record, "claims_left_out"));
	if (!all)
		return;
	json_array_foreach(claims, i, claim) put_claim(out, record, claim);
}

void
person_append_attached_claims(GString *out, const json_t *attached)
{
	const json_t *claims = json_object_get(attached, "claims");

	if (json_is_array(claims))
		put_summary(out, "    ", claims,
		    get_integer(attached, "claims_left_out"));
}
