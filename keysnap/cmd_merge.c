/*
 * cmd_merge.c - keysnap merge: the entries of other stores and snapshots into
 * a store.
 */
#include "keysnap/base/clock.h"
#include "keysnap/cmd_view.h"
#include "keysnap/store/merge.h"

#include <string.h>

/* The options as given; NULL where not. */
struct given {
	char *operator, * made;
	gboolean skip_unknown;
};

static bool
get_entry(void *user, struct arena *arena, uint64_t number,
    struct entry *entry_out, GError **error)
{
	return view_get(user, arena, number, entry_out, error);
}

static bool
each_evidence(void *user,
    bool (*visit)(void *user, const uint8_t sha256[32], struct span octets),
    void *visit_user, GError **error)
{
	return snapshot_each_evidence(
	    view_snapshot(user), visit, visit_user, error);
}

static bool
get_evidence(void *user, struct arena *arena, const uint8_t sha256[32],
    struct span *octets_out, GError **error)
{
	return store_get_evidence(
	    view_store(user), arena, sha256, octets_out, error);
}

/* Who vouches for what is merged, as the note at the end says it. */
static char *
vouched_text(const struct view *view)
{
	const struct snapshot *snapshot = view_snapshot(view);
	const struct note_key *signer;
	g_autoptr(GString) key = NULL;

	if (snapshot == NULL)
		return g_strdup("a store that was not frozen");
	signer = &snapshot_checkpoint(snapshot)->signer;
	switch (snapshot_vouched(snapshot)) {
	case SNAPSHOT_BY_KEY:
		key = g_string_new("a snapshot that a public key given "
				   "vouches for, signed by ");
		note_key_append(key, signer);
		return g_strdup(key->str);
	case SNAPSHOT_BY_ROOT:
		return g_strdup("a snapshot with the root that was asked for");
	default:
		return g_strdup(MERGE_NOBODY);
	}
}

static void
describe(const struct view *view, const char *path, struct merge_log *log)
{
	const struct snapshot *snapshot = view_snapshot(view);

	log->path = path;
	log->size = view_size(view);
	view_root(view, log->root);
	log->get = get_entry;
	if (snapshot != NULL) {
		log->origin = snapshot_checkpoint(snapshot)->origin;
		log->checkpoint = snapshot_checkpoint_octets(snapshot);
		log->each_evidence = each_evidence;
	} else {
		log->origin = span_from_string(store_origin(view_store(view)));
		log->get_evidence = get_evidence;
	}
}

static void
print_types(GString *out, const struct merge_result *result)
{
	const char *before = " (";

	for (int type = 0; type <= ENTRY_UNKNOWN; type++) {
		if (result->added[type] == 0)
			continue;
		g_string_append_printf(out, "%s%s %" PRIu64, before,
		    entry_type_name((enum entry_type)type),
		    result->added[type]);
		before = ", ";
	}
	g_string_append_c(out, ')');
}

static void
print_result(const char *path, const struct merge_result *result)
{
	g_autoptr(GString) out = g_string_new(path);

	if (result->total == 0) {
		g_string_append_printf(out,
		    ": nothing added, all %" PRIu64 " entries were there "
		    "before",
		    result->known);
	} else {
		g_string_append_printf(
		    out, ": %" PRIu64 " entries added", result->total);
		print_types(out, result);
		g_string_append_printf(
		    out, ", %" PRIu64 " were there before", result->known);
	}
	if (result->skipped > 0)
		g_string_append_printf(
		    out, ", %" PRIu64 " left out", result->skipped);
	if (result->continued)
		g_string_append(out, "; both are the same log now");
	g_string_append_c(out, '\n');
	command_print(out);
	if (result->foreign > 0)
		command_say("%s: %" PRIu64 " anchors, audits or notes on that "
			    "log as a whole are notes here, without effect",
		    path, result->foreign);
	if (result->bearing > 0)
		command_say("%s: %" PRIu64 " retractions or statements on "
			    "keys came along; they count here, too",
		    path, result->bearing);
}

static enum exit_code
merge_view(struct command_line *line, struct store *store, const char *path,
    const struct merge_options *options)
{
	enum exit_code code;
	struct view *view = view_open_path(line, path, &code);
	struct merge_log log = { .user = view };
	struct merge_result result;
	g_autofree char *vouched = NULL;
	GError *error = NULL;

	if (view == NULL)
		return code;
	describe(view, path, &log);
	log.vouched = vouched = vouched_text(view);
	if (merge_add(store, line->crypto, &log, options, &result, &error))
		print_result(path, &result);
	else
		code = command_error(error, error->domain == STORE_ERROR);
	view_close(view);
	return code;
}

static enum exit_code
merge_all(struct command_line *line, const struct merge_options *options)
{
	const char *path = line->arguments[0];
	enum exit_code code = EXIT_DONE, one;
	GError *error = NULL;
	struct store *store;

	for (char **from = line->arguments + 1; *from != NULL; from++) {
		if (command_same_file(path, *from))
			return command_usage(line,
			    "%s is the store itself: nothing to merge", *from);
	}
	if (line->root != NULL && line->arguments[2] != NULL)
		return command_usage(
		    line, "--root is for one snapshot at a time");
	store = store_open(path, true, line->crypto, &error);
	if (store == NULL)
		return command_error(error, false);
	for (char **from = line->arguments + 1; *from != NULL; from++) {
		one = merge_view(line, store, *from, options);
		code = MAX(code, one);
	}
	store_close(store);
	return code;
}

static enum exit_code
read_options(struct command_line *line, const struct given *given,
    struct merge_options *options)
{
	enum timestamp_precision ignored;

	options->skip_unknown = given->skip_unknown;
	options->operator= span_from_string(given->operator);
	options->made = clock_now();
	if (given->operator!=
	    NULL &&(options->operator.n == 0 || options->operator.n>
		    ENTRY_TEXT_MAX))
		return command_usage(line,
		    "--operator is empty or over %d octets", ENTRY_TEXT_MAX);
	if (given->made != NULL &&
	    !timestamp_parse_lenient(
		span_from_string(given->made), &options->made, &ignored))
		return command_usage(
		    line, "--made \"%s\" is not a time", given->made);
	return EXIT_DONE;
}

static enum exit_code
run_merge(struct command_line *line)
{
	struct given given = { 0 };
	struct merge_options options;
	const GOptionEntry entries[] = {
		{ "operator", 0, 0, G_OPTION_ARG_STRING, &given.operator,
		    "who merges", "TEXT" },
		{ "made", 0, 0, G_OPTION_ARG_STRING, &given.made,
		    "time of the merge, else now", "TIME" },
		{ "skip-unknown", 0, 0, G_OPTION_ARG_NONE, &given.skip_unknown,
		    "leave out entries that this version does not know", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code = EXIT_USAGE;

	if (!command_parse(line, entries))
		code = line->code;
	else if (read_options(line, &given, &options) == EXIT_DONE)
		code = merge_all(line, &options);
	g_free(given.operator);
	g_free(given.made);
	return code;
}

const struct command command_merge = {
	.name = "merge",
	.arguments = "STORE FROM...",
	.summary = "add what other stores and snapshots hold",
	.examples = "  keysnap merge keys.store other.store\n"
		    "  keysnap merge keys.store 2025.snap "
		    "--public-key signing.key.pub",
	.trusts = true,
	.min_arguments = 2,
	.max_arguments = G_MAXINT,
	.run = run_merge,
};
