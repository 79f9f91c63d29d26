/* compare_run.c - one side of a comparison: a finished case. */
#include "verifier/case/compare_run.h"

#include "verifier/run/lines.h"
#include "verifier/run/run.h"

#include "keysnap/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool
failed(const struct compared_run *run, const char *name, const char *why,
    GError **error)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s/%s: %s",
	    run->folder, name, why);
	return false;
}

void
compare_digest(const struct crypto *crypto, struct span octets,
    uint8_t out[DIGEST_SHA256_SIZE])
{
	digest_sha256(crypto, octets, out);
}

static int
add_piece(const char *text, size_t n, void *user)
{
	digest_add(user, (struct span){ (const uint8_t *)text, n });
	return 0;
}

static void
add_value(struct digest *digest, const json_t *value)
{
	const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS;

	/* One that it cannot write is as good as none: the records are
	 * compared then. */
	if (value != NULL)
		json_dump_callback(value, add_piece, digest, flags);
	digest_add(digest, SPAN("\n"));
}

void
compare_content(const struct crypto *crypto, const json_t *record,
    const uint8_t identity[DIGEST_SHA256_SIZE], uint8_t out[DIGEST_SHA256_SIZE])
{
	static const char *const passed_over[] = { "seq", "source", NULL };
	/* Of the source: how it was read. */
	static const char *const reading[] = { "dialect", "format", "line_ends",
		"split" };
	const json_t *source = json_object_get(record, "source");
	struct digest digest;
	const char *name;
	json_t *value;

	digest_init(&digest, crypto, DIGEST_SHA256);
	digest_add(&digest, (struct span){ identity, DIGEST_SHA256_SIZE });
	/* In the order of the file, which is that of the names. */
	json_object_foreach((json_t *)(uintptr_t)record, name, value)
	{
		if (g_strv_contains(passed_over, name))
			continue;
		digest_add(&digest, span_from_string(name));
		add_value(&digest, value);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(reading); i++)
		add_value(&digest, json_object_get(source, reading[i]));
	digest_finish(&digest, out);
	digest_clear(&digest);
}

struct span
compare_message_id(struct span text)
{
	text = span_trim_fws(text);
	if (text.n >= 2 && text.p[0] == '<' && text.p[text.n - 1] == '>')
		text = span_sub(text, 1, text.n - 2);
	return text;
}

/* ---- opening ------------------------------------------------------------- */

static bool
open_run_json(struct compared_run *run, GError **error)
{
	static const char *const members[] = { "basis", "options", "outputs",
		"public_suffix_list_sha256", "tool", "versions" };
	g_autofree char *path = g_build_filename(run->folder, "run.json", NULL);

	if (!file_exists(path)) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_EXISTS,
		    "%s is not there: this is no case with a finished run",
		    path);
		return false;
	}
	run->file = run_file_open(path, error);
	if (run->file == NULL)
		return false;
	run->run = json_object();
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		json_object_set_new(
		    run->run, members[i], run_file_get(run->file, members[i]));
	return true;
}

bool
compared_run_open(struct compared_run *run, const char *folder,
    const struct crypto *crypto, GError **error)
{
	g_autofree char *path = NULL;

	*run = (struct compared_run){ .crypto = crypto, .results = -1 };
	run->folder = g_strdup(folder);
	if (!open_run_json(run, error))
		return false;
	path = g_build_filename(folder, "results.jsonl", NULL);
	run->results = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return run->results >= 0 ||
	    failed(run, "results.jsonl", g_strerror(errno), error);
}

void
compared_run_clear(struct compared_run *run)
{
	run_file_close(run->file);
	json_decref(run->run);
	json_decref(run->header);
	if (run->folder != NULL && run->results >= 0)
		close(run->results);
	g_free(run->folder);
	*run = (struct compared_run){ .results = -1 };
}

/* ---- records ------------------------------------------------------------- */

