/* semantics_arc.c - chains of ARC sets, good and bad (RFC 8617). */
#include "tests/gen/semantics_older.h"

#include <string.h>

#include "tests/gen/mail_older.h"

static struct arc_options
arc_of(const struct case_of *given, const char *label, guint instance)
{
	return (struct arc_options){ .key = semantics_key(given, label),
		.domain = "lists.example",
		.selector = key_list_row(given->keys, label)->selector,
		.instance = instance };
}

static void
add_sets(const struct case_of *given, guint first, guint last)
{
	for (guint i = first; i <= last; i++) {
		const struct arc_options options = arc_of(given, "list", i);
		mail_add_arc_set(given->mail, &options);
	}
}

/* Remove the topmost field that begins with "start". */
static void
remove_field(struct mail *mail, const char *start)
{
	for (guint i = 0; i < mail->fields->len; i++) {
		if (g_str_has_prefix(
			g_ptr_array_index(mail->fields, i), start)) {
			g_ptr_array_remove_index(mail->fields, i);
			return;
		}
	}
	g_assert_not_reached();
}

static void
repeat_field(struct mail *mail, const char *start)
{
	for (guint i = 0; i < mail->fields->len; i++) {
		const char *field = g_ptr_array_index(mail->fields, i);
		if (g_str_has_prefix(field, start)) {
			mail_add_top(mail, "%s", field);
			return;
		}
	}
	g_assert_not_reached();
}

static void
arc_1(const struct case_of *given)
{
	add_sets(given, 1, 1);
}

static void
arc_2(const struct case_of *given)
{
	add_sets(given, 1, 2);
}

static void
arc_3(const struct case_of *given)
{
	add_sets(given, 1, 3);
}

static void
arc_50(const struct case_of *given)
{
	add_sets(given, 1, 50);
}

static void
arc_51(const struct case_of *given)
{
	add_sets(given, 1, 51);
}

static void
arc_ed25519(const struct case_of *given)
{
	struct arc_options options = arc_of(given, "edwards", 1);

	mail_add_arc_set(given->mail, &options);
	add_sets(given, 2, 2);
}

static void
arc_with(const struct case_of *given, const char *label, const char *chain,
    const char *seal_extra, gboolean sha1)
{
	struct arc_options options = arc_of(given, label, 1);

	options.chain = chain;
	options.seal_extra = seal_extra;
	options.sha1 = sha1;
	mail_add_arc_set(given->mail, &options);
}

static void
arc_sha1(const struct case_of *given)
{
	arc_with(given, "list", NULL, NULL, TRUE);
}

static void
arc_short_key(const struct case_of *given)
{
	arc_with(given, "short", NULL, NULL, FALSE);
}

static void
arc_no_key(const struct case_of *given)
{
	arc_with(given, "lost", NULL, NULL, FALSE);
}

static void
arc_first_says_pass(const struct case_of *given)
{
	arc_with(given, "list", "pass", NULL, FALSE);
}

static void
arc_seal_has_headers(const struct case_of *given)
{
	arc_with(given, "list", NULL, "h=from; ", FALSE);
}

static void
arc_signs_seal(const struct case_of *given)
{
	struct arc_options options = arc_of(given, "list", 1);

	options.names = "From:Subject:ARC-Seal";
	mail_add_arc_set(given->mail, &options);
}

static void
arc_says_fail(const struct case_of *given)
{
	struct arc_options options = arc_of(given, "list", 2);

	add_sets(given, 1, 1);
	mail_replace(given->mail, "Subject", "Subject: [list] older mail");
	options.chain = "fail";
	options.alone = TRUE;
	mail_add_arc_set(given->mail, &options);
}

static void
arc_missing_set(const struct case_of *given)
{
	add_sets(given, 1, 1);
	add_sets(given, 3, 3);
}

static void
arc_missing_seal(const struct case_of *given)
{
	add_sets(given, 1, 2);
	remove_field(given->mail, "ARC-Seal: i=1;");
}

