/* self_test.c - the messages of a folder of vectors. */
#include "verifier/case/self_test.h"

#include "keysnap/base/file.h"

#include <string.h>

static void
free_result(gpointer data)
{
	struct self_test_result *result = data;

	g_free(result->id);
	g_free(result->requirement);
	g_free(result->expected);
	g_free(result->actual);
	g_free(result);
}

void
self_test_init(struct self_test *test, const struct crypto *crypto,
    const struct alignment *alignment)
{
	*test = (struct self_test){ .crypto = crypto, .alignment = alignment };
	test->results = g_ptr_array_new_with_free_func(free_result);
}

void
self_test_clear(struct self_test *test)
{
	g_ptr_array_unref(test->results);
}

void
self_test_add(struct self_test *test, const char *id, const char *requirement,
    struct span input, const char *expected, const char *actual)
{
	struct self_test_result *result = g_new0(struct self_test_result, 1);

	result->id = g_strdup(id);
	result->requirement = g_strdup(requirement);
	result->expected = g_strdup(expected);
	result->actual = g_strdup(actual);
	result->good = strcmp(expected, actual) == 0;
	digest_sha256(test->crypto, input, result->input);
	test->failed += !result->good;
	g_ptr_array_add(test->results, result);
}

/* ---- the keys ------------------------------------------------------------ */

static GBytes *
read_whole(
    const char *folder, const char *name, struct span *out, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	GBytes *bytes = file_read(path, SELF_TEST_FILE_MAX, error);

	if (bytes != NULL)
		out->p = g_bytes_get_data(bytes, &out->n);
	return bytes;
}

/* All of a log, as an excerpt of it.  Nobody vouches for it, which lets no
 * grade be better than D: enough for "verified". */
static struct snapshot *
open_log(const struct self_test *test, struct span log, GError **error)
{
	static const struct checkpoint none = { .size = 0 };
	g_autoptr(GArray) lines =
	    g_array_new(FALSE, FALSE, sizeof(struct excerpt_line));
	struct excerpt *excerpt;
	const char *why;

	while (log.n > 0) {
		size_t n = span_find(log, '\n');
		struct excerpt_line line = { lines->len, span_sub(log, 0, n) };

		g_array_append_val(lines, line);
		log = span_from(log, n + 1);
	}
	excerpt = excerpt_new(
	    (struct excerpt_line *)(void *)lines->data, lines->len, &why);
	if (excerpt != NULL)
		return snapshot_of_excerpt(
		    excerpt, &none, SNAPSHOT_BY_NOBODY, test->crypto);
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "log.jsonl of the vectors: %s", why);
	return NULL;
}

/* ---- a message ----------------------------------------------------------- */

struct running {
	struct self_test *test;
	struct judge *judge;
	const char *folder;
};

static char *
repairs_of(const json_t *record)
{
	const json_t *list = json_object_get(record, "repairs");
	g_autoptr(GString) text = g_string_new(NULL);

	for (size_t i = 0; i < json_array_size(list); i++)
		g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
		    json_string_value(json_array_get(list, i)));
	return g_strdup(text->len > 0 ? text->str : "-");
}

/* Do all signatures pass?  There must be one. */
static bool
passes(const json_t *record)
{
	const json_t *list = json_object_get(record, "signatures");
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n; i++) {
		const char *result = json_string_value(
		    json_object_get(json_array_get(list, i), "result"));

		if (g_strcmp0(result, "pass") != 0)
			return false;
	}
	return n > 0;
}

/* Does any? */
static bool
any_passes(const json_t *record)
{
	const json_t *list = json_object_get(record, "signatures");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *result = json_string_value(
		    json_object_get(json_array_get(list, i), "result"));

		if (g_strcmp0(result, "pass") == 0)
			return true;
	}
	return false;
}

/* The record of an item, as a value; NULL with "error". */
static json_t *
judge_value(struct running *running, const struct item *item, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct judgement judgement;
	const char *why;

	if (!judge_item(running->judge, item, 1, &judgement, error))
		return NULL;
	return json_parse_line(arena,
	    span_sub(judgement.line, 0, judgement.line.n - 1), false, &why);
}

/* The same message with "at" of its octets changed: nothing may pass. */
static void
run_altered(struct running *running, const struct item *item, const char *id,
    const char *requirement, size_t at)
{
	struct item other = *item;
	g_autofree uint8_t *octets = g_malloc(item->raw.n);
	g_autofree char *name = g_strdup_printf("%s, octet %zu", id, at);
	g_autoptr(GError) error = NULL;
	json_t *record;

	memcpy(octets, item->raw.p, item->raw.n);
	octets[at] ^= 1;
	other.raw.p = octets;
	record = judge_value(running, &other, &error);
	self_test_add(running->test, name, requirement, other.raw, "no pass",
	    record == NULL           ? "damaged log"
		: any_passes(record) ? "pass"
				     : "no pass");
	json_decref(record);
}

