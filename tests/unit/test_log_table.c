/* test_log_table.c - log.jsonl: its lines, its root, what it is refused for. */
#include "keysnap/store/log_table.h"

#include "keysnap/store/entry.h"
#include "keysnap/store/merkle.h"
#include "keysnap/store/store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define H "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define STORE \
	"{\"format\":\"keysnap-log 1\",\"origin\":\"o\",\"type\":\"store\"}\n"
#define SOURCE                                                               \
	"{\"evidence\":[\"" H "\",\"" H "\"],\"file\":\"f\",\"format\":"     \
	"\"zone\",\"imported\":\"2020-01-01T00:00:00Z\",\"observer\":\"me\"" \
	",\"sha256\":\"" H                                                   \
	"\",\"size\":0,\"tool\":\"k\",\"type\":\"source\"}\n"
#define SEEN(source)                                                \
	"{\"kind\":\"nodata\",\"method\":\"dig\",\"name\":\"s.a\"," \
	"\"source\":" source ",\"time_kind\":\"none\",\"type\":"    \
	"\"observation\"}\n"
#define NOVEL "{\"evidence\":[\"" H "\"],\"type\":\"novel\"}\n"

#define MADE  "\"made\":\"2020-01-01T00:00:00Z\""
#define NOTE(target)                                           \
	"{\"kind\":\"note\"," MADE ",\"target\":[" target "]," \
	"\"text\":\"x\",\"type\":\"annotation\"}\n"
#define SIGHTING(of)                                                       \
	"{\"first\":\"2020-01-01T00:00:00Z\",\"last\":\"2020-01-01T00:00:" \
	"00Z\",\"of\":[" of "],\"precision\":\"day\",\"source\":1,"        \
	"\"time_kind\":\"observed\",\"type\":\"sighting\"}\n"
#define HEALTH                                            \
	"{\"check\":\"exponent\",\"key\":\"" H "\"," MADE \
	",\"result\":\"good\",\"tool\":\"k\",\"type\":\"key-health\"}\n"
#define ANCHOR(root, size)                                               \
	"{\"evidence\":[\"" H "\"],\"kind\":\"rfc3161\"," MADE           \
	",\"precision\":\"second\",\"root\":\"" root "\",\"size\":" size \
	",\"time\":\"2020-01-01T00:00:00Z\",\"tool\":\"k\",\"type\":"    \
	"\"anchor\"}\n"

static const struct {
	const char *name, *text;
	uint64_t want;    /* entries; 0: refused */
	const char *line; /* named in the error */
} cases[] = {
	{ "first entry alone", STORE, 1, NULL },
	{ "all", STORE SOURCE SEEN("1") NOVEL SEEN("1"), 5, NULL },
	{ "empty", "", 0, "line 1" },
	{ "line feed alone", "\n", 0, "line 1" },
	{ "no last line feed", STORE "{\"type\":\"novel\"}", 0, "line 2" },
	{ "empty line", STORE "\n" NOVEL, 0, "line 2" },
	{ "empty line last", STORE NOVEL "\n", 0, "line 3" },
	{ "CR", STORE "{\"type\":\"novel\"}\r\n", 0, "line 2" },
	{ "two store entries", STORE STORE, 0, "line 2" },
	{ "no store entry", NOVEL, 0, "line 1" },
	{ "source is no source", STORE SOURCE SEEN("0"), 0, "line 3" },
	{ "source is itself", STORE SEEN("1"), 0, "line 2" },
	{ "sighting", STORE SOURCE SEEN("1") SIGHTING("2"), 4, NULL },
	{ "sighting of a source", STORE SOURCE SEEN("1") SIGHTING("1,2"), 0,
	    "line 4" },
	{ "note on anything", STORE SOURCE NOVEL NOTE("0,1,2"), 4, NULL },
	{ "anchor of no state of this log", STORE SOURCE ANCHOR(H, "1"), 0,
	    "line 3" },
	{ "no JSON", STORE "x\n", 0, "line 2" },
};

struct fixture {
	struct crypto *crypto;
	char *path;
	int fd;
};

static void
setup(struct fixture *fixture, gconstpointer unused)
{
	(void)unused;
	fixture->crypto = crypto_open(NULL);
	fixture->fd = g_file_open_tmp("log-XXXXXX", &fixture->path, NULL);
}

static void
teardown(struct fixture *fixture, gconstpointer unused)
{
	(void)unused;
	close(fixture->fd);
	g_unlink(fixture->path);
	g_free(fixture->path);
	crypto_close(fixture->crypto);
}

