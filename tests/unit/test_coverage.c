/* test_coverage.c - what a signature leaves unsigned. */
#include "verifier/verdict/coverage.h"

#include <glib.h>
#include <string.h>

#define S(text) SPAN(text)

#define FROM    "From: a@b.c\r\n"
#define PLAIN   "\r\nText\r\n"
#define MIXED   "Content-Type: multipart/mixed; boundary=x\r\n"
#define PARTS   "\r\n--x\r\n\r\nText\r\n--x--\r\n"
#define HTML    "Content-Type: text/html\r\n"
#define VERSION "MIME-Version: 1.0\r\n"

static const struct {
	const char *name;
	struct span message;
	const char *h; /* names signed */
	const char *uncovered;
	bool headers_full, mime_signed, mime_fixed;
} cases[] = {
	{ "all", S(FROM "Subject: x\r\nTo: y\r\n" PLAIN), "from:subject:to", "",
	    true, true, false },
	{ "names in any case", S("FROM: a@b.c\r\nsubject : x\r\n" PLAIN),
	    "From:SUBJECT", "", true, true, false },
	{ "others do not count", S("Received: x\r\n" FROM "X-Y: z\r\n" PLAIN),
	    "from", "", true, true, false },
	{ "subject", S("Subject: x\r\n" FROM PLAIN), "from", "subject", false,
	    true, false },
	{ "sorted and once",
	    S("To: x\r\nSubject: x\r\nTo: y\r\nCc: z\r\n" FROM PLAIN), "from",
	    "cc subject to", false, true, false },
	{ "From above the signed one", S("From: evil@b.c\r\n" FROM PLAIN),
	    "from", "from", false, true, false },
	{ "over-signed", S("From: evil@b.c\r\n" FROM PLAIN), "from:from", "",
	    true, true, false },
	{ "all of the list",
	    S("Sender: x\r\nReply-To: x\r\nTo: x\r\nCc: x\r\nDate: x\r\n"
	      "Subject: x\r\nMessage-ID: x\r\nIn-Reply-To: x\r\n"
	      "References: x\r\n" FROM PLAIN),
	    "",
	    "cc date from in-reply-to message-id references reply-to sender "
	    "subject to",
	    false, true, false },
	{ "MIME signed", S(FROM VERSION MIXED PARTS),
	    "from:mime-version:content-type", "", true, true, false },
	{ "MIME unsigned but framed", S(FROM VERSION MIXED PARTS), "from",
	    "content-type mime-version", true, false, true },
	{ "MIME open", S(FROM HTML PLAIN), "from", "content-type", true, false,
	    false },
	{ "a second Content-Type", S(HTML FROM HTML PLAIN), "from:content-type",
	    "content-type", true, false, false },
	{ "any Content-", S("content-x: y\r\n" FROM HTML PLAIN),
	    "from:content-type", "content-x", true, false, false },
	{ "no MIME name", S("Content: y\r\nMIME: x\r\n" FROM PLAIN), "from", "",
	    true, true, false },
	{ "no field", S("\r\nText\r\n"), "from", "", true, true, false },
};

struct setting {
	struct arena *arena;
	uint8_t *buffer;
	struct message message;
	struct signature_facts facts;
};

static void
setting_init(struct setting *setting, struct span raw, const char *h)
{
	static const struct reading reading;
	g_auto(GStrv) names = g_strsplit(h, ":", -1);
	guint n = g_strv_length(names);

	memset(setting, 0, sizeof(*setting));
	setting->arena = arena_new();
	setting->buffer = g_malloc(READING_BUFFER);
	message_open(
	    &setting->message, setting->arena, setting->buffer, raw, &reading);
	struct span *spans =
	    arena_alloc_array(setting->arena, n, sizeof(*spans));
	for (guint i = 0; i < n; i++)
		spans[i] =
		    arena_copy(setting->arena, span_from_string(names[i]));
	header_select(&setting->facts.selection, setting->arena,
	    &setting->message.header, spans, n, NULL);
	setting->facts.header_hashed = true;
	setting->facts.body.state = BODY_MATCH;
}

static void
setting_clear(struct setting *setting)
{
	arena_free(setting->arena);
	g_free(setting->buffer);
}

static char *
names_text(const struct coverage *coverage)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < coverage->n_uncovered; i++) {
		if (i > 0)
			g_string_append_c(text, ' ');
		g_string_append_len(text,
		    (const char *)coverage->uncovered[i].p,
		    (gssize)coverage->uncovered[i].n);
	}
	return g_string_free(text, FALSE);
}

static void
test_headers(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct setting setting;
		struct coverage got;
		g_test_message("%s", cases[i].name);
		setting_init(&setting, cases[i].message, cases[i].h);
		coverage_get(
		    &got, setting.arena, &setting.facts, &setting.message);
		g_autofree char *names = names_text(&got);
		g_assert_cmpstr(names, ==, cases[i].uncovered);
		g_assert_cmpint(got.headers_full, ==, cases[i].headers_full);
		g_assert_cmpint(got.mime_signed, ==, cases[i].mime_signed);
		g_assert_cmpint(got.mime_fixed, ==, cases[i].mime_fixed);
		setting_clear(&setting);
	}
}

static void
test_not_hashed(void)
{
	struct setting setting;
	struct coverage got;

	setting_init(&setting, S(FROM PLAIN), "from");
	setting.facts.header_hashed = false;
	coverage_get(&got, setting.arena, &setting.facts, &setting.message);
	g_assert_false(got.headers_full);
	setting_clear(&setting);
}

static const struct {
	enum body_state state;
	uint64_t covered, total;
	bool want;
} bodies[] = {
	{ BODY_MATCH, 10, 10, true },
	{ BODY_MATCH, 9, 10, false },
	{ BODY_MATCH, 0, 10, false },
	{ BODY_MATCH, 0, 0, true },
	{ BODY_NOT_HASHED, 0, 0, false },
};

static void
test_body(void)
{
	struct setting setting;

	setting_init(&setting, S(FROM PLAIN), "from");
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		struct coverage got;
		setting.facts.body =
		    (struct body_facts){ .state = bodies[i].state,
			    .covered = bodies[i].covered,
			    .total = bodies[i].total };
		coverage_get(
		    &got, setting.arena, &setting.facts, &setting.message);
		g_assert_cmpint(got.body_full, ==, bodies[i].want);
	}
	setting_clear(&setting);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/coverage/headers", test_headers);
	g_test_add_func("/coverage/not-hashed", test_not_hashed);
	g_test_add_func("/coverage/body", test_body);
	return g_test_run();
}