static void
arc_missing_results(const struct case_of *given)
{
	add_sets(given, 1, 2);
	remove_field(given->mail, "ARC-Authentication-Results: i=1;");
}

static void
arc_repeated_seal(const struct case_of *given)
{
	add_sets(given, 1, 2);
	repeat_field(given->mail, "ARC-Seal: i=2;");
}

static void
arc_body_altered(const struct case_of *given)
{
	add_sets(given, 1, 2);
	g_string_append(given->mail->body, "-- \r\nlist footer\r\n");
}

/* The list adds a footer, and seals what it sends. */
static void
arc_footer_between(const struct case_of *given)
{
	add_sets(given, 1, 1);
	g_string_append(given->mail->body, "-- \r\nlist footer\r\n");
	add_sets(given, 2, 2);
}

/* What a handler before the last one said was changed after it was sealed. */
static void
arc_results_altered(const struct case_of *given)
{
	add_sets(given, 1, 2);
	mail_replace(given->mail, "ARC-Authentication-Results",
	    "ARC-Authentication-Results: i=1; lists.example; dkim=pass "
	    "header.d=bank.example");
}

/* A set of another message on top. */
static void
arc_transplanted(const struct case_of *given)
{
	add_sets(given, 1, 1);
	mail_replace(given->mail, "Subject", "Subject: something else");
	mail_replace(given->mail, "From", "From: alice@bank.example");
}

const struct older semantics_arc[] = {
	{ "arc-1", "unsigned", "unsigned", "pass arc-pass", "-", arc_1 },
	{ "arc-2", "unsigned", "unsigned", "pass arc-pass", "-", arc_2 },
	{ "arc-3", "unsigned", "unsigned", "pass arc-pass", "-", arc_3 },
	{ "arc-50", "unsigned", "unsigned", "pass arc-pass", "-", arc_50 },
	{ "arc-51", "unsigned", "unsigned", "fail arc-instance", "-", arc_51 },
	{ "arc-ed25519", "unsigned", "unsigned", "pass arc-pass", "-",
	    arc_ed25519 },
	{ "arc-sha1", "unsigned", "unsigned", "fail arc-weak", "-", arc_sha1 },
	{ "arc-short-key", "unsigned", "unsigned", "fail arc-weak", "-",
	    arc_short_key },
	{ "arc-no-key", "unsigned", "unsigned", "null arc-key-missing", "-",
	    arc_no_key },
	{ "arc-first-says-pass", "unsigned", "unsigned", "fail arc-chain-value",
	    "-", arc_first_says_pass },
	{ "arc-seal-has-headers", "unsigned", "unsigned",
	    "fail arc-seal-broken", "-", arc_seal_has_headers },
	{ "arc-signs-seal", "unsigned", "unsigned",
	    "fail arc-message-signature", "-", arc_signs_seal },
	{ "arc-says-fail", "unsigned", "unsigned", "fail arc-says-fail", "-",
	    arc_says_fail },
	{ "arc-missing-set", "unsigned", "unsigned", "fail arc-set-incomplete",
	    "-", arc_missing_set },
	{ "arc-missing-seal", "unsigned", "unsigned", "fail arc-set-incomplete",
	    "-", arc_missing_seal },
	{ "arc-missing-results", "unsigned", "unsigned",
	    "fail arc-set-incomplete", "-", arc_missing_results },
	{ "arc-repeated-seal", "unsigned", "unsigned", "fail arc-set-duplicate",
	    "-", arc_repeated_seal },
	{ "arc-body-altered", "unsigned", "unsigned",
	    "fail arc-message-signature", "-", arc_body_altered },
	{ "arc-footer-between", "unsigned", "unsigned", "pass arc-pass", "-",
	    arc_footer_between },
	{ "arc-results-altered", "unsigned", "unsigned", "fail arc-seal-broken",
	    "-", arc_results_altered },
	{ "arc-transplanted", "unsigned", "unsigned",
	    "fail arc-message-signature", "-", arc_transplanted },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};
