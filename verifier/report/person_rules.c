/* person_rules.c - see person_rules.h. */
#include "verifier/report/person_rules.h"

#include "keysnap/base/text.h"

#define THEN       "under the rules of the time it states "
#define TODAY      "; under today's "
#define NO_TIME    "(none): not known"
#define TOO_OLD    "(before RFC 4871): there were none"
/* These documents know nothing of where a key is from. */
#define NO_VERDICT "; \"pass\" is a word of these RFCs, not the verdict"

static void
append_text(GString *out, const json_t *object, const char *name)
{
	text_append_terminal(out, record_get_string(object, name));
}

static bool
is_pass(const json_t *outcome)
{
	return span_equal(record_get_string(outcome, "result"), SPAN("pass"));
}

/* "(RFC 8301): policy [sha1 weak-key]"; "pass" gives no reason of its own. */
static void
append_outcome(GString *out, const json_t *outcome)
{
	const json_t *reasons = json_object_get(outcome, "reasons");
	const json_t *reason;
	size_t i;

	g_string_append_c(out, '(');
	append_text(out, outcome, "rules");
	g_string_append(out, "): ");
	append_text(out, outcome, "result");
	if (is_pass(outcome))
		return;
	g_string_append(out, " [");
	json_array_foreach(reasons, i, reason)
	{
		const char *code = json_string_value(reason);

		g_string_append(out, i > 0 ? " " : "");
		text_append_terminal(
		    out, span_from_string(code != NULL ? code : ""));
	}
	g_string_append_c(out, ']');
}

static void
append_then(GString *out, const json_t *rules, bool time_known)
{
	const json_t *then = json_object_get(rules, "then");
	const json_t *outcome;
	size_t i;

	if (json_array_size(then) == 0)
		g_string_append(out, time_known ? TOO_OLD : NO_TIME);
	json_array_foreach(then, i, outcome)
	{
		g_string_append(out, i > 0 ? ", or " : "");
		append_outcome(out, outcome);
	}
}

static bool
any_pass(const json_t *rules)
{
	const json_t *outcome;
	bool any = is_pass(json_object_get(rules, "today"));
	size_t i;

	json_array_foreach(json_object_get(rules, "then"), i, outcome)
	{
		any |= is_pass(outcome);
	}
	return any;
}

void
person_append_rules(GString *out, const json_t *signature)
{
	const json_t *rules = json_object_get(signature, "rules");
	const json_t *interval = json_object_get(signature, "interval");

	if (!json_is_object(rules))
		return;
	g_string_append(out, "  " THEN);
	append_then(out, rules, record_get_string(interval, "from").n > 0);
	g_string_append(out, TODAY);
	append_outcome(out, json_object_get(rules, "today"));
	g_string_append(out, any_pass(rules) ? NO_VERDICT : "");
	g_string_append_c(out, '\n');
}
