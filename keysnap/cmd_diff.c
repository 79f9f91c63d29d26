/*
 * cmd_diff.c - keysnap diff: what one store or snapshot has that another has
 * not, by name and key.
 */
#include "keysnap/base/digest.h"
#include "keysnap/base/span_key.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd_view.h"
#include "keysnap/key/dns_name.h"
#include "keysnap/store/log_difference.h"

#include <string.h>

/* What was seen of one key, or of one record without a key, under a name. */
struct row {
	struct span name, reversed;
	bool is_absent; /* NXDOMAIN or NODATA: no record */
	bool has_key;   /* "sha256" is a key's, else a record's */
	uint8_t sha256[32];
	const char *type; /* "rsa", "ed25519", "revoked", "malformed", ... */
	unsigned bits;
	uint64_t a, b, only_a, only_b; /* observations */
};

struct diffing {
	struct view *views[2];
	const struct crypto *crypto;
	struct log_difference difference;
	struct arena *arena; /* rows */
	struct arena *scratch;
	GHashTable *by_key; /* GBytes -> struct row * */
	GPtrArray *rows;
	uint64_t others[2][ENTRY_UNKNOWN + 1]; /* of one side only, by type */
	size_t side;                           /* being read */
};

/* What a row is known by: its key, or its record, and what kind it is. */
static void
describe(const struct diffing *diffing,
    const struct entry_observation *observation, struct row *row)
{
	struct span text = entry_joined(diffing->scratch, observation);
	struct key_record record;
	struct public_key key = { .status = PUBLIC_KEY_MALFORMED };

	digest_sha256(diffing->crypto, text, row->sha256);
	if (observation->kind == OBSERVATION_NXDOMAIN ||
	    observation->kind == OBSERVATION_NODATA) {
		row->is_absent = true;
		row->type = observation_kind_name(observation->kind);
		return;
	}
	key_record_parse(&record, diffing->scratch, text);
	row->type = record.revoked ? "revoked" : "malformed";
	if (record.revoked || (record.defects & KEY_RECORD_FATAL) != 0)
		return;
	public_key_parse(&key, diffing->scratch, diffing->crypto, &record);
	if (key.status == PUBLIC_KEY_MALFORMED ||
	    key.status == PUBLIC_KEY_WRONG_ALGORITHM ||
	    key.status == PUBLIC_KEY_BAD_LENGTH)
		return;
	row->has_key = true;
	row->type = key_type_name(key.type);
	row->bits = key.bits;
	memcpy(row->sha256, key.sha256, sizeof(row->sha256));
}

static struct row *
row_of(struct diffing *diffing, const struct entry_observation *observation)
{
	struct row found = { .bits = 0 }, *row;
	g_autoptr(GString) key = g_string_new(NULL);
	g_autoptr(GBytes) bytes = NULL;

	describe(diffing, observation, &found);
	g_string_append_printf(key, "%s ", found.type);
	g_string_append_len(key, (const char *)found.sha256, 32);
	g_string_append_len(key, (const char *)observation->name.p,
	    (gssize)observation->name.n);
	bytes = g_bytes_new(key->str, key->len);
	row = g_hash_table_lookup(diffing->by_key, bytes);
	if (row != NULL)
		return row;
	row = arena_alloc(diffing->arena, sizeof(*row));
	*row = found;
	row->name = arena_copy(diffing->arena, observation->name);
	row->reversed = dns_name_reversed(diffing->arena, row->name);
	g_hash_table_insert(diffing->by_key, g_steal_pointer(&bytes), row);
	g_ptr_array_add(diffing->rows, row);
	return row;
}

static void
take(void *user, uint64_t number, const struct entry *entry)
{
	struct diffing *diffing = user;
	const uint8_t *only = diffing->side == 0 ? diffing->difference.only_a
						 : diffing->difference.only_b;
	struct row *row;

	if (entry->type != ENTRY_OBSERVATION) {
		diffing->others[diffing->side][entry->type] += only[number];
		return;
	}
	arena_reset(diffing->scratch);
	row = row_of(diffing, &entry->observation);
	if (diffing->side == 0) {
		row->a++;
		row->only_a += only[number];
	} else {
		row->b++;
		row->only_b += only[number];
	}
}

static int
compare_rows(const void *a, const void *b)
{
	const struct row *const *x = a, *const *y = b;
	int order = span_compare((*x)->reversed, (*y)->reversed);

	if (order == 0)
		order = strcmp((*x)->type, (*y)->type);
	return order != 0 ? order : memcmp((*x)->sha256, (*y)->sha256, 32);
}

