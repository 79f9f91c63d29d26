/*
 * cmd_show.c - keysnap show: all that is known of a name, or of the names
 * below a domain.
 */
#include "keysnap/base/text.h"
#include "keysnap/cmd_entry.h"
#include "keysnap/cmd_keys.h"
#include "keysnap/store/retraction.h"

/* The time that was asked about, as wide as its precision. */
struct moment {
	const char *text; /* NULL: none was */
	int64_t from, to;
};

static void
append_text(GString *out, const char *before, struct span text)
{
	g_string_append(out, before);
	text_append_terminal(out, text);
}

static void
append_key(GString *out, const struct known_key *key, size_t number)
{
	char sha256[DIGEST_HEX_SIZE];

	g_string_append_printf(out, "  key %zu  ", number);
	keys_append_type(out, key);
	g_string_append_printf(out, "  grade %s  ", grade_name(key->grade));
	keys_append_window(out, key);
	g_string_append_printf(out, "  %" PRIu64 " observation%s",
	    key->observations, key->observations == 1 ? "" : "s");
	keys_append_flags(out, key);
	if (key->key.bits > 0) {
		digest_to_hex((struct span){ key->key.sha256, 32 }, sha256);
		g_string_append_printf(out, "\n    sha256  %s", sha256);
	}
	append_text(out, "\n    record  ", key->text);
	g_string_append(out, "\n    sources ");
	for (size_t i = 0; i < key->n_sources; i++)
		append_text(out, i == 0 ? "" : ", ", key->sources[i]);
	if (key->n_sources > 1)
		g_string_append_printf(
		    out, " (independent: %zu)", key->independent);
	keys_append_owners(out, key, "\n    CNAME to ");
	keys_append_since(out, key, "\n    ");
	g_string_append_printf(
	    out, "\n    grade by entry %" PRIu64 "\n", key->entry);
}

/* The nearest times at which it was seen. */
static void
append_nearest(GString *out, const struct time_standing *standing)
{
	const struct {
		int64_t days;
		const char *words;
	} all[] = { { standing->days_before, "before" },
		{ standing->days_after, "after" } };

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		if (all[i].days >= 0)
			g_string_append_printf(out,
			    ", seen %" PRIi64 " day%s %s", all[i].days,
			    all[i].days == 1 ? "" : "s", all[i].words);
	}
}

/* How the key stands to a message of that time. */
static void
append_standing(GString *out, const struct known_name *known,
    const struct known_key *key, const struct moment *moment)
{
	struct time_standing standing;

	if (moment->text == NULL)
		return;
	provenance_at(known, key, moment->from, moment->to, &standing);
	g_string_append_printf(out, "    at %s  %s", moment->text,
	    time_state_name(standing.state));
	if (standing.days > 0)
		g_string_append_printf(out, ", %" PRIi64 " day%s",
		    standing.days, standing.days == 1 ? "" : "s");
	else if (standing.days < 0)
		append_nearest(out, &standing);
	for (unsigned bit = 1; provenance_flag_name(bit) != NULL; bit <<= 1) {
		if ((standing.flags & bit) != 0)
			g_string_append_printf(
			    out, ", %s", provenance_flag_name(bit));
	}
	g_string_append_c(out, '\n');
}

static void
append_observation(GString *out, struct view *view,
    const struct entry_observation *observation)
{
	const struct entry_source *source =
	    view_source(view, observation->source);

	g_string_append_printf(
	    out, "%s  ", observation_kind_name(observation->kind));
	entry_append_times(out, observation->first, observation->last,
	    observation->precision, observation->time_kind);
	append_text(out, "  ", observation->method);
	if (observation->observer.n > 0)
		append_text(out, " by ", observation->observer);
	else if (source != NULL)
		append_text(out, " by ", source->observer);
	if (source != NULL)
		append_text(out, ", ", source->file);
	if (observation->line > 0)
		g_string_append_printf(
		    out, " line %" PRIu64, observation->line);
	for (size_t i = 0; i < observation->n_cname; i++)
		append_text(out, i == 0 ? ", CNAME to " : " to ",
		    observation->cname[i]);
}

static void
append_entries(GString *out, struct view *view, const struct known_name *known,
    const struct bearing *all)
{
	GHashTable *retractions = retractions_new(all, NULL);
	uint64_t by;

	for (size_t i = 0; i < all->n; i++) {
		const struct entry *entry = &all->entries[i];

		g_string_append_printf(
		    out, "  entry %" PRIu64 "  ", all->numbers[i]);
		if (retractions_has(retractions, all->numbers[i], entry, &by))
			g_string_append_printf(
			    out, "RETRACTED by entry %" PRIu64 "  ", by);
		if (entry->type == ENTRY_OBSERVATION)
			append_observation(out, view, &entry->observation);
		else
			entry_append_words(out, view, known, entry);
		g_string_append_c(out, '\n');
	}
	g_hash_table_unref(retractions);
}

