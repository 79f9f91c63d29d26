/*
 * cmd_stats.c - keysnap stats: how much of what is in a store or snapshot.
 */
#include "keysnap/cmd_keys.h"

#define GRADES (GRADE_F + 1)

static const enum annotation_kind annotation_kinds[] = { ANNOTATION_COMPROMISE,
	ANNOTATION_NOTE, ANNOTATION_PRIVATE_KEY_PUBLISHED, ANNOTATION_RETRACT };

struct stats {
	uint64_t entries;
	uint64_t types[ENTRY_UNKNOWN + 1];
	uint64_t annotations[ANNOTATION_PRIVATE_KEY_PUBLISHED + 1];
	uint64_t names, keys, revoked, malformed, rsa, ed25519, weak;
	uint64_t grades[GRADES];
	int64_t first, last; /* of all keys with a time */
};

static void
count_entry(void *user, uint64_t number, const struct entry *entry)
{
	struct stats *stats = user;

	(void)number;
	stats->entries++;
	stats->types[entry->type]++;
	if (entry->type == ENTRY_ANNOTATION)
		stats->annotations[entry->annotation.kind]++;
}

static void
count_key(struct stats *stats, const struct known_key *key)
{
	stats->keys++;
	stats->grades[key->grade]++;
	if (key->record.revoked)
		stats->revoked++;
	else if ((key->record.defects & KEY_RECORD_FATAL) != 0 ||
	    key->key.status == PUBLIC_KEY_MALFORMED)
		stats->malformed++;
	else if (key->key.type == KEY_TYPE_ED25519)
		stats->ed25519++;
	else
		stats->rsa++;
	if ((key->flags & PROVENANCE_WEAK) != 0)
		stats->weak++;
	if (!key->has_time)
		return;
	if (stats->first == TIMESTAMP_NONE || key->first_seen < stats->first)
		stats->first = key->first_seen;
	if (stats->last == TIMESTAMP_NONE || key->last_seen > stats->last)
		stats->last = key->last_seen;
}

static bool
count_names(struct view *view, struct stats *stats, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GPtrArray) names =
	    view_names(view, (struct span){ NULL, 0 }, error);
	struct view_keys keys;

	if (names == NULL)
		return false;
	stats->names = names->len;
	for (guint i = 0; i < names->len; i++) {
		arena_reset(arena);
		if (!view_derive(view, arena, names->pdata[i], &keys, error))
			return false;
		for (size_t k = 0; k < keys.known.n_keys; k++)
			count_key(stats, &keys.known.keys[k]);
	}
	return true;
}

/* A line of what there may be none of. */
static void
append_count(GString *out, const char *word, uint64_t n)
{
	if (n > 0)
		g_string_append_printf(out, "%-13s %" PRIu64 "\n", word, n);
}

static void
append_types(GString *out, const struct stats *stats)
{
	append_count(out, "sightings", stats->types[ENTRY_SIGHTING]);
	append_count(out, "annotations", stats->types[ENTRY_ANNOTATION]);
	append_count(out, "  notes", stats->annotations[ANNOTATION_NOTE]);
	append_count(
	    out, "  retractions", stats->annotations[ANNOTATION_RETRACT]);
	append_count(
	    out, "  compromises", stats->annotations[ANNOTATION_COMPROMISE]);
	append_count(out, "  published",
	    stats->annotations[ANNOTATION_PRIVATE_KEY_PUBLISHED]);
	append_count(out, "anchors", stats->types[ENTRY_ANCHOR]);
	append_count(out, "chain results", stats->types[ENTRY_CHAIN_RESULT]);
	append_count(out, "findings", stats->types[ENTRY_KEY_HEALTH]);
	append_count(out, "audits", stats->types[ENTRY_AUDIT]);
	append_count(out, "unknown", stats->types[ENTRY_UNKNOWN]);
}

static void
append_keys(GString *out, const struct stats *stats)
{
	g_string_append_printf(out,
	    "names         %" PRIu64 "\nkey records   %" PRIu64
	    "\n  RSA         %" PRIu64 " (%" PRIu64
	    " weak)\n  Ed25519     %" PRIu64 "\n  revoked     %" PRIu64
	    "\n  malformed   %" PRIu64 "\n",
	    stats->names, stats->keys, stats->rsa, stats->weak, stats->ed25519,
	    stats->revoked, stats->malformed);
	for (int grade = 0; grade < GRADES; grade++) {
		if (stats->grades[grade] > 0)
			g_string_append_printf(out,
			    "  grade %-2s    %" PRIu64 "\n",
			    grade_name((enum grade)grade),
			    stats->grades[grade]);
	}
}

