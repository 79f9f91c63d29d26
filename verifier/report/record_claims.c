/* record_claims.c - see record_claims.h. */
#include "verifier/report/record_claims.h"

static void
put_places(struct line *line, const char *name, const size_t *places, size_t n)
{
	json_open_array(&line->json, name);
	for (size_t i = 0; i < n; i++)
		line_put_count(line, NULL, places[i]);
	json_close_array(&line->json);
}

static void
put_liberties(struct line *line, unsigned liberties)
{
	if (liberties == 0)
		return;
	json_open_array(&line->json, "liberties");
	for (unsigned i = 0; i < AUTH_LIBERTIES; i++) {
		if ((liberties & 1u << i) != 0)
			json_write_string(
			    &line->json, NULL, auth_liberty_name(i));
	}
	json_close_array(&line->json);
}

static void
put_properties(struct line *line, const struct auth_result *result)
{
	json_open_array(&line->json, "properties");
	for (size_t i = 0; i < result->n_properties; i++) {
		const struct auth_property *one = &result->properties[i];

		json_open_object(&line->json, NULL);
		line_put_text(line, "name", "name_b64", one->name);
		line_put_text(line, "ptype", "ptype_b64", one->ptype);
		line_put_text(line, "value", "value_b64", one->value);
		json_close_object(&line->json);
	}
	json_close_array(&line->json);
	if (result->left_out > 0)
		line_put_count(line, "properties_left_out", result->left_out);
}

static void
put_result(struct line *line, const struct auth_result *result,
    const struct auth_judgement *judgement)
{
	json_open_object(&line->json, NULL);
	line_put_string(
	    line, "agreement", auth_agreement_name(judgement->agreement));
	line_put_text(line, "method", "method_b64", result->method);
	put_properties(line, result);
	line_put_text(line, "reason", "reason_b64", result->reason);
	line_put_text(line, "result", "result_b64", result->result);
	if (judgement->agreement != AUTH_NOT_JUDGED)
		put_places(line, "signatures", judgement->signatures,
		    judgement->n_signatures);
	if (result->version.p != NULL)
		line_put_text(line, "version", "version_b64", result->version);
	line_put_string(line, "why", auth_why_row(judgement->why)->code);
	json_close_object(&line->json);
}

static void
put_results(struct line *line, const struct auth_claim *claim)
{
	const struct auth_results *results = &claim->results;

	json_open_array(&line->json, "results");
	for (size_t i = 0; i < results->n && !line_is_full(line); i++)
		put_result(line, &results->results[i], &claim->judgements[i]);
	json_close_array(&line->json);
	if (results->left_out > 0)
		line_put_count(line, "results_left_out", results->left_out);
}

static void
put_claim(struct line *line, const struct auth_claim *claim)
{
	const struct auth_results *results = &claim->results;

	json_open_object(&line->json, NULL);
	put_places(line, "covered_by", claim->covered_by, claim->n_covered_by);
	if (results->defect != AUTH_NO_DEFECT) {
		line_put_string(
		    line, "defect", auth_defect_name(results->defect));
		line_put_count(line, "defect_at", results->bad_at);
	}
	if (results->instance > 0)
		line_put_count(line, "instance", results->instance);
	json_write_string(&line->json, "kind",
	    claim->arc ? "arc-authentication-results"
		       : "authentication-results");
	put_liberties(line, results->liberties);
	line_put_count(line, "place", claim->place);
	put_results(line, claim);
	if (claim->seal >= 0)
		line_put_count(line, "seal", (uint64_t)claim->seal);
	line_put_text(line, "server", "server_b64", results->server);
	if (results->version.p != NULL)
		line_put_text(line, "version", "version_b64", results->version);
	json_close_object(&line->json);
}

void
line_put_claims(struct line *line, const struct auth_claims *claims)
{
	uint64_t left_out;
	size_t n;

	if (claims == NULL)
		return;
	n = line->text_max == SIZE_MAX ? claims->n : 0;
	left_out = claims->left_out + (claims->n - n);
	json_open_array(&line->json, "claims");
	for (size_t i = 0; i < n && !line_is_full(line); i++)
		put_claim(line, &claims->list[i]);
	json_close_array(&line->json);
	if (left_out > 0)
		line_put_count(line, "claims_left_out", left_out);
}
