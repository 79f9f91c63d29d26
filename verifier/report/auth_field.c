/* auth_field.c - see auth_field.h. */
#include "verifier/report/auth_field.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/verdict/arc_chain.h"
#include "verifier/verdict/rules.h"

#include <string.h>

#define B_LENGTH 8 /* RFC 6008 2: of b=, more where these are not unique */

/* b= of a signature without white space: what a value may have of it. */
struct b_value {
	uint8_t octets[AUTH_FIELD_VALUE_MAX];
	size_t n;
};

/* The field in the making. */
struct field {
	GString *out;
	size_t line;       /* where its last line begins */
	struct b_value *b; /* of each signature; of other kinds empty */
};

/* ---- lines and words ----------------------------------------------------- */

static void
new_line(struct field *field)
{
	g_string_append_c(field->out, '\n');
	field->line = field->out->len;
	g_string_append_c(field->out, '\t');
}

/* A word after a space, or on a line of its own; a TAB counts as eight. */
static void
put_word(struct field *field, const GString *word)
{
	size_t column = field->out->len - field->line + 7;

	if (column + 1 + word->len > AUTH_FIELD_COLUMNS)
		new_line(field);
	else
		g_string_append_c(field->out, ' ');
	g_string_append_len(field->out, word->str, (gssize)word->len);
}

static void
put_comment(struct field *field, const char *words)
{
	g_autoptr(GString) comment = g_string_new(NULL);

	g_string_append_printf(comment, "(%s)", words);
	put_word(field, comment);
}

/* The next result: "dkim=pass". */
static void
put_result(struct field *field, const char *method, const char *result)
{
	g_string_append_c(field->out, ';');
	new_line(field);
	g_string_append_printf(field->out, "%s=%s", method, result);
}

/* ---- values -------------------------------------------------------------- */

/* RFC 2045 5.1: VCHAR but tspecials. */
static bool
is_token_octet(uint8_t octet)
{
	return rfc5234_is(octet, RFC5234_VCHAR) &&
	    strchr("()<>@,;:\\\"/[]?=", octet) == NULL;
}

static bool
is_token(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!is_token_octet(text.p[i]))
			return false;
	}
	return text.n > 0;
}

/* Labels of tokens with one dot between each; a local part or a domain that
 * nobody can misread. */
static bool
is_dotted(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '.' &&
		    (i == 0 || i + 1 == text.n || text.p[i - 1] == '.'))
			return false;
	}
	return is_token(text);
}

/* Letters, digits, "-" and "_" (dns_name.h), with dots between. */
static bool
is_domain(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC6376_HYPHENATED) &&
		    text.p[i] != '_' && text.p[i] != '.')
			return false;
	}
	return is_dotted(text);
}

/* pvalue: [ [ local-part ] "@" ] domain-name, which needs no quotes. */
static bool
is_address(struct span text)
{
	size_t at = span_find(text, '@');

	return at < text.n && is_domain(span_from(text, at + 1)) &&
	    (at == 0 || is_dotted(span_sub(text, 0, at)));
}

/* No control, no line end, no octet over 127; and bounded. */
static bool
is_quotable(struct span text)
{
	for (size_t i = 0; i < MIN(text.n, AUTH_FIELD_VALUE_MAX); i++) {
		if (text.p[i] != ' ' && !rfc5234_is(text.p[i], RFC5234_VCHAR))
			return false;
	}
	return text.n > 0 && text.n <= AUTH_FIELD_VALUE_MAX;
}

static void
append_quoted(GString *word, struct span text)
{
	g_string_append_c(word, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			g_string_append_c(word, '\\');
		g_string_append_c(word, (char)text.p[i]);
	}
	g_string_append_c(word, '"');
}

/* A property, where the tag is there. */
static void
put_property(struct field *field, const char *name, struct span value)
{
	g_autoptr(GString) word = g_string_new(NULL);

	if (value.p == NULL)
		return;
	if (!is_quotable(value)) {
		g_string_append_printf(word, "%s is left out", name);
		put_comment(field, word->str);
		return;
	}
	g_string_append_printf(word, "%s=", name);
	if (is_token(value) || is_address(value))
		g_string_append_len(
		    word, (const char *)value.p, (gssize)value.n);
	else
		append_quoted(word, value);
	put_word(field, word);
}

