/* compare_cause.c - why two runs say something else of a message. */
#include "verifier/case/compare_cause.h"

#include <string.h>

/* ---- in what two records differ ------------------------------------------ */

struct evidence {
	bool reading;  /* what was undone before it was judged */
	bool missing;  /* one has no key for a name */
	bool key;      /* a key on both sides, and another */
	bool made;     /* a key on one side only, not for want of one */
	bool standing; /* the same key with another provenance */
	bool derived;  /* results, reasons, verdicts */
	bool anchors, aligned;
	bool listed;     /* organisational domains */
	bool grade, gap; /* a reason about these on one side only */
	bool container;  /* they lay in another kind of file */
	bool claims;     /* how claims stand to what was found */
	bool content;    /* what follows from the octets that were judged */
	bool other;
};

static const char *
string_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static bool
is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strcmp(name, *list) == 0)
			return true;
	}
	return false;
}

static bool
has_reason(const json_t *object, const char *code)
{
	static const char *const lists[] = { "reasons", "notes" };

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		const json_t *list = json_object_get(object, lists[i]);

		for (size_t j = 0; j < json_array_size(list); j++) {
			const char *got =
			    json_string_value(json_array_get(list, j));

			if (got != NULL && strcmp(got, code) == 0)
				return true;
		}
	}
	return false;
}

static bool
is_missing(const json_t *signature)
{
	static const char *const codes[] = { "key-missing", "key-absent-seen",
		NULL };

	return is_one_of(string_of(signature, "reason"), codes);
}

static bool
one_has(const json_t *a, const json_t *b, const char *code)
{
	return has_reason(a, code) != has_reason(b, code);
}

static void
look_at_keys(struct evidence *evidence, const json_t *a, const json_t *b)
{
	const json_t *one = json_object_get(a, "key");
	const json_t *two = json_object_get(b, "key");

	/* No key could check it where this is null. */
	bool checked = json_is_null(json_object_get(a, "header_match")) ==
	    json_is_null(json_object_get(b, "header_match"));

	if (is_missing(a) != is_missing(b) || !checked)
		evidence->missing = true;
	else if (json_equal(one, two))
		return;
	else if (!json_is_object(one) || !json_is_object(two))
		evidence->made = true;
	else if (json_equal(json_object_get(one, "sha256"),
		     json_object_get(two, "sha256")))
		evidence->standing = true;
	else
		evidence->key = true;
}

static void
look_at_reasons(struct evidence *evidence, const json_t *a, const json_t *b)
{
	/* Notes of what --repairs allows, and of what came of it. */
	evidence->reading |= one_has(a, b, "repaired") ||
	    one_has(a, b, "restored") || one_has(a, b, "repairs-cut") ||
	    one_has(a, b, "guesses-cut");
	evidence->grade |= one_has(a, b, "grade");
	evidence->gap |= one_has(a, b, "time-unsupported");
	evidence->aligned |= one_has(a, b, "unaligned") ||
	    one_has(a, b, "equivalent") || one_has(a, b, "public-suffix");
	evidence->anchors |= one_has(a, b, "forgeable-later") ||
	    one_has(a, b, "claimed-after-proof");
}

/* A member of a signature that the two have otherwise. */
static void
look_at_member(struct evidence *evidence, const char *name)
{
	static const char *const derived[] = { "coverage", "header_match",
		"notes", "reason", "reasons", "result", "rules", "verdict",
		NULL };

	if (strcmp(name, "key") == 0)
		return;
	if (g_str_has_prefix(name, "align"))
		evidence->aligned = true;
	else if (strcmp(name, "organisation") == 0)
		evidence->listed = true;
	else if (strcmp(name, "signed_fields") == 0)
		evidence->reading = true;
	else if (is_one_of(name, derived))
		evidence->derived = true;
	else
		evidence->content = true;
}

typedef void look_function(
    struct evidence *evidence, const json_t *a, const json_t *b);

/* Every member that is not the same, by name; "each" is told. */
static void
each_difference(struct evidence *evidence, const json_t *a, const json_t *b,
    void (*each)(struct evidence *evidence, const char *name))
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)a, name, value)
	{
		const json_t *there = json_object_get(b, name);

		if (there == NULL || !json_equal(value, there))
			each(evidence, name);
	}
	json_object_foreach((json_t *)(uintptr_t)b, name, value)
	{
		if (json_object_get(a, name) == NULL)
			each(evidence, name);
	}
}

static void
look_at_signature(struct evidence *evidence, const json_t *a, const json_t *b)
{
	if (json_equal(a, b))
		return;
	look_at_keys(evidence, a, b);
	look_at_reasons(evidence, a, b);
	each_difference(evidence, a, b, look_at_member);
}

