/*
 * person.c - a record for people.
 *
 * Reads the JSON of the record and nothing else.  Every text that came with
 * the mail or the snapshot is escaped for terminals; only canonical names
 * stand where a crafted one could be taken for our own words.
 */
#include "verifier/report/person.h"

#include "keysnap/base/text.h"
#include "verifier/report/person_claims.h"
#include "verifier/report/person_coverage.h"
#include "verifier/report/person_key.h"
#include "verifier/report/person_kinds.h"
#include "verifier/report/person_rules.h"
#include "verifier/report/person_senders.h"
#include "verifier/report/person_signed.h"
#include "verifier/report/person_time.h"

#include <inttypes.h>

#define PERSON_NAMES_MAX 100 /* names of a list that are shown */

/* What lines are made of. */
struct page {
	GString *out;
	bool color;
	bool all; /* in full */
};

static void
put(struct page *page, const char *words)
{
	g_string_append(page->out, words);
}

static void
put_text(struct page *page, struct span text)
{
	text_append_terminal(page->out, text);
}

/* "1 day", "2 days" */
static void
put_number(struct page *page, int64_t n, const char *unit)
{
	g_string_append_printf(
	    page->out, "%" PRIi64 " %s%s", n, unit, n == 1 ? "" : "s");
}

/* An integer that record_read() has checked; 0 for null. */
static int64_t
get_integer(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static enum verdict
get_verdict(const json_t *object)
{
	enum verdict verdict = VERDICT_UNREADABLE;

	verdict_from_code(record_get_string(object, "verdict"), &verdict);
	return verdict;
}

static const struct reason_row *
find_reason(struct span code)
{
	for (int i = 0; i < REASONS; i++) {
		const struct reason_row *row = reason_row((enum reason)i);

		if (span_equal(code, span_from_string(row->code)))
			return row;
	}
	return NULL;
}

/* Grey has no colour of its own: the words differ. */
static void
put_label(struct page *page, const struct verdict_row *row)
{
	static const char *const codes[][2] = {
		{ "green", "\033[32m" },
		{ "amber", "\033[33m" },
		{ "red", "\033[31m" },
	};
	struct span color = span_from_string(row->color);
	const char *code = NULL;

	for (size_t i = 0; page->color && i < G_N_ELEMENTS(codes); i++) {
		if (span_equal(color, span_from_string(codes[i][0])))
			code = codes[i][1];
	}
	if (code != NULL)
		put(page, code);
	put(page, row->label);
	if (code != NULL)
		put(page, "\033[0m");
}

static struct span
array_text(const json_t *array, size_t at)
{
	const json_t *value = json_array_get(array, at);

	return (struct span){
		(const uint8_t *)json_string_value(value),
		json_string_length(value),
	};
}

/* The names of a list, each after a space. */
static void
put_names(struct page *page, const json_t *array)
{
	size_t n = json_array_size(array);

	for (size_t i = 0; i < MIN(n, PERSON_NAMES_MAX); i++) {
		put(page, " ");
		put_text(page, array_text(array, i));
	}
	if (n > PERSON_NAMES_MAX)
		g_string_append_printf(
		    page->out, " and %zu more", n - PERSON_NAMES_MAX);
}

static void
put_alignment(struct page *page, const json_t *record, const json_t *signature)
{
	struct span domain = record_get_string(signature, "domain");
	struct span author = record_get_string(
	    json_object_get(record, "message"), "from_domain");

	if (domain.n == 0) {
		put(page, "no valid signing domain");
		return;
	}
	put_text(page, domain);
	if (json_is_true(json_object_get(signature, "aligned"))) {
		put(page, ", aligned with From");
		return;
	}
	put(page, ", not aligned with From");
	if (author.n > 0) {
		put(page, " (");
		put_text(page, author);
		put(page, ")");
	}
}

static bool
is_of_kind(const json_t *signature, struct span kind)
{
	return span_equal(record_get_string(signature, "kind"), kind);
}

static void
put_body(struct page *page, const json_t *signature)
{
	const json_t *body = json_object_get(signature, "body");
	const json_t *match = json_object_get(body, "hash_match");
	int64_t covered = get_integer(body, "covered");
	int64_t total = get_integer(body, "total");

	put(page, "body: ");
	if (json_is_null(json_object_get(body, "covered"))) {
		put(page,
		    is_of_kind(signature, SPAN("arc-seal")) ? "not signed"
							    : "not hashed");
		return;
	}
	if (covered == total)
		put(page, "all");
	else
		g_string_append_printf(page->out,
		    "%" PRIi64 " of %" PRIi64 " octets", covered, total);
	if (json_is_false(match))
		put(page, ", not as signed");
	else if (json_is_null(match))
		put(page,
		    is_of_kind(signature, SPAN("domainkeys"))
			? ", signed with the header"
			: ", not compared");
}

static void
put_headers(struct page *page, const json_t *signature)
{
	const json_t *match = json_object_get(signature, "header_match");

	put(page, "headers:");
	put_names(page, json_object_get(signature, "headers"));
	if (json_is_false(match))
		put(page, " (not as signed, or not with a known key)");
	else if (json_is_null(match))
		put(page, " (not checked)");
}

static void
put_key_line(struct page *page, const json_t *signature)
{
	const json_t *key = json_object_get(signature, "key");
	struct span name = record_get_string(signature, "key_name");

	if (name.n == 0)
		return;
	put(page, "  key ");
	put_text(page, name);
	put(page, "  ");
	if (json_is_object(key))
		person_append_key(page->out, key);
	else
		put(page, "no key of this name decided\n");
}

static bool
array_has(const json_t *array, struct span text)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (span_equal(array_text(array, i), text))
			return true;
	}
	return false;
}