static void
add_text(GString *out, const json_t *object, const char *name)
{
	g_autofree char *exact = g_strconcat(name, "_b64", NULL);
	const char *text = json_string_value(json_object_get(object, exact));

	/* The exact octets, where there are such. */
	if (text == NULL)
		text = json_string_value(json_object_get(object, name));
	g_string_append(out, text != NULL ? text : "");
	g_string_append_c(out, '\n');
}

static void
path_digest(const struct crypto *crypto, const json_t *object,
    uint8_t out[DIGEST_SHA256_SIZE])
{
	g_autoptr(GString) text = g_string_new(NULL);

	add_text(text, object, "path");
	compare_digest(crypto,
	    (struct span){ (const uint8_t *)text->str, text->len }, out);
}

static void
location_digest(const struct crypto *crypto, const json_t *source,
    uint8_t out[DIGEST_SHA256_SIZE])
{
	const json_t *chain = json_object_get(source, "chain");
	g_autoptr(GString) text = g_string_new(NULL);

	add_text(text, source, "path");
	for (size_t i = 0; i < json_array_size(chain); i++) {
		const json_t *link = json_array_get(chain, i);

		add_text(text, link, "format");
		g_string_append_printf(text, "%" JSON_INTEGER_FORMAT "\n",
		    json_integer_value(json_object_get(link, "number")));
	}
	g_string_append_printf(text, "%" JSON_INTEGER_FORMAT,
	    json_integer_value(json_object_get(source, "offset")));
	compare_digest(crypto,
	    (struct span){ (const uint8_t *)text->str, text->len }, out);
}

static void
fill_place(struct place *place, const struct crypto *crypto,
    const struct record_view *view)
{
	const json_t *source = json_object_get(view->json, "source");
	struct span id = compare_message_id(record_get_string(
	    json_object_get(view->json, "message"), "message_id"));

	place->seq = view->seq;
	path_digest(crypto, source, place->path);
	location_digest(crypto, source, place->location);
	if (id.n > 0)
		compare_digest(crypto, id, place->name);
}

/* One line; the first is the header. */
static bool
take_line(struct compared_run *run, struct arena *arena, struct span line,
    struct place *place, struct record_view *view, GError **error)
{
	enum record_kind kind;
	const char *why;
	g_autofree char *number = NULL;

	if (record_read(view, &kind, arena, line, &why)) {
		if ((kind == RECORD_HEADER) == (run->header == NULL)) {
			if (kind == RECORD_HEADER)
				run->header = json_incref(view->json);
			else
				fill_place(place, run->crypto, view);
			return true;
		}
		why = "a header where none belongs, or none";
		record_view_clear(view);
	}
	number = g_strdup_printf(
	    "record %" G_GUINT64_FORMAT ": %s", run->records, why);
	return failed(run, "results.jsonl", number, error);
}

static bool
read_records(struct compared_run *run, struct lines *lines,
    bool (*each)(void *user, struct place *place,
	const struct record_view *view, GError **error),
    void *user, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct record_view view = { .json = NULL };
	struct span line;
	uint64_t offset = 0;
	bool good = true;
	int got = 1;

	while (good && (got = lines_next(lines, &line, error)) == 1) {
		struct place place = { .offset = offset, .length = line.n };
		bool first = run->header == NULL;

		arena_reset(arena);
		good = take_line(run, arena, line, &place, &view, error);
		offset += line.n + 1;
		if (good && !first) {
			run->records++;
			run->verdicts[view.verdict]++;
			good = each(user, &place, &view, error);
		}
		record_view_clear(&view);
	}
	if (good && got == 0 && run->header == NULL)
		return failed(run, "results.jsonl", "is empty", error);
	return good && got == 0;
}

bool
compared_run_read(struct compared_run *run,
    bool (*each)(void *user, struct place *place,
	const struct record_view *view, GError **error),
    void *user, GError **error)
{
	g_autofree char *path =
	    g_build_filename(run->folder, "results.jsonl", NULL);
	struct lines *lines =
	    lines_open(path, RECORD_LINE_MAX, run->crypto, error);
	uint8_t sha256[DIGEST_SHA256_SIZE];
	bool good = lines != NULL &&
	    read_records(run, lines, each, user, error) &&
	    lines_finish(lines, sha256, error);

	lines_close(lines);
	if (!good)
		return false;
	run->altered = !run_outputs_have(
	    json_object_get(run->run, "outputs"), "results.jsonl", sha256);
	return true;
}

