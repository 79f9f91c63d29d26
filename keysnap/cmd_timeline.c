/*
 * cmd_timeline.c - keysnap timeline: what was seen of a name, in order of
 * time, as text, JSON lines or a picture.
 */
#include "keysnap/base/file.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd_entry.h"
#include "keysnap/cmd_keys.h"
#include "keysnap/cmd_timeline_svg.h"

/* What was asked for. */
struct wish {
	gboolean json;
	char *svg; /* file to write, or NULL */
};

/* ---- text ---------------------------------------------------------------- */

static void
append_text(GString *out, const char *before, struct span text)
{
	if (text.n == 0)
		return;
	g_string_append(out, before);
	text_append_terminal(out, text);
}

/* "61 days" */
static void
append_days(GString *out, int64_t seconds)
{
	int64_t days = (seconds + TIMESTAMP_DAY - 1) / TIMESTAMP_DAY;

	g_string_append_printf(
	    out, "%" PRIi64 " day%s", days, days == 1 ? "" : "s");
}

/* When a record was there, by all that is known, and the gaps between. */
static void
append_cover(GString *out, const struct known_windows *cover)
{
	if (cover->n == 0) {
		g_string_append(out, "\n    no time known");
		return;
	}
	for (size_t i = 0; i < cover->n; i++) {
		if (i > 0) {
			g_string_append(out, "\n    gap of ");
			append_days(out,
			    cover->items[i].first - cover->items[i - 1].last);
		}
		g_string_append(out, "\n    ");
		command_append_time(
		    out, cover->items[i].first, TIMESTAMP_SECOND);
		g_string_append(out, " .. ");
		command_append_time(
		    out, cover->items[i].last, TIMESTAMP_SECOND);
	}
}

static void
append_record(GString *out, const struct known_key *key, size_t number)
{
	char sha256[DIGEST_HEX_SIZE];

	g_string_append_printf(out, "  key %zu  ", number);
	keys_append_type(out, key);
	g_string_append_printf(out, "  grade %s", grade_name(key->grade));
	keys_append_flags(out, key);
	if (key->first_of_key + 1 != number)
		g_string_append_printf(out, "  (another record of key %zu)",
		    key->first_of_key + 1);
	if (key->key.bits > 0) {
		digest_to_hex((struct span){ key->key.sha256, 32 }, sha256);
		g_string_append_printf(out, "\n    sha256  %s", sha256);
	}
	append_cover(out, &key->cover);
	g_string_append_c(out, '\n');
}

/* Who saw a record, or none, and how. */
static void
append_witness(GString *out, const struct timeline_event *event)
{
	const struct witness *witness = event->witness;
	const struct entry_observation *seen = witness->observation;
	const struct entry_source *source = witness->source;
	uint64_t line = event->entry->type == ENTRY_SIGHTING
	    ? event->entry->sighting.line
	    : seen->line;

	if (event->record != TIMELINE_NO_KEY)
		g_string_append_printf(out, "key %zu  ", event->record + 1);
	g_string_append(out,
	    event->kind == TIMELINE_REVOKED
		? "revoked"
		: observation_kind_name(seen->kind));
	if (witness->is_sighting)
		g_string_append(out, ", seen again");
	if (witness->complete)
		g_string_append(out, ", the whole RRset");
	g_string_append_printf(
	    out, " (%s", observation_time_kind_name(witness->time_kind));
	if (event->kind == TIMELINE_PRESENT)
		g_string_append_printf(
		    out, ", alone %s", grade_name(witness->grade));
	g_string_append_c(out, ')');
	append_text(out, "  ", seen->method);
	append_text(out, " by ",
	    witness->observer.n > 0 || source == NULL ? witness->observer
						      : source->observer);
	for (size_t i = 0; source != NULL && i < source->lineage.n; i++)
		append_text(
		    out, i == 0 ? " from " : ", ", source->lineage.items[i]);
	if (source != NULL)
		append_text(out, ", ", source->file);
	if (line > 0)
		g_string_append_printf(out, " line %" PRIu64, line);
	for (size_t i = 0; i < seen->n_cname; i++)
		append_text(
		    out, i == 0 ? ", CNAME to " : " to ", seen->cname[i]);
	if (witness->foreign)
		g_string_append(out, ", from a log that nobody vouched for");
}

static void
append_event_time(GString *out, const struct timeline_event *event)
{
	if (event->first == TIMESTAMP_NONE) {
		g_string_append(out, "no time known");
		return;
	}
	command_append_time(out, event->first, event->precision);
	if (event->last == event->first)
		return;
	g_string_append(out, " .. ");
	command_append_time(out, event->last, event->precision);
}

static void
append_event(GString *out, struct view *view, const struct timeline *timeline,
    const struct timeline_event *event)
{
	g_string_append(out, "  ");
	append_event_time(out, event);
	g_string_append_printf(out, "  entry %" PRIu64 "  ", event->number);
	if (event->retracted)
		g_string_append_printf(out, "RETRACTED by entry %" PRIu64 "  ",
		    event->retracted_by);
	if (event->witness != NULL)
		append_witness(out, event);
	else
		entry_append_words(
		    out, view, &timeline->keys->known, event->entry);
	g_string_append_c(out, '\n');
}

