/* record_rules.c - the member "rules" of a signature (verdict/rules.h). */
#include "verifier/report/record_line.h"

#include "verifier/verdict/rules.h"

static void
put_outcome(
    struct line *line, const char *name, const struct rules_outcome *outcome)
{
	json_open_object(&line->json, name);
	json_open_array(&line->json, "reasons");
	for (size_t i = 0; i < outcome->reasons.n; i++)
		json_write_string(&line->json, NULL,
		    reason_row(outcome->reasons.list[i])->code);
	json_close_array(&line->json);
	json_write_string(&line->json, "result", result_name(outcome->result));
	json_write_string(
	    &line->json, "rules", rules_document_name(outcome->document));
	json_close_object(&line->json);
}

static void
put_then(struct line *line, const struct rules *rules)
{
	if (rules->n_then == 0) {
		json_write_null(&line->json, "then");
		return;
	}
	json_open_array(&line->json, "then");
	for (size_t i = 0; i < rules->n_then; i++)
		put_outcome(line, NULL, &rules->then[i]);
	json_close_array(&line->json);
}

void
line_put_rules(struct line *line, const struct signature_verdict *verdict)
{
	struct rules rules;

	if (!rules_judge(&rules, verdict) || !rules.differ)
		return;
	json_open_object(&line->json, "rules");
	put_then(line, &rules);
	put_outcome(line, "today", &rules.today);
	json_close_object(&line->json);
}