static const char *
change_of(const struct row *row)
{
	return row->a == 0 ? "added" : row->b == 0 ? "removed" : "changed";
}

static void
append_count(GString *out, uint64_t n, const char *what)
{
	if (n > 0)
		g_string_append_printf(out, "  %" PRIu64 " observation%s %s", n,
		    n == 1 ? "" : "s", what);
}

static void
print_row(GString *out, const struct row *row)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ row->sha256, 32 }, hex);
	g_string_append_c(out, row->a == 0 ? '+' : row->b == 0 ? '-' : '~');
	g_string_append_printf(out, " %.*s  %s", (int)row->name.n,
	    (const char *)row->name.p, row->type);
	if (row->has_key)
		g_string_append_printf(out, " %u", row->bits);
	if (!row->is_absent)
		g_string_append_printf(
		    out, "  %s %s", row->has_key ? "key" : "record", hex);
	append_count(out, row->only_b, "more");
	append_count(out, row->only_a, "missing");
	g_string_append_c(out, '\n');
}

static void
print_row_json(GString *out, const struct row *row)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_integer(&writer, "bits", row->bits);
	json_write_string(&writer, "change", change_of(row));
	json_write_integer(&writer, "missing", (int64_t)row->only_a);
	json_write_integer(&writer, "more", (int64_t)row->only_b);
	json_write_octets(&writer, "name", row->name);
	json_write_string(&writer, "schema", "keysnap-difference 1");
	json_write_hex(&writer, row->has_key ? "sha256" : "txt_sha256",
	    (struct span){ row->sha256, 32 });
	json_write_string(&writer, "type", row->type);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

static void
print_side(
    GString *out, const char *letter, const char *path, const struct view *view)
{
	uint8_t root[32];
	char hex[DIGEST_HEX_SIZE];

	view_root(view, root);
	digest_to_hex((struct span){ root, 32 }, hex);
	g_string_append_printf(out, "%s  ", letter);
	text_append_terminal(out, span_from_string(path));
	g_string_append_printf(
	    out, "  %" PRIu64 " entries  root %s\n", view_size(view), hex);
}

static void
print_others(
    GString *out, const char *what, const uint64_t others[ENTRY_UNKNOWN + 1])
{
	for (int type = 0; type <= ENTRY_UNKNOWN; type++) {
		if (others[type] > 0)
			g_string_append_printf(out, "%s %s: %" PRIu64 "\n",
			    what, entry_type_name((enum entry_type)type),
			    others[type]);
	}
}

static void
print_text(struct command_line *line, const struct diffing *diffing)
{
	const struct log_difference *difference = &diffing->difference;
	g_autoptr(GString) out = g_string_new(NULL);

	print_side(out, "A", line->arguments[0], diffing->views[0]);
	print_side(out, "B", line->arguments[1], diffing->views[1]);
	for (guint i = 0; i < diffing->rows->len; i++) {
		const struct row *row = diffing->rows->pdata[i];

		if (row->only_a > 0 || row->only_b > 0)
			print_row(out, row);
	}
	print_others(out, "-", diffing->others[0]);
	print_others(out, "+", diffing->others[1]);
	g_string_append_printf(out, "log: %s\n",
	    difference->begins ? "B begins with all of A, line by line"
		: difference->same_origin
		? "B does not begin with A, though both have one origin"
		: "A and B are different logs");
	if (difference->n_only_a == 0)
		g_string_append_printf(out,
		    "B only adds: it has all that A has, and %" PRIu64
		    " entries more\n",
		    difference->n_only_b);
	else
		g_string_append_printf(out,
		    "B lacks %" PRIu64 " entries that A has, and has %" PRIu64
		    " that A lacks\n",
		    difference->n_only_a, difference->n_only_b);
	command_print(out);
}