/* A letter of the value of Subject, and one of the last line. */
static void
run_both_altered(struct running *running, const struct item *item,
    const char *id, const char *requirement)
{
	static const char subject[] = "\nSubject: ";
	const uint8_t *hit =
	    memmem(item->raw.p, item->raw.n, subject, sizeof(subject) - 1);
	size_t at = item->raw.n;

	if (hit != NULL)
		run_altered(running, item, id, requirement,
		    (size_t)(hit - item->raw.p) + sizeof(subject) - 1);
	while (at > 0 && !g_ascii_isalpha(item->raw.p[at - 1]))
		at--;
	if (at > 0)
		run_altered(running, item, id, requirement, at - 1);
}

static void
run_item(struct running *running, const struct item *item, char **columns)
{
	const char *file = columns[0], *want = columns[1];
	bool pass = strcmp(want, "pass") == 0;
	g_autofree char *expected = pass
	    ? g_strdup(want)
	    : g_strdup_printf("%s (%s)", want, columns[2]);
	g_autofree char *id = g_strndup(file, strcspn(file, "."));
	g_autofree char *requirement = pass
	    ? g_strdup_printf("example of %.7s", file)
	    : g_strdup_printf(
		  "damage matrix, row %.*s", (int)strcspn(file, "-"), file);
	g_autofree char *repairs = NULL;
	g_autofree char *actual = NULL;
	g_autoptr(GError) error = NULL;
	json_t *record = judge_value(running, item, &error);

	repairs = repairs_of(record);
	actual = record == NULL ? g_strdup(error->message)
	    : pass              ? g_strdup(passes(record) ? "pass" : "no pass")
				: g_strdup_printf("%s (%s)",
				      json_string_value(json_object_get(record, "verdict")),
				      repairs);
	self_test_add(
	    running->test, id, requirement, item->raw, expected, actual);
	if (pass)
		run_both_altered(running, item, id, requirement);
	json_decref(record);
}

/* The first message of the file. */
static void
run_file(struct running *running, char **columns)
{
	g_autofree char *path =
	    g_build_filename(running->folder, columns[0], NULL);
	char *paths[] = { path };
	const struct archive_options options = { .paths = paths, .n_paths = 1 };
	struct batch *batch = batch_new();
	g_autoptr(GError) error = NULL;
	struct archive *archive =
	    archive_open(&options, running->test->crypto, &error);

	if (archive != NULL && archive_next(archive, batch, &error) == 1 &&
	    batch->n_items > 0)
		run_item(running, &batch->items[0], columns);
	else
		self_test_add(running->test, columns[0], "a file to read",
		    (struct span){ NULL, 0 }, columns[1], "cannot be read");
	batch_free(batch);
	archive_close(archive);
}

/* A name of ours, and nothing that leads out of the folder. */
static bool
is_line(char **columns)
{
	return g_strv_length(columns) == 3 && columns[0][0] != '\0' &&
	    columns[0][0] != '.' && strchr(columns[0], '/') == NULL;
}

static bool
run_list(struct running *running, struct span expect, GError **error)
{
	/* Of a list that was cut short less would be tested, and all be good. */
	if (expect.n == 0 || expect.p[expect.n - 1] != '\n') {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "expect.tsv of the vectors is empty, or was cut short");
		return false;
	}
	while (expect.n > 0) {
		size_t n = span_find(expect, '\n');
		g_autofree char *line = g_strndup((const char *)expect.p, n);
		g_auto(GStrv) columns = g_strsplit(line, "\t", 4);

		expect = span_from(expect, n + 1);
		if (!is_line(columns)) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			    "expect.tsv of the vectors has a line that is "
			    "none");
			return false;
		}
		run_file(running, columns);
	}
	return true;
}

bool
self_test_folder(struct self_test *test, const char *folder, GError **error)
{
	struct running running = { .test = test, .folder = folder };
	struct judge_context context = {
		.crypto = test->crypto,
		.alignment = test->alignment,
		.policy = { .min_grade = GRADE_D,
		    .max_gap_days = 1826,
		    .repairs = REPAIRS_ALL },
	};
	struct span log = { NULL, 0 }, expect = { NULL, 0 };
	g_autoptr(GBytes) log_bytes =
	    read_whole(folder, "log.jsonl", &log, error);
	g_autoptr(GBytes) expect_bytes = log_bytes == NULL
	    ? NULL
	    : read_whole(folder, "expect.tsv", &expect, error);
	bool good;

	if (expect_bytes == NULL)
		return false;
	digest_sha256(test->crypto, log, test->log);
	digest_sha256(test->crypto, expect, test->expect);
	context.snapshot = open_log(test, log, error);
	if (context.snapshot == NULL)
		return false;
	running.judge = judge_new(&context);
	good = run_list(&running, expect, error);
	judge_free(running.judge);
	snapshot_close(context.snapshot);
	return good;
}
