/*
 * cmd_conflicts.c - keysnap conflicts: where observations of a name disagree.
 *
 * A conflict: somebody saw the name without a key, at a time for which others
 * say that the key was there.  Two keys at the same time are none: that is
 * what a rotation looks like; they are overlaps, which --all shows.
 */
#include "keysnap/base/text.h"
#include "keysnap/cmd_keys.h"
#include "keysnap/store/provenance_witness.h"

#include <string.h>

#define SHOWN_MAX 16 /* conflicts of a record that are shown one by one */

/* What was asked for, and found. */
struct conflicts {
	gboolean all, json;
	uint64_t names, count; /* with conflicts, and these */
};

/* One moment of "contrary" against a record. */
struct conflict {
	const struct known_name *known;
	size_t record;
	struct known_window moment;
	const struct witness *contrary;
	const struct witness *against; /* who says that it was there; NULL: no
					  single one (a TTL, a chain) */
};

/* ---- text ---------------------------------------------------------------- */

static void
append_record(GString *out, const struct known_name *known, size_t record)
{
	const struct known_key *key = &known->keys[record];
	char sha256[DIGEST_HEX_SIZE];

	g_string_append_printf(out, "key %zu (", record + 1);
	keys_append_type(out, key);
	if (key_has_identity(&key->key)) {
		digest_to_hex((struct span){ key->key.sha256, 32 }, sha256);
		g_string_append_printf(out, ", sha256 %.16s", sha256);
	}
	g_string_append_c(out, ')');
}

/* "entry 4 (observed, by lab/a)" */
static void
append_witness(GString *out, const struct witness *witness)
{
	struct span observer = witness->observer;

	if (observer.n == 0 && witness->source != NULL)
		observer = witness->source->observer;
	g_string_append_printf(out, "entry %" PRIu64 " (%s", witness->number,
	    observation_time_kind_name(witness->time_kind));
	if (observer.n > 0) {
		g_string_append(out, ", by ");
		text_append_terminal(out, observer);
	}
	g_string_append_c(out, ')');
}

static void
append_window(GString *out, const struct known_window *window)
{
	command_append_time(out, window->first, TIMESTAMP_SECOND);
	if (window->last == window->first)
		return;
	g_string_append(out, " .. ");
	command_append_time(out, window->last, TIMESTAMP_SECOND);
}

/* What the contrary observation saw instead: a word of the JSON lines. */
static const char *
seen_instead(const struct conflict *conflict)
{
	const struct witness *witness = conflict->contrary;

	if (witness->record == WITNESS_ABSENT)
		return observation_kind_name(witness->observation->kind);
	return conflict->known->keys[witness->record].record.revoked
	    ? "revoked"
	    : "other-key";
}

static void
append_conflict(GString *out, const struct conflict *conflict)
{
	const struct witness *against = conflict->against;
	struct known_window said;

	g_string_append(out, "  conflict  ");
	append_record(out, conflict->known, conflict->record);
	g_string_append(out, " was there");
	if (against != NULL) {
		said.first = against->first;
		said.last = witness_end(against);
		g_string_append_c(out, ' ');
		append_window(out, &said);
		g_string_append(out, ", says ");
		append_witness(out, against);
	} else {
		g_string_append(out, " by a TTL or a DNSSEC chain");
	}
	g_string_append(out, "; but ");
	append_window(out, &conflict->moment);
	g_string_append_printf(out, " %s, says ", seen_instead(conflict));
	append_witness(out, conflict->contrary);
	g_string_append_c(out, '\n');
}

static void
append_overlap(GString *out, const struct known_name *known, size_t a, size_t b,
    const struct known_window *window)
{
	g_string_append(out, "  overlap   ");
	append_record(out, known, a);
	g_string_append(out, " and ");
	append_record(out, known, b);
	g_string_append(out, ": ");
	append_window(out, window);
	g_string_append_c(out, '\n');
}

/* ---- JSON ---------------------------------------------------------------- */

static void
write_hash(
    struct json_writer *writer, const char *member, const struct known_key *key)
{
	if (key_has_identity(&key->key))
		json_write_hex(writer, member,
		    (struct span){ key->key.sha256, DIGEST_SHA256_SIZE });
}