static void
print_text(const struct stats *stats)
{
	g_autoptr(GString) out = g_string_new(NULL);

	g_string_append_printf(out,
	    "entries       %" PRIu64 "\nsources       %" PRIu64
	    "\nobservations  %" PRIu64 "\n",
	    stats->entries, stats->types[ENTRY_SOURCE],
	    stats->types[ENTRY_OBSERVATION]);
	append_types(out, stats);
	append_keys(out, stats);
	if (stats->first != TIMESTAMP_NONE) {
		g_string_append(out, "times         ");
		command_append_time(out, stats->first, TIMESTAMP_DAY_PRECISION);
		g_string_append(out, " .. ");
		command_append_time(out, stats->last, TIMESTAMP_DAY_PRECISION);
		g_string_append_c(out, '\n');
	}
	command_print(out);
}

static void
write_grades(struct json_writer *writer, const struct stats *stats)
{
	json_open_object(writer, "grades");
	for (int grade = 0; grade < GRADES; grade++)
		json_write_integer(writer, grade_name((enum grade)grade),
		    (int64_t)stats->grades[grade]);
	json_close_object(writer);
}

static void
write_annotations(struct json_writer *writer, const struct stats *stats)
{
	json_open_object(writer, "annotations");
	/* In order of their names, as canonical JSON asks. */
	for (size_t i = 0; i < G_N_ELEMENTS(annotation_kinds); i++)
		json_write_integer(writer,
		    annotation_kind_name(annotation_kinds[i]),
		    (int64_t)stats->annotations[annotation_kinds[i]]);
	json_close_object(writer);
}

static void
write_type(struct json_writer *writer, const char *member,
    const struct stats *stats, enum entry_type type)
{
	json_write_integer(writer, member, (int64_t)stats->types[type]);
}

static void
write_counts(struct json_writer *writer, const struct stats *stats)
{
	uint64_t other = stats->entries - stats->types[ENTRY_SOURCE] -
	    stats->types[ENTRY_OBSERVATION];

	write_type(writer, "anchors", stats, ENTRY_ANCHOR);
	write_annotations(writer, stats);
	write_type(writer, "audits", stats, ENTRY_AUDIT);
	write_type(writer, "chain_results", stats, ENTRY_CHAIN_RESULT);
	json_write_integer(writer, "ed25519", (int64_t)stats->ed25519);
	json_write_integer(writer, "entries", (int64_t)stats->entries);
	write_type(writer, "findings", stats, ENTRY_KEY_HEALTH);
	json_write_time(writer, "first_seen", stats->first);
	write_grades(writer, stats);
	json_write_integer(writer, "keys", (int64_t)stats->keys);
	json_write_time(writer, "last_seen", stats->last);
	json_write_integer(writer, "malformed", (int64_t)stats->malformed);
	json_write_integer(writer, "names", (int64_t)stats->names);
	write_type(writer, "observations", stats, ENTRY_OBSERVATION);
	json_write_integer(writer, "other", (int64_t)other);
	json_write_integer(writer, "revoked", (int64_t)stats->revoked);
	json_write_integer(writer, "rsa", (int64_t)stats->rsa);
	json_write_string(writer, "schema", "keysnap-counts 1");
	write_type(writer, "sightings", stats, ENTRY_SIGHTING);
	write_type(writer, "sources", stats, ENTRY_SOURCE);
	write_type(writer, "unknown", stats, ENTRY_UNKNOWN);
	json_write_integer(writer, "weak", (int64_t)stats->weak);
}

static void
print_json(const struct view *view, const struct stats *stats)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer writer;

	view_write_header(view, out, "keysnap-stats 1");
	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	write_counts(&writer, stats);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
	command_print(out);
}

static enum exit_code
stats_view(struct view *view, bool json)
{
	struct stats stats = { .first = TIMESTAMP_NONE,
		.last = TIMESTAMP_NONE };
	GError *error = NULL;

	if (!view_each(view, count_entry, &stats, &error) ||
	    !count_names(view, &stats, &error))
		return command_error(error, false);
	if (json)
		print_json(view, &stats);
	else
		print_text(&stats);
	return EXIT_DONE;
}

static enum exit_code
run_stats(struct command_line *line)
{
	gboolean json = FALSE;
	const GOptionEntry options[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "JSON lines, see keysnap(5)", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;
	struct view *view;

	if (!command_parse(line, options))
		return line->code;
	view = view_open(line, &code);
	if (view == NULL)
		return code;
	code = stats_view(view, json);
	view_close(view);
	return code;
}

const struct command command_stats = {
	.name = "stats",
	.arguments = "STORE|SNAPSHOT",
	.summary = "count entries, names and keys",
	.examples = "  keysnap stats keys.store\n"
		    "  keysnap stats keys.snap --json",
	.trusts = true,
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_stats,
};