/* Codes of ours; each at most once. */
static void
put_reasons(struct field *field, const struct reasons *reasons)
{
	g_autoptr(GString) word = g_string_new("reason=\"");
	size_t n = 0;

	for (size_t i = 0; i < reasons->n; i++) {
		if (reasons->list[i] == REASON_PASS)
			continue;
		g_string_append_printf(word, "%s%s", n > 0 ? " " : "",
		    reason_row(reasons->list[i])->code);
		n++;
	}
	g_string_append_c(word, '"');
	if (n > 0)
		put_word(field, word);
}

/* ---- a signature --------------------------------------------------------- */

static void
read_b(struct b_value *value, struct span b)
{
	for (size_t i = 0; i < b.n && value->n < AUTH_FIELD_VALUE_MAX; i++) {
		if (!rfc5234_is(b.p[i], RFC5234_WSP | RFC5234_CRLF))
			value->octets[value->n++] = b.p[i];
	}
}

static struct b_value *
read_all_b(const struct message_verdict *verdict)
{
	struct b_value *values = g_new0(struct b_value, verdict->n_signatures);

	for (size_t i = 0; i < verdict->n_signatures; i++) {
		const struct signature *signature =
		    verdict->signatures[i].facts->signature;

		if (signature->kind == SIGNATURE_DKIM)
			read_b(&values[i], signature->b);
	}
	return values;
}

static size_t
common(const struct b_value *a, const struct b_value *b)
{
	size_t n = 0;

	while (n < a->n && n < b->n && a->octets[n] == b->octets[n])
		n++;
	return n;
}

/* header.b: as much of b= as no other DKIM signature of the message has. */
static void
put_b(struct field *field, size_t n_signatures, size_t at)
{
	const struct b_value *own = &field->b[at];
	size_t n = B_LENGTH;

	for (size_t i = 0; i < n_signatures; i++) {
		size_t same = i == at ? 0 : common(own, &field->b[i]);

		n = MAX(n, same + 1);
	}
	if (own->n > 0)
		put_property(field, "header.b",
		    (struct span){ own->octets, MIN(n, own->n) });
}

/* The tag as it is written; where that is not ASCII, or no name, the canonical
 * name, which is made of A-labels. */
static struct span
domain_value(const struct signature *signature)
{
	return is_token(signature->d) || signature->domain.n == 0
	    ? signature->d
	    : signature->domain;
}

/* What leads to a result, behind what the rules say. */
static void
add_reasons(struct reasons *reasons, const struct signature_verdict *verdict)
{
	for (size_t i = 0; i < verdict->reasons.n; i++) {
		enum reason reason = verdict->reasons.list[i];

		if (reason_row(reason)->verdict != VERDICTS)
			reasons_add(reasons, reason);
	}
}

/*
 * May a signature that holds with this reason be called "pass"?  RFC 8601 2.7.1
 * says so of one that is acceptable, too, and "policy" of others.  Not
 * acceptable is what does not show that the holder of d='s key signed, what
 * leaves body out (RFC 6376 8.2), and a message that can be read in several
 * ways (RFC 6376 3.8, 8.15).  That d= is not the author's domain, and which
 * fields are signed, is no part of the word.
 */
static bool
is_acceptable(enum reason reason)
{
	switch (reason) {
	case REASON_UNALIGNED:
	case REASON_FROM_SEVERAL_DOMAINS:
	case REASON_HEADER_UNSIGNED:
		return true;
	default:
		break;
	}
	switch (reason_row(reason)->verdict) {
	case VERDICT_VERIFIED_PARTIAL:
	case VERDICT_VERIFIED_WEAK:
	case VERDICT_VERIFIED_UNALIGNED:
		return false;
	default:
		return true;
	}
}

/* The reason of a repair, or REASON_PASS. */
static enum reason
find_repair(const struct signature_verdict *verdict)
{
	for (size_t i = 0; i < verdict->reasons.n; i++) {
		enum reason reason = verdict->reasons.list[i];

		if (verdict->result == RESULT_PASS &&
		    (reason == REASON_REPAIRED || reason == REASON_RESTORED))
			return reason;
	}
	return REASON_PASS;
}

/* Who reads the word alone reads it of the message as it is stored, which does
 * not verify where only a repair made it hold; and takes "pass" for a good
 * signature. */
static enum result
word_result(const struct signature_verdict *verdict, enum result result)
{
	if (find_repair(verdict) != REASON_PASS)
		return RESULT_FAIL;
	for (size_t i = 0; i < verdict->reasons.n; i++) {
		if (result == RESULT_PASS &&
		    !is_acceptable(verdict->reasons.list[i]))
			return RESULT_POLICY;
	}
	return result;
}