static void
append_conflict_json(GString *out, const struct conflict *conflict)
{
	const struct known_key *key = &conflict->known->keys[conflict->record];
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	if (conflict->against != NULL)
		json_write_integer(
		    &writer, "against", (int64_t)conflict->against->number);
	json_write_integer(
	    &writer, "entry", (int64_t)conflict->contrary->number);
	json_write_time(&writer, "first", conflict->moment.first);
	json_write_string(&writer, "kind", "conflict");
	json_write_time(&writer, "last", conflict->moment.last);
	json_write_octets(&writer, "name", conflict->known->name);
	json_write_integer(&writer, "record", (int64_t)conflict->record + 1);
	json_write_string(&writer, "schema", "keysnap-conflict 1");
	json_write_string(&writer, "seen", seen_instead(conflict));
	write_hash(&writer, "sha256", key);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

static void
append_overlap_json(GString *out, const struct known_name *known, size_t a,
    size_t b, const struct known_window *window)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_time(&writer, "first", window->first);
	json_write_string(&writer, "kind", "overlap");
	json_write_time(&writer, "last", window->last);
	json_write_octets(&writer, "name", known->name);
	json_write_integer(&writer, "other_record", (int64_t)b + 1);
	write_hash(&writer, "other_sha256", &known->keys[b]);
	json_write_integer(&writer, "record", (int64_t)a + 1);
	json_write_string(&writer, "schema", "keysnap-conflict 1");
	write_hash(&writer, "sha256", &known->keys[a]);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

/* ---- finding ------------------------------------------------------------- */

/* Who says of a key that it was there, by "first"; of each and all before it,
 * the one that says so longest. */
struct supporters {
	const struct witness **sorted, **longest;
	size_t n;
};

static int
compare_witnesses(const void *a, const void *b)
{
	const struct witness *const *left = a, *const *right = b;

	if ((*left)->first != (*right)->first)
		return (*left)->first < (*right)->first ? -1 : 1;
	return ((*left)->number > (*right)->number) -
	    ((*left)->number < (*right)->number);
}

static void
find_supporters(struct supporters *found, struct arena *arena,
    const struct known_name *known, size_t record)
{
	found->n = 0;
	found->sorted = arena_alloc_array(
	    arena, known->n_witnesses, sizeof(*found->sorted));
	found->longest = arena_alloc_array(
	    arena, known->n_witnesses, sizeof(*found->longest));
	for (size_t i = 0; i < known->n_witnesses; i++) {
		const struct witness *witness = &known->witnesses[i];

		if (witness->record != WITNESS_ABSENT &&
		    witness->key == known->keys[record].first_of_key &&
		    witness_has_time(witness))
			found->sorted[found->n++] = witness;
	}
	if (found->n > 0)
		qsort(found->sorted, found->n, sizeof(*found->sorted),
		    compare_witnesses);
	for (size_t i = 0; i < found->n; i++) {
		const struct witness *witness = found->sorted[i];

		found->longest[i] = i > 0 &&
			witness_end(found->longest[i - 1]) >=
			    witness_end(witness)
		    ? found->longest[i - 1]
		    : witness;
	}
}

/* The one among them that says so of this moment, or NULL. */
static const struct witness *
find_against(const struct supporters *found, const struct known_window *moment)
{
	size_t low = 0, high = found->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (found->sorted[middle]->first <= moment->first)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && witness_end(found->longest[low - 1]) >= moment->last
	    ? found->longest[low - 1]
	    : NULL;
}

/* One record's conflicts on their way. */
struct finding {
	struct conflicts *conflicts;
	GString *out;
	struct supporters supporters;
	struct conflict conflict;
	uint64_t n; /* of this record */
};

static void
take_moment(struct finding *finding, int64_t first, int64_t last)
{
	struct conflict *conflict = &finding->conflict;
	const struct known_key *key = &conflict->known->keys[conflict->record];

	conflict->moment = (struct known_window){ first, last };
	if (!contrary_to_key(key, &conflict->moment))
		return;
	finding->n++;
	finding->conflicts->count++;
	if (finding->n > SHOWN_MAX && !finding->conflicts->json)
		return;
	conflict->against =
	    find_against(&finding->supporters, &conflict->moment);
	if (finding->conflicts->json)
		append_conflict_json(finding->out, conflict);
	else
		append_conflict(finding->out, conflict);
}

/* Of a time only its ends are moments, as for the flag. */
static void
take_witness(struct finding *finding, const struct witness *witness)
{
	const struct known_name *known = finding->conflict.known;

	if (!witness_is_contrary(known, witness))
		return;
	finding->conflict.contrary = witness;
	take_moment(finding, witness->first,
	    timestamp_end(witness->first, witness->precision));
	if (witness->last != witness->first)
		take_moment(finding, witness->last, witness_end(witness));
}

/* A sighting or RRset is one moment, of how many records ever. */
static bool
is_repeated(const struct witness *const *sorted, size_t i)
{
	return i > 0 && sorted[i]->number == sorted[i - 1]->number;
}

static void
find_conflicts(struct conflicts *conflicts, struct arena *arena,
    const struct known_name *known, GString *out)
{
	const struct witness **sorted = arena_alloc_array(
	    arena, known->n_witnesses, sizeof(const struct witness *));

	for (size_t i = 0; i < known->n_witnesses; i++)
		sorted[i] = &known->witnesses[i];
	if (known->n_witnesses > 0)
		qsort(sorted, known->n_witnesses, sizeof(*sorted),
		    compare_witnesses);
	for (size_t record = 0; record < known->n_keys; record++) {
		struct finding finding = { .conflicts = conflicts,
			.out = out,
			.conflict = { .known = known, .record = record } };

		if ((known->keys[record].flags & PROVENANCE_CONFLICT) == 0)
			continue;
		find_supporters(&finding.supporters, arena, known, record);
		for (size_t i = 0; i < known->n_witnesses; i++) {
			if (!is_repeated(sorted, i))
				take_witness(&finding, sorted[i]);
		}
		if (finding.n > SHOWN_MAX && !conflicts->json)
			g_string_append_printf(out,
			    "  conflict  %" PRIu64
			    " more of key %zu; --json has all\n",
			    finding.n - SHOWN_MAX, record + 1);
	}
}

/* The times in which both records were there, by all that is known. */
static void
find_overlap(struct conflicts *conflicts, const struct known_name *known,
    size_t a, size_t b, GString *out)
{
	const struct known_windows *left = &known->keys[a].windows;
	const struct known_windows *right = &known->keys[b].windows;
	size_t i = 0, k = 0;

	while (i < left->n && k < right->n) {
		struct known_window both = {
			MAX(left->items[i].first, right->items[k].first),
			MIN(left->items[i].last, right->items[k].last),
		};

		if (both.first <= both.last && conflicts->json)
			append_overlap_json(out, known, a, b, &both);
		else if (both.first <= both.last)
			append_overlap(out, known, a, b, &both);
		if (left->items[i].last < right->items[k].last)
			i++;
		else
			k++;
	}
}

static void
find_overlaps(
    struct conflicts *conflicts, const struct known_name *known, GString *out)
{
	for (size_t a = 0; a < known->n_keys; a++) {
		for (size_t b = a + 1; b < known->n_keys; b++)
			find_overlap(conflicts, known, a, b, out);
	}
}

/* ---- command ------------------------------------------------------------- */

static bool
look_at(struct conflicts *conflicts, struct view *view,
    const struct view_name *name, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	uint64_t before = conflicts->count;
	struct view_keys keys;

	if (!view_derive(view, arena, name, &keys, error))
		return false;
	find_conflicts(conflicts, arena, &keys.known, out);
	if (conflicts->all)
		find_overlaps(conflicts, &keys.known, out);
	conflicts->names += conflicts->count > before;
	if (out->len > 0 && !conflicts->json) {
		g_string_prepend_c(out, '\n');
		g_autoptr(GString) title = g_string_new(NULL);

		text_append_terminal(title, keys.known.name);
		g_string_prepend(out, title->str);
	}
	command_print(out);
	return true;
}

static void
print_end(const struct conflicts *conflicts, size_t names)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (conflicts->json)
		return;
	g_string_append_printf(out,
	    "%zu name%s looked at: %" PRIu64 " conflict%s of %" PRIu64
	    " name%s\n",
	    names, names == 1 ? "" : "s", conflicts->count,
	    conflicts->count == 1 ? "" : "s", conflicts->names,
	    conflicts->names == 1 ? "" : "s");
	command_print(out);
}