static void
append_people(GString *out, struct view *view, const struct timeline *timeline)
{
	const struct known_name *known = &timeline->keys->known;

	append_text(out, "", known->name);
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < known->n_keys; i++)
		append_record(out, &known->keys[i], i + 1);
	if (known->n_left_out > 0)
		g_string_append_printf(
		    out, "  %zu more keys are not shown\n", known->n_left_out);
	for (size_t i = 0; i < timeline->n; i++)
		append_event(out, view, timeline, &timeline->events[i]);
}

/* ---- JSON ---------------------------------------------------------------- */

static void
append_event_json(GString *out, const struct timeline *timeline,
    const struct timeline_event *event)
{
	const struct known_name *known = &timeline->keys->known;
	const struct known_key *key = event->record == TIMELINE_NO_KEY
	    ? NULL
	    : &known->keys[event->record];
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_integer(&writer, "entry", (int64_t)event->number);
	json_write_time(&writer, "first", event->first);
	json_write_string(&writer, "kind", timeline_kind_name(event->kind));
	json_write_time(&writer, "last", event->end);
	json_write_raw(&writer, "log", event->entry->line);
	json_write_octets(&writer, "name", known->name);
	if (key != NULL)
		json_write_integer(
		    &writer, "record", (int64_t)event->record + 1);
	if (event->retracted)
		json_write_integer(
		    &writer, "retracted_by", (int64_t)event->retracted_by);
	json_write_string(&writer, "schema", "keysnap-event 1");
	if (key != NULL && key_has_identity(&key->key))
		json_write_hex(&writer, "sha256",
		    (struct span){ key->key.sha256, DIGEST_SHA256_SIZE });
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

/* ---- command ------------------------------------------------------------- */

/* "snapshot, root 3f2a..., vouched for by public-key" */
static char *
subtitle_of(const struct view *view)
{
	uint8_t root[32];
	char hex[DIGEST_HEX_SIZE];

	view_root(view, root);
	digest_to_hex((struct span){ root, 32 }, hex);
	return g_strdup_printf("%s, root %s%s%s",
	    view_store(view) != NULL ? "store" : "snapshot", hex,
	    view_snapshot(view) != NULL ? ", vouched for by " : "",
	    view_snapshot(view) != NULL
		? snapshot_vouched_name(snapshot_vouched(view_snapshot(view)))
		: "");
}

static bool
write_svg(const struct view *view, const struct timeline *timeline,
    const char *path, GError **error)
{
	g_autofree char *subtitle = subtitle_of(view);
	g_autoptr(GString) out = g_string_new(NULL);

	timeline_append_svg(out, timeline, subtitle);
	return file_write(path,
	    (struct span){ (const uint8_t *)out->str, out->len }, false, error);
}

static bool
show_name(struct view *view, const struct view_name *name,
    const struct bearing *about_log, const struct wish *wish, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct view_keys keys;
	struct timeline timeline;

	if (!view_derive(view, arena, name, &keys, error))
		return false;
	timeline_make(&timeline, arena, view, &keys, about_log);
	if (wish->svg != NULL)
		return write_svg(view, &timeline, wish->svg, error);
	if (!wish->json)
		append_people(out, view, &timeline);
	for (size_t i = 0; wish->json && i < timeline.n; i++)
		append_event_json(out, &timeline, &timeline.events[i]);
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
	if (names->len == 0) {
		command_say("nothing is known of %.*s", (int)within.n,
		    (const char *)within.p);
		return EXIT_NO;
	}
	if (wish->svg != NULL && names->len > 1) {
		command_say("%.*s has %u names: a picture is of one",
		    (int)within.n, (const char *)within.p, names->len);
		return EXIT_USAGE;
	}
	if (wish->json) {
		view_write_header(view, out, "keysnap-timeline 1");
		command_print(out);
	}
	for (guint i = 0; i < names->len; i++) {
		if (!show_name(view, names->pdata[i], &about_log, wish, &error))
			return command_error(error, wish->svg != NULL);
	}
	return EXIT_DONE;
}

static enum exit_code
run_timeline(struct command_line *line)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct wish wish = { .json = FALSE };
	const GOptionEntry options[] = {
		{ "svg", 0, 0, G_OPTION_ARG_FILENAME, &wish.svg,
		    "draw it into this new file", "FILE" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &wish.json,
		    "JSON lines, see keysnap(5)", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;
	struct span within;
	struct view *view;

	if (!command_parse(line, options))
		return line->code;
	if (wish.json && wish.svg != NULL)
		return command_usage(line, "--json or --svg");
	if (!keys_read_name(arena, line->arguments + 1, &within))
		return command_usage(line,
		    "\"%s\" is no name of a key or domain", line->arguments[1]);
	view = view_open(line, &code);
	if (view == NULL)
		return code;
	code = show_view(view, within, &wish);
	view_close(view);
	g_free(wish.svg);
	return code;
}

const struct command command_timeline = {
	.name = "timeline",
	.arguments = "STORE|SNAPSHOT NAME",
	.summary = "show what was seen of a name, in order of time",
	.examples = "  keysnap timeline keys.store s1._domainkey.example.org\n"
		    "  keysnap timeline keys.snap s1 example.org --svg s1.svg",
	.trusts = true,
	.min_arguments = 2,
	.max_arguments = 3,
	.run = run_timeline,
};