static void
put_dkim(struct field *field, const struct message_verdict *verdict, size_t at)
{
	const struct signature_verdict *one = &verdict->signatures[at];
	const struct signature *signature = one->facts->signature;
	struct rules rules;
	bool judged = rules_judge(&rules, one);

	g_assert(judged);
	add_reasons(&rules.today.reasons, one);
	put_result(
	    field, "dkim", result_name(word_result(one, rules.today.result)));
	put_reasons(field, &rules.today.reasons);
	put_property(field, "header.d", domain_value(signature));
	put_property(field, "header.i", signature->i);
	put_property(field, "header.s", signature->s);
	put_property(field, "header.a", signature->a);
	put_b(field, verdict->n_signatures, at);
}

/* DomainKeys is SHA-1 alone: what holds is "policy". */
static void
put_domainkeys(struct field *field, const struct signature_verdict *verdict)
{
	struct reasons reasons = { .n = 0 };
	bool holds = verdict->result == RESULT_PASS;

	if (holds)
		reasons_add(&reasons, REASON_SHA1);
	add_reasons(&reasons, verdict);
	put_result(field, "domainkeys",
	    result_name(
		word_result(verdict, holds ? RESULT_POLICY : verdict->result)));
	put_reasons(field, &reasons);
	put_property(
	    field, "header.d", domain_value(verdict->facts->signature));
}

/* ---- the message --------------------------------------------------------- */

/* The repair without which the chain's newest message signature fails. */
static enum reason
find_arc_repair(const struct message_verdict *verdict)
{
	enum reason found = REASON_PASS;

	for (size_t i = 0; i < verdict->n_signatures; i++) {
		const struct signature_verdict *one = &verdict->signatures[i];

		if (found == REASON_PASS &&
		    one->facts->signature->kind == SIGNATURE_ARC_MESSAGE)
			found = find_repair(one);
	}
	return found;
}

/* RFC 8617 has no word for a chain whose keys are not known. */
static void
put_arc(struct field *field, const struct message_verdict *verdict)
{
	const struct arc_verdict *arc = verdict->arc;
	const char *result = arc == NULL ? NULL : arc_result_name(arc->result);
	enum reason repair = find_arc_repair(verdict);
	struct reasons reasons = { .n = 0 };
	g_autoptr(GString) word = g_string_new(NULL);

	if (result == NULL)
		return;
	if (arc->result == ARC_PASS && repair == REASON_PASS) {
		put_result(field, "arc", result);
		g_string_append_printf(
		    word, "header.oldest-pass=%u", arc->oldest_pass);
		put_word(field, word);
		return;
	}
	reasons_add(&reasons, arc->result == ARC_PASS ? repair : arc->reason);
	put_result(field, "arc", arc_result_name(ARC_FAIL));
	put_reasons(field, &reasons);
}

static void
put_signatures(
    struct field *field, const struct message_verdict *verdict, bool older)
{
	size_t n = 0;

	for (size_t i = 0; i < verdict->n_signatures; i++) {
		const struct signature_verdict *one = &verdict->signatures[i];
		enum signature_kind kind = one->facts->signature->kind;

		if (!older && kind == SIGNATURE_DKIM) {
			put_dkim(field, verdict, i);
			n++;
		} else if (older && kind == SIGNATURE_DOMAINKEYS) {
			put_domainkeys(field, one);
		}
	}
	if (!older && n == 0)
		put_result(field, "dkim", result_name(RESULT_NONE));
}

static bool
are_left_out(const struct message_verdict *verdict)
{
	for (size_t i = 0; i < verdict->reasons.n; i++) {
		if (verdict->reasons.list[i] == REASON_SIGNATURES_LEFT_OUT)
			return true;
	}
	return false;
}

void
auth_field_write(GString *out, const struct message_verdict *verdict)
{
	struct field field = { .out = out, .line = out->len };

	g_string_append(out, "Authentication-Results: " AUTH_FIELD_SERVER);
	if (verdict == NULL || verdict->verdict == VERDICT_UNREADABLE) {
		g_string_append(out, "; none\n");
		return;
	}
	field.b = read_all_b(verdict);
	put_signatures(&field, verdict, false);
	put_signatures(&field, verdict, true);
	put_arc(&field, verdict);
	g_free(field.b);
	if (are_left_out(verdict))
		put_comment(&field, "more signatures are left out");
	g_string_append_c(out, '\n');
}
