/* record_senders.c - who a message names as its senders, as JSON. */
#include "verifier/report/record_line.h"

/* Does the address belong to the signer?  Null when there is none. */
static void
put_aligned(struct line *line, const struct sender_address *address,
    const struct signature_verdict *best)
{
	if (best == NULL || best->organisation.n == 0)
		json_write_null(&line->json, "aligned");
	else
		json_write_bool(&line->json, "aligned",
		    span_equal(address->organisation, best->organisation));
}

static void
put_address(struct line *line, const struct sender_address *address)
{
	line_put_text(line, "address", "address_b64",
	    line_cut(address->address, SENDERS_ADDRESS_MAX));
}

/* "best" is given for Sender only: of the authors the signature says it. */
static void
put_list(struct line *line, const char *name, const char *left_out,
    const struct sender_list *list, const struct signature_verdict *best)
{
	size_t n = MIN(list->n, SENDERS_LISTED_MAX);

	json_open_array(&line->json, name);
	for (size_t i = 0; i < n; i++) {
		const struct sender_address *address = &list->addresses[i];

		json_open_object(&line->json, NULL);
		put_address(line, address);
		if (best != NULL)
			put_aligned(line, address, best);
		line_put_text(line, "domain", "domain_b64", address->domain);
		line_put_name(line, "organisation", "organisation_b64",
		    address->organisation);
		json_close_object(&line->json);
	}
	json_close_array(&line->json);
	if (n < list->n)
		line_put_count(line, left_out, list->n - n);
}

static void
put_findings(struct line *line, const struct senders *senders)
{
	json_open_array(&line->json, "findings");
	for (size_t i = 0; i < senders->n_findings; i++) {
		const struct sender_finding *finding = &senders->findings[i];

		json_open_object(&line->json, NULL);
		json_write_string(
		    &line->json, "code", sender_code_name(finding->code));
		line_put_name(line, "domain", "domain_b64", finding->domain);
		line_put_string(
		    line, "field", sender_field_name(finding->field));
		line_put_name(line, "other", "other_b64", finding->other);
		line_put_text(line, "text", "text_b64",
		    line_cut(finding->text, SENDERS_TEXT_MAX));
		json_close_object(&line->json);
	}
	json_close_array(&line->json);
}

static void
put_idn(struct line *line, const struct senders *senders)
{
	if (senders->n_idn == 0)
		return;
	json_open_array(&line->json, "idn");
	for (size_t i = 0; i < senders->n_idn; i++) {
		const struct sender_idn *idn = &senders->idn[i];

		json_open_object(&line->json, NULL);
		line_put_text(line, "domain", "domain_b64", idn->domain);
		line_put_name(
		    line, "looks_like", "looks_like_b64", idn->looks_like);
		line_put_text(line, "shown", "shown_b64", idn->shown);
		json_close_object(&line->json);
	}
	json_close_array(&line->json);
}

void
line_put_senders(struct line *line, const struct senders *senders,
    const struct signature_verdict *best)
{
	const struct sender_list *lists;

	if (senders == NULL)
		return;
	lists = senders->lists;
	json_open_object(&line->json, "senders");
	put_list(
	    line, "authors", "authors_left_out", &lists[SENDER_FROM], NULL);
	if (senders->cut)
		json_write_bool(&line->json, "cut", true);
	put_findings(line, senders);
	json_write_string(
	    &line->json, "from", sender_list_state(&lists[SENDER_FROM]));
	put_idn(line, senders);
	if (lists[SENDER_REPLY_TO].fields > 0)
		put_list(line, "reply_to", "reply_to_left_out",
		    &lists[SENDER_REPLY_TO], NULL);
	if (lists[SENDER_SENDER].fields > 0)
		put_list(line, "sender", "sender_left_out",
		    &lists[SENDER_SENDER], best);
	json_close_object(&line->json);
}