static enum exit_code
look_through(struct conflicts *conflicts, struct view *view, struct span within)
{
	g_autoptr(GString) out = g_string_new(NULL);
	GError *error = NULL;
	g_autoptr(GPtrArray) names = view_names(view, within, &error);

	if (names == NULL)
		return command_error(error, false);
	if (conflicts->json) {
		view_write_header(view, out, "keysnap-conflicts 1");
		command_print(out);
	}
	for (guint i = 0; i < names->len; i++) {
		if (!look_at(conflicts, view, names->pdata[i], &error))
			return command_error(error, false);
	}
	print_end(conflicts, names->len);
	return conflicts->count > 0 ? EXIT_NO : EXIT_DONE;
}

static enum exit_code
run_conflicts(struct command_line *line)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct conflicts conflicts = { .all = FALSE };
	const GOptionEntry options[] = {
		{ "all", 'a', 0, G_OPTION_ARG_NONE, &conflicts.all,
		    "show too where records overlap", NULL },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &conflicts.json,
		    "JSON lines, see keysnap(5)", NULL },
		G_OPTION_ENTRY_NULL,
	};
	struct span within = { NULL, 0 };
	enum exit_code code;
	struct view *view;

	if (!command_parse(line, options))
		return line->code;
	if (line->arguments[1] != NULL &&
	    !keys_read_name(arena, line->arguments + 1, &within))
		return command_usage(line,
		    "\"%s\" is no name of a key or domain", line->arguments[1]);
	view = view_open(line, &code);
	if (view == NULL)
		return code;
	code = look_through(&conflicts, view, within);
	view_close(view);
	return code;
}

const struct command command_conflicts = {
	.name = "conflicts",
	.arguments = "STORE|SNAPSHOT [NAME]",
	.summary = "show where observations disagree",
	.examples = "  keysnap conflicts keys.store\n"
		    "  keysnap conflicts keys.snap example.org --all",
	.trusts = true,
	.min_arguments = 1,
	.max_arguments = 3,
	.run = run_conflicts,
};