static void
print_json(const struct diffing *diffing)
{
	const struct log_difference *difference = &diffing->difference;
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer writer;

	view_write_header(diffing->views[0], out, "keysnap-diff-a 1");
	view_write_header(diffing->views[1], out, "keysnap-diff-b 1");
	for (guint i = 0; i < diffing->rows->len; i++) {
		const struct row *row = diffing->rows->pdata[i];

		if (row->only_a > 0 || row->only_b > 0)
			print_row_json(out, row);
	}
	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_bool(&writer, "begins", difference->begins);
	json_write_integer(&writer, "missing", (int64_t)difference->n_only_a);
	json_write_integer(&writer, "more", (int64_t)difference->n_only_b);
	json_write_bool(&writer, "only_adds", difference->n_only_a == 0);
	json_write_bool(&writer, "same_origin", difference->same_origin);
	json_write_string(&writer, "schema", "keysnap-diff 1");
	json_close_object(&writer);
	g_string_append_c(out, '\n');
	command_print(out);
}

static bool
get_entry(void *user, struct arena *arena, uint64_t number,
    struct entry *entry_out, GError **error)
{
	return view_get(user, arena, number, entry_out, error);
}

static bool
read_both(struct diffing *diffing, GError **error)
{
	const struct log_side a = { diffing->views[0],
		view_size(diffing->views[0]), get_entry },
			      b = { diffing->views[1],
				      view_size(diffing->views[1]), get_entry };

	if (!log_difference_find(
		&diffing->difference, diffing->crypto, &a, &b, error))
		return false;
	for (diffing->side = 0; diffing->side < 2; diffing->side++) {
		if (!view_each(
			diffing->views[diffing->side], take, diffing, error))
			return false;
	}
	g_ptr_array_sort(diffing->rows, compare_rows);
	return true;
}

static enum exit_code
diff(struct command_line *line, struct view *a, struct view *b, bool json)
{
	struct diffing diffing = {
		.views = { a, b },
		.crypto = line->crypto,
		.arena = arena_new(),
		.scratch = arena_new(),
		.by_key = g_hash_table_new_full(bytes_key_hash, g_bytes_equal,
		    (GDestroyNotify)g_bytes_unref, NULL),
		.rows = g_ptr_array_new(),
	};
	GError *error = NULL;
	enum exit_code code = EXIT_DONE;

	if (!read_both(&diffing, &error))
		code = command_error(error, false);
	else if (json)
		print_json(&diffing);
	else
		print_text(line, &diffing);
	if (code == EXIT_DONE && diffing.difference.n_only_a > 0)
		code = EXIT_NO;
	log_difference_clear(&diffing.difference);
	g_hash_table_destroy(diffing.by_key);
	g_ptr_array_free(diffing.rows, TRUE);
	arena_free(diffing.scratch);
	arena_free(diffing.arena);
	return code;
}

static bool
is_folder(const char *path)
{
	return g_file_test(path, G_FILE_TEST_IS_DIR);
}

/* What was given is for snapshots, and --root for B. */
static struct view *
open_side(struct command_line *line, size_t side, enum exit_code *code_out)
{
	const char *path = line->arguments[side];
	bool folder = is_folder(path);
	char *public_key = line->public_key, *root = line->root;
	struct view *view;

	if (!folder)
		line->public_key = NULL;
	if (!folder || side == 0)
		line->root = NULL;
	view = view_open_path(line, path, code_out);
	line->public_key = public_key;
	line->root = root;
	return view;
}

static enum exit_code
run_diff(struct command_line *line)
{
	gboolean json = FALSE;
	const GOptionEntry options[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "JSON lines, see keysnap(5)", NULL },
		G_OPTION_ENTRY_NULL,
	};
	struct view *a, *b;
	enum exit_code code;

	if (!command_parse(line, options))
		return line->code;
	if (command_same_file(line->arguments[0], line->arguments[1]))
		return command_usage(line, "%s and %s are the same",
		    line->arguments[0], line->arguments[1]);
	if ((line->root != NULL && !is_folder(line->arguments[1])) ||
	    (line->public_key != NULL && !is_folder(line->arguments[0]) &&
		!is_folder(line->arguments[1])))
		return command_usage(
		    line, "--public-key and --root are for snapshots");
	a = open_side(line, 0, &code);
	if (a == NULL)
		return code;
	b = open_side(line, 1, &code);
	if (b != NULL) {
		code = diff(line, a, b, json);
		view_close(b);
	}
	view_close(a);
	return code;
}

const struct command command_diff = {
	.name = "diff",
	.arguments = "A B",
	.summary = "what B has that A has not, and whether B only adds",
	.examples = "  keysnap diff 2025.snap 2026.snap\n"
		    "  keysnap diff keys.snap keys.store",
	.trusts = true,
	.min_arguments = 2,
	.max_arguments = 2,
	.run = run_diff,
};