static struct log_table *
read_text(struct fixture *fixture, struct span text, GError **error)
{
	g_assert_cmpint(ftruncate(fixture->fd, 0), ==, 0);
	g_assert_cmpint(
	    pwrite(fixture->fd, text.p, text.n, 0), ==, (gssize)text.n);
	return log_table_read(
	    fixture->fd, fixture->path, fixture->crypto, error);
}

/* The root, as merkle.h gives it for the lines. */
static void
check_root(
    struct fixture *fixture, const struct log_table *table, struct span text)
{
	struct merkle merkle;
	uint8_t hash[32], root[32];
	uint64_t at = 0;

	merkle_init(&merkle, fixture->crypto);
	for (uint64_t i = 0; text.n > 0; i++) {
		size_t n = span_find(text, '\n');

		merkle_leaf(&merkle, span_sub(text, 0, n), hash);
		merkle_add(&merkle, hash);
		g_assert_cmpuint(table->index.entries[i].offset, ==, at);
		g_assert_cmpuint(table->index.entries[i].length, ==, n);
		g_assert_true(
		    memcmp(table->index.entries[i].leaf_hash, hash, 32) == 0);
		at += n + 1;
		text = span_from(text, n + 1);
	}
	merkle_root(&merkle, root);
	g_assert_true(memcmp(root, table->index.root, 32) == 0);
	merkle_clear(&merkle);
}

static void
test_cases(struct fixture *fixture, gconstpointer unused)
{
	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span text = span_from_string(cases[i].text);
		GError *error = NULL;
		struct log_table *table = read_text(fixture, text, &error);

		g_test_message("%s", cases[i].name);
		g_assert_true((table != NULL) == (cases[i].want > 0));
		if (table != NULL) {
			g_assert_cmpuint(table->index.n, ==, cases[i].want);
			check_root(fixture, table, text);
		} else {
			g_assert_error(
			    error, STORE_ERROR, STORE_ERROR_INTEGRITY);
			g_assert_nonnull(strstr(error->message, cases[i].line));
			g_assert_nonnull(strstr(error->message, fixture->path));
		}
		g_clear_error(&error);
		log_table_free(table);
	}
}

/* An anchor of the state after the first entry, and of the one after the
 * second, which is refused when the root is that of the first. */