static void
look_at_list(struct evidence *evidence, const json_t *a, const json_t *b,
    look_function *look)
{
	size_t n = json_array_size(a);

	if (n != json_array_size(b)) {
		evidence->content = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		look(evidence, json_array_get(a, i), json_array_get(b, i));
}

/* Where the octets lay is no difference; how they were read is one, and what
 * they lay in may be. */
static void
look_at_source(struct evidence *evidence, const json_t *a, const json_t *b)
{
	static const char *const what[] = { "dialect", "format", "split" };
	const json_t *one = json_object_get(a, "dialect");
	const json_t *two = json_object_get(b, "dialect");

	evidence->reading |=
	    (one != NULL && two != NULL && !json_equal(one, two)) ||
	    strcmp(string_of(a, "line_ends"), string_of(b, "line_ends")) != 0;
	for (size_t i = 0; i < G_N_ELEMENTS(what); i++) {
		if (strcmp(string_of(a, what[i]), string_of(b, what[i])) != 0)
			evidence->container = true;
	}
}

static void
look_at_text(struct evidence *evidence, const char *name)
{
	if (g_str_has_prefix(name, "signed_subject"))
		evidence->reading = true;
	else
		evidence->other = true;
}

/* Whether Sender is the signer's depends on which signature decides. */
static void
look_at_sender(struct evidence *evidence, const char *name)
{
	if (strcmp(name, "sender") == 0)
		evidence->derived = evidence->aligned = true;
	else
		evidence->listed = true;
}

/* A member of a record that is looked at as a whole. */
static void
look_at_top(struct evidence *evidence, const char *name)
{
	static const char *const passed_over[] = { "color", "seq", "source",
		"signatures", "embedded", "message", "senders", NULL };
	static const char *const reading[] = { "edits", "edits_left_out",
		"repairs", NULL };
	static const char *const derived[] = { "arc", "best", "cut", "reasons",
		"verdict", NULL };
	static const char *const content[] = { "claims_left_out",
		"embedded_cut", "embedded_left_out", "time", NULL };

	if (is_one_of(name, passed_over))
		return;
	if (is_one_of(name, reading))
		evidence->reading = true;
	else if (is_one_of(name, derived) ||
	    g_str_has_prefix(name, "attachments"))
		evidence->derived = true;
	else if (strcmp(name, "anchors") == 0)
		evidence->anchors = true;
	else if (strcmp(name, "claims") == 0)
		evidence->claims = true;
	else if (is_one_of(name, content))
		evidence->content = true;
	else
		evidence->other = true;
}

/* A message: a record, or one that is attached. */
static void
look_at_message(struct evidence *evidence, const json_t *a, const json_t *b)
{
	each_difference(evidence, a, b, look_at_top);
	look_at_reasons(evidence, a, b);
	look_at_source(evidence, json_object_get(a, "source"),
	    json_object_get(b, "source"));
	each_difference(evidence, json_object_get(a, "message"),
	    json_object_get(b, "message"), look_at_text);
	each_difference(evidence, json_object_get(a, "senders"),
	    json_object_get(b, "senders"), look_at_sender);
	look_at_list(evidence, json_object_get(a, "signatures"),
	    json_object_get(b, "signatures"), look_at_signature);
	look_at_list(evidence, json_object_get(a, "embedded"),
	    json_object_get(b, "embedded"), look_at_message);
}

/* ---- from evidence to causes --------------------------------------------- */

static cause_set
if_so(bool so, enum cause cause)
{
	return so ? CAUSE_BIT(cause) : 0;
}

/* What the records show by themselves. */
static cause_set
shown(const struct contrast *contrast, const struct evidence *evidence)
{
	bool undone = evidence->reading && contrast->repairs;

	return if_so(
		   contrast->snapshot && evidence->missing, CAUSE_KEY_MISSING) |
	    if_so(contrast->snapshot &&
		    (evidence->key || (evidence->made && !undone)),
		CAUSE_OTHER_KEY) |
	    if_so(contrast->snapshot && evidence->standing,
		CAUSE_OTHER_PROVENANCE) |
	    if_so(contrast->vouched && evidence->standing, CAUSE_VOUCHED) |
	    if_so(undone, CAUSE_REPAIRS) |
	    if_so(contrast->anchors && evidence->anchors, CAUSE_ANCHORS) |
	    if_so(contrast->equivalences && evidence->aligned,
		CAUSE_EQUIVALENCES) |
	    if_so(contrast->suffix_list &&
		    (evidence->aligned || evidence->listed),
		CAUSE_SUFFIX_LIST) |
	    if_so(contrast->min_grade && evidence->grade && !evidence->standing,
		CAUSE_MIN_GRADE) |
	    if_so(contrast->max_gap && evidence->gap && !evidence->standing,
		CAUSE_MAX_GAP);
}

/* Results differ and nothing shows why: what could be behind it. */
static cause_set
possible(const struct contrast *contrast, const struct evidence *evidence)
{
	if (contrast->snapshot)
		return CAUSE_BIT(CAUSE_OTHER_SNAPSHOT);
	if (contrast->repairs)
		return CAUSE_BIT(CAUSE_REPAIRS);
	if (contrast->anchors && evidence->standing)
		return CAUSE_BIT(CAUSE_ANCHORS);
	return 0;
}

static cause_set
conclude(const struct contrast *contrast, const struct evidence *evidence)
{
	cause_set causes = shown(contrast, evidence);
	/* Repairs are tried with the keys that are known; a mailbox has a
	 * From_ line with a time, and quoting. */
	bool reading = evidence->reading && causes == 0 &&
	    !contrast->snapshot && !contrast->repairs;
	bool content = evidence->content && !evidence->reading;
	bool rest;

	if (evidence->container &&
	    (reading || content || (causes == 0 && evidence->derived))) {
		causes |= CAUSE_BIT(CAUSE_OTHER_READING);
		reading = content = false;
	}
	/* One snapshot has one answer, whatever was undone. */
	rest = evidence->other || content || reading ||
	    (evidence->listed && !contrast->suffix_list) ||
	    (evidence->missing && !contrast->snapshot && !evidence->reading);
	if (causes == 0 && !rest)
		causes = possible(contrast, evidence);
	if (causes != 0 && !rest)
		return causes;
	return causes |
	    CAUSE_BIT(contrast->program ? CAUSE_PROGRAM : CAUSE_UNEXPLAINED);
}

/* Claims come out otherwise where a result or the reading is another; by
 * themselves they do not. */
static bool
are_claims_alone(const struct evidence *evidence)
{
	return evidence->claims && !evidence->derived && !evidence->missing &&
	    !evidence->key && !evidence->made && !evidence->reading &&
	    !evidence->content;
}

bool
cause_of_records(const struct contrast *contrast, const json_t *a,
    const json_t *b, cause_set *causes_out)
{
	struct evidence none = { .reading = false }, evidence = none;

	look_at_message(&evidence, a, b);
	evidence.other |= are_claims_alone(&evidence);
	*causes_out = 0;
	none.container = evidence.container;
	if (memcmp(&evidence, &none, sizeof(none)) == 0)
		return false;
	*causes_out = conclude(contrast, &evidence);
	return true;
}

/* ---- the word of another tool -------------------------------------------- */

/* Qualities of a signature that holds for which others refuse it. */
static bool
is_refused_by_some(const json_t *a)
{
	static const char *const codes[] = { "unaligned", "from-multiple",
		"from-unparsable", "from-several-domains", "public-suffix",
		"from-unsigned", "domainkeys", "sha1", "weak-key",
		"testing-key", "body-partly", "expired", "header-unsigned",
		"mime-unsigned" };

	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
		if (has_reason(a, codes[i]))
			return true;
	}
	return false;
}