static void
append_people(GString *out, struct view *view, const struct view_keys *keys,
    const struct bearing *all, const struct moment *moment)
{
	append_text(out, "", keys->known.name);
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < keys->known.n_keys; i++) {
		append_key(out, &keys->known.keys[i], i + 1);
		append_standing(
		    out, &keys->known, &keys->known.keys[i], moment);
	}
	if (keys->known.n_left_out > 0)
		g_string_append_printf(out, "  %zu more keys are not shown\n",
		    keys->known.n_left_out);
	append_entries(out, view, &keys->known, all);
}

static void
append_entry_json(
    GString *out, struct view *view, uint64_t number, const struct entry *entry)
{
	const struct entry_source *source = entry->type == ENTRY_OBSERVATION
	    ? view_source(view, entry->observation.source)
	    : NULL;
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_integer(&writer, "entry", (int64_t)number);
	if (source != NULL)
		json_write_octets(&writer, "file", source->file);
	json_write_raw(&writer, "log", entry->line);
	if (source != NULL)
		json_write_octets(&writer, "observer",
		    entry->observation.observer.n > 0
			? entry->observation.observer
			: source->observer);
	json_write_string(&writer, "schema", "keysnap-entry 1");
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

static void
append_json(GString *out, struct view *view, const struct view_keys *keys,
    const struct bearing *all, const struct moment *moment)
{
	struct time_standing standing;

	for (size_t i = 0; i < keys->known.n_keys; i++) {
		const struct known_key *key = &keys->known.keys[i];

		if (moment->text != NULL)
			provenance_at(&keys->known, key, moment->from,
			    moment->to, &standing);
		keys_append_json(
		    out, keys, key, moment->text != NULL ? &standing : NULL);
	}
	for (size_t i = 0; i < all->n; i++)
		append_entry_json(out, view, all->numbers[i], &all->entries[i]);
}

/* What was asked for. */
struct wish {
	gboolean json;
	char *at;
	struct moment moment;
};

static bool
show_name(struct view *view, const struct view_name *name,
    const struct bearing *about_log, const struct wish *wish, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct view_keys keys;
	struct bearing all;

	if (!view_derive(view, arena, name, &keys, error))
		return false;
	entry_merge(&all, arena, view, &keys, about_log);
	if (wish->json)
		append_json(out, view, &keys, &all, &wish->moment);
	else
		append_people(out, view, &keys, &all, &wish->moment);
	command_print(out);
	return true;
}

static enum exit_code
show_view(struct view *view, struct span within, const struct wish *wish)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct bearing about_log;
	GError *error = NULL;
	g_autoptr(GPtrArray) names = view_names(view, within, &error);

	if (names == NULL || !view_about_log(view, arena, &about_log, &error))
		return command_error(error, false);
	if (wish->json) {
		view_write_header(view, out, "keysnap-show 1");
		command_print(out);
	}
	for (guint i = 0; i < names->len; i++) {
		if (!show_name(view, names->pdata[i], &about_log, wish, &error))
			return command_error(error, false);
	}
	if (names->len > 0)
		return EXIT_DONE;
	command_say(
	    "nothing is known of %.*s", (int)within.n, (const char *)within.p);
	return EXIT_NO;
}

static bool
read_moment(struct wish *wish)
{
	enum timestamp_precision precision;
	struct moment *moment = &wish->moment;

	moment->text = wish->at;
	if (wish->at == NULL)
		return true;
	if (!timestamp_parse_lenient(
		span_from_string(wish->at), &moment->from, &precision))
		return false;
	moment->to = timestamp_end(moment->from, precision);
	return true;
}

static enum exit_code
run_show(struct command_line *line)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct wish wish = { .json = FALSE };
	const GOptionEntry options[] = {
		{ "at", 0, 0, G_OPTION_ARG_STRING, &wish.at,
		    "how each key stands at this time", "TIME" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &wish.json,
		    "JSON lines, see keysnap(5)", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;
	struct span within;
	struct view *view;

	if (!command_parse(line, options))
		return line->code;
	if (!read_moment(&wish))
		return command_usage(line,
		    "--at is a time as 2016-10-31T00:00:00Z or a day as "
		    "2016-10-31");
	if (!keys_read_name(arena, line->arguments + 1, &within))
		return command_usage(line,
		    "\"%s\" is no name of a key or domain", line->arguments[1]);
	view = view_open(line, &code);
	if (view == NULL)
		return code;
	code = show_view(view, within, &wish);
	view_close(view);
	g_free(wish.at);
	return code;
}

const struct command command_show = {
	.name = "show",
	.arguments = "STORE|SNAPSHOT NAME",
	.summary = "show keys of a name and all that bears on it",
	.examples = "  keysnap show keys.store s1._domainkey.example.org\n"
		    "  keysnap show keys.store s1 example.org\n"
		    "  keysnap show keys.store s1 example.org --at 2016-10-31\n"
		    "  keysnap show keys.snap example.org --json",
	.trusts = true,
	.min_arguments = 2,
	.max_arguments = 3,
	.run = run_show,
};