json_t *
compared_run_record(
    const struct compared_run *run, const struct place *place, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	size_t n = (size_t)place->length;
	g_autofree uint8_t *octets = g_malloc(n + 1);
	const char *why;
	json_t *json;

	if (!file_read_at(run->results, run->folder, octets, n,
		(int64_t)place->offset, error))
		return NULL;
	json = json_parse_line(arena, (struct span){ octets, n }, false, &why);
	if (json == NULL)
		failed(run, "results.jsonl", why, error);
	return json;
}

/* ---- files --------------------------------------------------------------- */

/* One element of "inputs"; members of containers are left out. */
static bool
add_file(const struct compared_run *run, struct span text,
    struct sorter *by_path, struct sorter *by_file, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct place place = { .seq = 0 };
	const char *why;
	json_t *json = json_parse_line(arena, text, false, &why);
	bool top = json_object_get(json, "chain") == NULL &&
	    digest_from_hex(record_get_string(json, "sha256"), place.file);
	bool good = true;

	if (top) {
		path_digest(run->crypto, json, place.path);
		memcpy(place.key, place.path, sizeof(place.key));
		good = by_path == NULL || place_add(by_path, &place, error);
		memcpy(place.key, place.file, sizeof(place.key));
		good = good &&
		    (by_file == NULL || place_add(by_file, &place, error));
	}
	json_decref(json);
	return good;
}

bool
compared_run_files(struct compared_run *run, struct sorter *by_path,
    struct sorter *by_file, GError **error)
{
	struct run_list *list = run_list_open(run->file, "inputs", error);
	struct span text;
	bool good = list != NULL;

	while (good && run_list_get(list, &text)) {
		good = add_file(run, text, by_path, by_file, error);
		run_list_next(list);
	}
	run_list_close(list);
	return good;
}

/* ---- both ---------------------------------------------------------------- */

static bool
differ(const json_t *a, const json_t *b, const char *name)
{
	const json_t *one = json_object_get(a, name);
	const json_t *two = json_object_get(b, name);

	return one != two &&
	    (one == NULL || two == NULL || !json_equal(one, two));
}

/* Is one vouched for by somebody, the other by nobody? */
static bool
vouched_otherwise(const json_t *a, const json_t *b)
{
	const char *one = json_string_value(json_object_get(a, "vouched"));
	const char *two = json_string_value(json_object_get(b, "vouched"));

	return (g_strcmp0(one, "nobody") == 0) !=
	    (g_strcmp0(two, "nobody") == 0);
}

void
compared_runs_contrast(const struct compared_run *a,
    const struct compared_run *b, struct contrast *contrast)
{
	const json_t *options[] = { json_object_get(a->run, "options"),
		json_object_get(b->run, "options") };
	const json_t *bases[] = { json_object_get(a->run, "basis"),
		json_object_get(b->run, "basis") };

	*contrast = (struct contrast){
		.snapshot = differ(a->header, b->header, "root"),
		.vouched = vouched_otherwise(a->header, b->header),
		.repairs = differ(options[0], options[1], "repairs"),
		.min_grade = differ(options[0], options[1], "min_grade"),
		.max_gap = differ(options[0], options[1], "max_gap_days"),
		.equivalences =
		    differ(options[0], options[1], "equivalences_sha256"),
		.suffix_list =
		    differ(a->run, b->run, "public_suffix_list_sha256"),
		.anchors = differ(a->header, b->header, "anchors") ||
		    differ(a->header, b->header, "as_of") ||
		    differ(a->header, b->header, "hash_lists"),
		.limits = differ(bases[0], bases[1], "limits"),
		.program = differ(a->header, b->header, "tool") ||
		    differ(a->run, b->run, "versions"),
	};
}