/* It holds here, and not there. */
static cause_set
why_only_here(const json_t *a)
{
	const json_t *source = json_object_get(a, "source");
	bool undone = json_array_size(json_object_get(a, "repairs")) > 0 ||
	    json_object_get(source, "line_ends") != NULL;

	if (undone)
		return CAUSE_BIT(CAUSE_REPAIRS);
	if (is_refused_by_some(a))
		return CAUSE_BIT(CAUSE_THEIR_POLICY);
	return CAUSE_BIT(CAUSE_THEIR_KEY);
}

static cause_set
why_only_there(const char *verdict)
{
	static const struct {
		const char *verdict;
		enum cause cause;
	} table[] = {
		{ "key-missing", CAUSE_KEY_MISSING },
		{ "key-mismatch", CAUSE_OTHER_KEY },
		{ "key-unusable", CAUSE_OTHER_KEY },
		{ "malformed", CAUSE_THEIR_POLICY },
		{ "unsigned", CAUSE_THEIR_SCOPE },
		{ "unreadable", CAUSE_OTHER_READING },
		{ "altered", CAUSE_OTHER_BYTES },
		{ "headers-only", CAUSE_OTHER_BYTES },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		if (strcmp(verdict, table[i].verdict) == 0)
			return CAUSE_BIT(table[i].cause);
	}
	return CAUSE_BIT(CAUSE_UNEXPLAINED);
}

bool
cause_of_word(const json_t *a, enum their_word word, cause_set *causes_out)
{
	const char *verdict = string_of(a, "verdict");
	bool holds = g_str_has_prefix(verdict, "verified");

	*causes_out = 0;
	if (word == THEIR_OTHER)
		*causes_out = CAUSE_BIT(CAUSE_UNEXPLAINED);
	else if (holds && word != THEIR_PASS)
		*causes_out = why_only_here(a);
	else if (!holds && word == THEIR_PASS)
		*causes_out = why_only_there(verdict);
	return *causes_out != 0;
}