/* What was undone, and what the signer's Subject was. */
static void
put_repairs(struct page *page, const json_t *record)
{
	const json_t *repairs = json_object_get(record, "repairs");
	const json_t *message = json_object_get(record, "message");

	if (json_array_size(repairs) == 0)
		return;
	put(page, "  repaired:");
	put_names(page, repairs);
	put(page, "\n");
	if (record_get_string(message, "signed_subject").p == NULL)
		return;
	put(page, "  the Subject that was signed: ");
	put_text(page, record_get_string(message, "signed_subject"));
	put(page, "\n");
}

/* The reasons of "array" that "shown" (or NULL) does not hold.  "pass" says
 * nothing that the label does not. */
static void
put_reasons(struct page *page, const json_t *array, const json_t *shown)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct span code = array_text(array, i);
		const struct reason_row *row = find_reason(code);

		if (span_equal(code, SPAN("pass")) || array_has(shown, code))
			continue;
		put(page,
		    row != NULL && row->verdict == VERDICTS ? "  note: "
							    : "  reason: ");
		if (row != NULL) {
			put(page, row->text);
			put(page, " [");
		}
		put_text(page, code);
		put(page, row != NULL ? "]\n" : "\n");
	}
}

/* A fixed sentence, with the name of the signing domain in it. */
static void
put_sentence(struct page *page, const char *title, const char *sentence,
    struct span domain)
{
	g_autoptr(GString) text = g_string_new(sentence);
	g_autoptr(GString) name = g_string_new(NULL);

	text_append_terminal(name, domain);
	if (name->len > 0)
		g_string_replace(text, "the signing domain", name->str, 0);
	g_string_append_printf(page->out, "  %s: %s\n", title, text->str);
}

static void
put_meaning(
    struct page *page, const struct verdict_row *row, struct span domain)
{
	put_sentence(page, "meaning", row->meaning, domain);
	put_sentence(page, "does not show", row->does_not_show, domain);
}

/* The line of the verdict, and what of the message the signature covers. */
static void
put_signature(struct page *page, const json_t *record, const json_t *signature)
{
	const json_t *uncovered = json_object_get(signature, "uncovered");

	if (person_kind_decides(signature))
		put_label(page, verdict_row(get_verdict(signature)));
	else
		put_text(page, record_get_string(signature, "result"));
	put(page, "  ");
	put_alignment(page, record, signature);
	put(page, "   ");
	person_append_time(page->out, record, signature);
	put(page, "   ");
	put_body(page, signature);
	put(page, "   ");
	put_headers(page, signature);
	put(page, "\n");
	if (json_array_size(uncovered) > 0) {
		put(page, "  not signed:");
		put_names(page, uncovered);
		put(page, "\n");
	}
	person_append_coverage(page->out, signature, page->all);
	put_key_line(page, signature);
	person_append_signed(page->out, signature);
	person_append_rules(page->out, signature);
}

static void
put_other(struct page *page, const json_t *record, const json_t *signature)
{
	put(page, person_kind_name(signature));
	put(page, " ");
	if (person_kind_decides(signature))
		g_string_append_printf(
		    page->out, "%" PRIi64, get_integer(signature, "index") + 1);
	else
		put_text(page, record_get_string(signature, "i"));
	put(page, ": ");
	put_signature(page, record, signature);
	put_reasons(page, json_object_get(signature, "reasons"), NULL);
	put_reasons(page, json_object_get(signature, "notes"), NULL);
	if (person_kind_decides(signature))
		put_meaning(page, verdict_row(get_verdict(signature)),
		    record_get_string(signature, "domain"));
}

static void
put_others(
    struct page *page, const json_t *record, const json_t *best, bool all)
{
	const json_t *signatures = json_object_get(record, "signatures");
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const json_t *signature = json_array_get(signatures, i);

		if (signature == best ||
		    (!all && !person_kind_decides(signature)))
			continue;
		n++;
		if (all)
			put_other(page, record, signature);
	}
	if (!all && best != NULL && n > 0) {
		put(page, "  ");
		put_number(page, (int64_t)n, "other signature");
		put(page, "\n");
	}
}

const json_t *
person_best(const json_t *record)
{
	const json_t *best = json_object_get(record, "best");

	if (!json_is_integer(best))
		return NULL;
	return json_array_get(json_object_get(record, "signatures"),
	    (size_t)json_integer_value(best));
}

void
person_write(GString *out, const struct record_view *view, bool color,
    bool all_signatures)
{
	struct page page = { out, color, all_signatures };
	const json_t *record = view->json;
	const json_t *best = person_best(record);
	const json_t *reasons = json_object_get(record, "reasons");
	const struct verdict_row *row = verdict_row(view->verdict);

	if (best != NULL) {
		if (!is_of_kind(best, SPAN("dkim")))
			g_string_append_printf(
			    out, "%s  ", person_kind_name(best));
		put_signature(&page, record, best);
	} else {
		put_label(&page, row);
		person_append_proof(out, record);
		put(&page, "\n");
	}
	person_append_no_proof(out, record);
	put_repairs(&page, record);
	put_reasons(&page, reasons, NULL);
	put_reasons(&page, json_object_get(best, "reasons"), reasons);
	put_reasons(&page, json_object_get(best, "notes"), reasons);
	person_append_senders(out, record, best);
	if (json_is_true(json_object_get(record, "cut")))
		put(&page, "  note: texts of this record were cut short.\n");
	put_meaning(&page, row, record_get_string(best, "domain"));
	person_append_attachments(out, record, all_signatures);
	person_write_kinds(out, record, best);
	person_append_claims(out, record, all_signatures);
	person_write_embedded(out, record);
	put_others(&page, record, best, all_signatures);
}