static void
test_anchors(struct fixture *fixture, gconstpointer unused)
{
	struct log_table *table = read_text(fixture, SPAN(STORE), NULL);
	GString *text = g_string_new(STORE SOURCE);
	char root[DIGEST_HEX_SIZE];
	GError *error = NULL;

	(void)unused;
	digest_to_hex((struct span){ table->index.root, 32 }, root);
	log_table_free(table);
	g_string_append_printf(text, ANCHOR("%s", "1"), root);
	table = read_text(
	    fixture, (struct span){ (uint8_t *)text->str, text->len }, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(table->index.n, ==, 3);
	g_assert_cmpuint(table->index.n_about, ==, 1);
	g_assert_cmpuint(table->index.about[0].of, ==, 0);
	g_assert_cmpuint(table->index.about[0].number, ==, 2);
	log_table_free(table);
	g_string_append_printf(text, ANCHOR("%s", "2"), root);
	g_assert_null(read_text(
	    fixture, (struct span){ (uint8_t *)text->str, text->len }, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_assert_nonnull(strstr(error->message, "line 4"));
	g_clear_error(&error);
	g_string_free(text, TRUE);
}

/* Anchors of states on both sides of what the reader keeps of the tree, and
 * of the whole log before them; one wrong root among them is found. */
static void
test_far_anchors(struct fixture *fixture, gconstpointer unused)
{
	static const uint64_t sizes[] = { 1, 2, 1023, 1024, 1025, 2047, 2048,
		2049, 3001, 3002 };
	GString *text = g_string_new(STORE SOURCE);
	struct merkle merkle;
	uint8_t hash[32], root[32];
	char hex[G_N_ELEMENTS(sizes)][DIGEST_HEX_SIZE];
	GError *error = NULL;
	size_t at = 0, end, next = 0;

	(void)unused;
	for (int i = 0; i < 3000; i++)
		g_string_append(text, NOVEL);
	end = text->len;
	merkle_init(&merkle, fixture->crypto);
	while (at < end) {
		const char *line = text->str + at;
		size_t n = (size_t)(strchr(line, '\n') - line);

		merkle_leaf(
		    &merkle, (struct span){ (const uint8_t *)line, n }, hash);
		merkle_add(&merkle, hash);
		at += n + 1;
		if (next == G_N_ELEMENTS(sizes) || merkle.size != sizes[next])
			continue;
		merkle_root(&merkle, root);
		digest_to_hex((struct span){ root, 32 }, hex[next++]);
	}
	merkle_clear(&merkle);
	for (size_t wrong = 0; wrong <= next; wrong++) {
		struct log_table *table;

		g_string_truncate(text, end);
		for (size_t i = 0; i < next; i++)
			g_string_append_printf(text,
			    ANCHOR("%s", "%" G_GUINT64_FORMAT),
			    hex[i == wrong ? (i + 1) % next : i], sizes[i]);
		table = read_text(fixture,
		    (struct span){ (uint8_t *)text->str, text->len }, &error);
		g_assert_true((table != NULL) == (wrong == next));
		if (wrong < next) {
			g_autofree char *line =
			    g_strdup_printf("line %zu:", 3003 + wrong);

			g_assert_nonnull(strstr(error->message, line));
		}
		g_clear_error(&error);
		log_table_free(table);
	}
	g_string_free(text, TRUE);
}

static void
test_topics(struct fixture *fixture, gconstpointer unused)
{
	static const char text[] =
	    STORE SOURCE SEEN("1") NOTE("1,2") HEALTH SIGHTING("2");
	static const struct index_about want[] = { { 1, 3 }, { 2, 3 },
		{ 2, 5 } };
	struct log_table *table = read_text(fixture, SPAN(text), NULL);
	uint8_t key[32];
	uint64_t n;

	(void)unused;
	g_assert_nonnull(table);
	g_assert_cmpuint(table->index.n_about, ==, 3);
	g_assert_true(memcmp(table->index.about, want, sizeof(want)) == 0);
	g_assert_true(digest_from_hex(SPAN(H), key));
	g_assert_cmpuint(table->index.n_keys, ==, 1);
	g_assert_cmpuint(table->index.keys[0].number, ==, 4);
	index_table_find_key(&table->index, key, &n);
	g_assert_cmpuint(n, ==, 1);
	log_table_free(table);
}

/* Each piece of evidence once, in the order of naming. */
static void
test_evidence(struct fixture *fixture, gconstpointer unused)
{
	static const char text[] = STORE NOVEL SOURCE
	    "{\"evidence\":[\"aa23456789abcdef0123456789abcdef0123456789abcdef"
	    "0123456789abcdef\",\"" H "\"],\"type\":\"novel\"}\n";
	struct log_table *table = read_text(fixture, SPAN(text), NULL);

	(void)unused;
	g_assert_nonnull(table);
	g_assert_cmpuint(table->n_evidence, ==, 2);
	g_assert_cmpuint(table->evidence[0][0], ==, 0x01);
	g_assert_cmpuint(table->evidence[1][0], ==, 0xaa);
	g_assert_true(span_equal(table->origin, SPAN("o")));
	log_table_free(table);
}

/* Lines of every length across the window, and one that is too long. */
static void
test_long_lines(struct fixture *fixture, gconstpointer unused)
{
	GString *text = g_string_new(STORE);
	static const char end[] = "\",\"type\":\"novel\"}";
	GError *error = NULL;

	(void)unused;
	for (size_t i = 0; i < 7; i++) {
		size_t n = i % 2 == 0 ? ENTRY_LINE_MAX : 700001 * i;
		size_t start = text->len;

		n = MIN(n, (size_t)ENTRY_LINE_MAX);
		g_string_append(text, "{\"a\":\"");
		g_string_set_size(text, start + n);
		memset(text->str + start + 6, 'a', n - 6);
		memcpy(text->str + text->len - sizeof(end) + 1, end,
		    sizeof(end) - 1);
		g_string_append_c(text, '\n');
	}
	struct span whole = { (uint8_t *)text->str, text->len };
	struct log_table *table = read_text(fixture, whole, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(table->index.n, ==, 8);
	check_root(fixture, table, whole);
	log_table_free(table);
	g_string_set_size(text, strlen(STORE) + 3 * ENTRY_LINE_MAX);
	memset(text->str + strlen(STORE), 'a', 3 * ENTRY_LINE_MAX);
	whole = (struct span){ (uint8_t *)text->str, text->len };
	g_assert_null(read_text(fixture, whole, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	g_string_free(text, TRUE);
}

#define ADD(path, function) \
	g_test_add(path, struct fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/log-table/cases", test_cases);
	ADD("/log-table/anchors", test_anchors);
	ADD("/log-table/far-anchors", test_far_anchors);
	ADD("/log-table/topics", test_topics);
	ADD("/log-table/evidence", test_evidence);
	ADD("/log-table/long-lines", test_long_lines);
	return g_test_run();
}
