/* explain_rules.c - what each document on DKIM makes of a signature. */
#include "verifier/case/explain.h"

#include "verifier/verdict/rules.h"

static void
write_outcome(GString *out, enum rules_document document,
    const struct rules_outcome *outcome)
{
	char month[TIMESTAMP_SIZE];

	timestamp_format(rules_document_from(document), month);
	g_string_append_printf(out, "    since %s (%.7s): %s",
	    rules_document_name(document), month, result_name(outcome->result));
	for (size_t i = 0; i < outcome->reasons.n; i++) {
		if (outcome->reasons.list[i] != REASON_PASS)
			g_string_append_printf(out, ", %s",
			    reason_row(outcome->reasons.list[i])->code);
	}
	g_string_append_c(out, '\n');
}

void
explain_write_rules(GString *out, const struct steps *steps)
{
	struct rules rules;

	if (!rules_judge(&rules, steps->verdict))
		return;
	g_string_append(out,
	    "  by the rules of each time, were it of it "
	    "(results of these RFCs, not the verdict):\n");
	for (int i = 0; i < RULES_DOCUMENTS; i++) {
		enum rules_document document = (enum rules_document)i;
		struct rules_outcome outcome;

		rules_judge_under(&outcome, steps->verdict, document);
		write_outcome(out, document, &outcome);
	}
}
