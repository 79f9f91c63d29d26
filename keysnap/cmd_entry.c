/*
 * cmd_entry.c - entries of the log in plain words, for show and list.
 */
#include "keysnap/cmd_entry.h"

#include "keysnap/base/digest.h"
#include "keysnap/base/text.h"

#include <string.h>

static void
append_text(GString *out, const char *before, struct span text)
{
	if (text.n == 0)
		return;
	g_string_append(out, before);
	text_append_terminal(out, text);
}

static void
append_time(GString *out, const char *before, int64_t at,
    enum timestamp_precision precision)
{
	g_string_append(out, before);
	command_append_time(out, at, precision);
}

void
entry_append_times(GString *out, int64_t first, int64_t last,
    enum timestamp_precision precision, enum observation_time_kind time_kind)
{
	if (time_kind == TIME_NO_TIME) {
		g_string_append(out, "no time known");
		return;
	}
	command_append_time(out, first, precision);
	if (last != first)
		append_time(out, " .. ", last, precision);
	g_string_append_printf(
	    out, " (%s)", observation_time_kind_name(time_kind));
}

/* "entry 3", "entries 3, 4" */
static void
append_numbers(GString *out, struct entry_numbers numbers)
{
	g_string_append(out, numbers.n == 1 ? "entry " : "entries ");
	for (size_t i = 0; i < numbers.n; i++)
		g_string_append_printf(
		    out, "%s%" PRIu64, i == 0 ? "" : ", ", numbers.items[i]);
}

static void
append_hashes(GString *out, const char *before, struct entry_hashes hashes)
{
	char hex[DIGEST_HEX_SIZE];

	for (size_t i = 0; i < hashes.n; i++) {
		digest_to_hex((struct span){ hashes.items[i], 32 }, hex);
		g_string_append_printf(out, "%s%s", before, hex);
	}
}

/* Several records may have one key. */
static void
append_key(
    GString *out, const struct known_name *known, const uint8_t sha256[32])
{
	const uint8_t(*hash)[32] = (const uint8_t(*)[32])sha256;
	bool found = false;

	for (size_t i = 0; i < known->n_keys; i++) {
		const struct known_key *key = &known->keys[i];

		if (key->key.bits == 0 ||
		    memcmp(key->key.sha256, sha256, 32) != 0)
			continue;
		g_string_append_printf(
		    out, "%skey %zu", found ? " and " : "", i + 1);
		found = true;
	}
	if (!found)
		append_hashes(out, "key ", (struct entry_hashes){ hash, 1 });
}

static void
append_sighting(
    GString *out, struct view *view, const struct entry_sighting *sighting)
{
	const struct entry_source *source = view_source(view, sighting->source);

	g_string_append(out, "sighting  ");
	append_numbers(out, sighting->of);
	g_string_append(out, " seen again ");
	entry_append_times(out, sighting->first, sighting->last,
	    sighting->precision, sighting->time_kind);
	if (sighting->observer.n > 0)
		append_text(out, " by ", sighting->observer);
	else if (source != NULL)
		append_text(out, " by ", source->observer);
	if (source != NULL)
		append_text(out, ", ", source->file);
	if (sighting->line > 0)
		g_string_append_printf(out, " line %" PRIu64, sighting->line);
}

/* What a note is about. */
static void
append_subject(GString *out, const struct known_name *known,
    const struct entry_annotation *annotation)
{
	const char *before = "  on ";

	if (annotation->target.n > 0) {
		g_string_append(out, before);
		append_numbers(out, annotation->target);
		before = " and ";
	}
	if (annotation->has_key) {
		g_string_append(out, before);
		append_key(out, known, annotation->key);
		append_text(out, " under ", annotation->name);
	} else {
		append_text(out, before, annotation->name);
	}
}

static void
append_since(GString *out, const struct known_name *known,
    const struct entry_annotation *annotation)
{
	bool published = annotation->kind == ANNOTATION_PRIVATE_KEY_PUBLISHED;

	g_string_append(out, "  the private key of ");
	append_key(out, known, annotation->key);
	append_text(out, " under ", annotation->name);
	g_string_append(out,
	    published ? " was published: others may have had it"
		      : " is compromised: others may have had it");
	if (annotation->since == TIMESTAMP_NONE)
		g_string_append(out, ", it is not known since when");
	else
		append_time(
		    out, " since ", annotation->since, annotation->precision);
}

static void
append_annotation(GString *out, const struct known_name *known,
    const struct entry_annotation *annotation)
{
	static const char *const words[] = {
		[ANNOTATION_NOTE] = "note",
		[ANNOTATION_RETRACT] = "retraction",
		[ANNOTATION_COMPROMISE] = "compromise",
		[ANNOTATION_PRIVATE_KEY_PUBLISHED] = "private key published",
	};

	g_string_append(out, words[annotation->kind]);
	if (annotation->kind == ANNOTATION_RETRACT) {
		g_string_append(out, "  ");
		append_numbers(out, annotation->target);
		g_string_append(out,
		    annotation->target.n == 1 ? " no longer counts"
					      : " no longer count");
	} else if (annotation->kind == ANNOTATION_NOTE) {
		append_subject(out, known, annotation);
	} else {
		append_since(out, known, annotation);
	}
	append_text(out, ": ", annotation->text);
	append_text(out, ", reason ", annotation->reason);
	append_text(out, ", says ", annotation->operator);
	append_time(out, ", made ", annotation->made, TIMESTAMP_SECOND);
	append_hashes(out, ", evidence ", annotation->evidence);
}

static void
append_anchor(GString *out, const struct entry_anchor *anchor)
{
	static const char *const words[] = {
		[ANCHOR_RFC3161] = "a time stamp (RFC 3161)",
		[ANCHOR_OPENTIMESTAMPS] = "an OpenTimestamps proof",
		[ANCHOR_NOTE] = "a signed note",
	};
	const uint8_t(*digest)[32] = (const uint8_t(*)[32])anchor->digest;

	g_string_append_printf(
	    out, "anchor  %s shows that ", words[anchor->kind]);
	if (anchor->of_state)
		g_string_append_printf(
		    out, "the entries below %" PRIu64 " existed", anchor->size);
	else
		append_hashes(out, "these octets existed: ",
		    (struct entry_hashes){ digest, 1 });
	append_time(out, anchor->of_state ? " by " : ", by ", anchor->time,
	    anchor->precision);
	append_text(out, ", says ", anchor->authority);
	if (anchor->until != TIMESTAMP_NONE)
		append_time(out, ", its certificate ends ", anchor->until,
		    TIMESTAMP_SECOND);
	append_time(out, ", checked ", anchor->made, TIMESTAMP_SECOND);
	append_text(out, " by ", anchor->tool);
	append_hashes(out, ", evidence ", anchor->evidence);
}

/* A chain that was not valid when the record was seen raises no grade. */
static bool
is_out_of_time(struct view *view, const struct entry_chain_result *chain)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct entry entry;

	return chain->result == CHAIN_SECURE &&
	    view_get(view, arena, chain->observation, &entry, NULL) &&
	    entry.type == ENTRY_OBSERVATION &&
	    !provenance_chain_covers(chain, &entry.observation);
}

static void
append_chain(
    GString *out, struct view *view, const struct entry_chain_result *chain)
{
	g_string_append_printf(out,
	    "DNSSEC  the chain of entry %" PRIu64 " is %s", chain->observation,
	    chain_status_name(chain->result));
	if (chain->from != TIMESTAMP_NONE) {
		append_time(out, ", valid ", chain->from, TIMESTAMP_SECOND);
		append_time(out, " .. ", chain->until, TIMESTAMP_SECOND);
	}
	if (is_out_of_time(view, chain))
		g_string_append(
		    out, ", NOT at the time of that entry: it raises no grade");
	append_text(out, ", reason ", chain->reason);
	append_text(out, ", under ", chain->trust_anchor);
	append_time(out, ", checked ", chain->made, TIMESTAMP_SECOND);
	append_text(out, " by ", chain->tool);
}

static void
append_health(GString *out, const struct known_name *known,
    const struct entry_key_health *health)
{
	static const char *const words[] = {
		[HEALTH_GOOD] = "good",
		[HEALTH_BAD] = "BAD",
		[HEALTH_UNKNOWN] = "not known",
	};

	g_string_append(out, "finding  ");
	append_key(out, known, health->key);
	append_text(out, ", ", health->check);
	g_string_append_printf(out, ": %s", words[health->result]);
	if (health->since != TIMESTAMP_NONE)
		append_time(out, ", forgeable since ", health->since,
		    health->precision);
	append_text(out, ", factor ", health->factor);
	append_hashes(out, ", with key ", health->with);
	append_text(out, ": ", health->detail);
	append_time(out, ", checked ", health->made, TIMESTAMP_SECOND);
	append_text(out, " by ", health->tool);
	append_hashes(out, ", evidence ", health->evidence);
}

static void
append_audit(GString *out, const struct entry_audit *audit)
{
	g_string_append_printf(out,
	    "audit  the keys of the entries below %" PRIu64
	    ", good where no finding says otherwise:",
	    audit->below);
	for (size_t i = 0; i < audit->checks.n; i++)
		append_text(out, i == 0 ? " " : ", ", audit->checks.items[i]);
	append_time(out, ", checked ", audit->made, TIMESTAMP_SECOND);
	append_text(out, " by ", audit->tool);
}

void
entry_append_words(GString *out, struct view *view,
    const struct known_name *known, const struct entry *entry)
{
	switch (entry->type) {
	case ENTRY_SIGHTING:
		append_sighting(out, view, &entry->sighting);
		return;
	case ENTRY_ANNOTATION:
		append_annotation(out, known, &entry->annotation);
		return;
	case ENTRY_ANCHOR:
		append_anchor(out, &entry->anchor);
		return;
	case ENTRY_CHAIN_RESULT:
		append_chain(out, view, &entry->chain_result);
		return;
	case ENTRY_KEY_HEALTH:
		append_health(out, known, &entry->key_health);
		return;
	case ENTRY_AUDIT:
		append_audit(out, &entry->audit);
		return;
	case ENTRY_UNKNOWN:
		g_string_append(
		    out, "of a type that this version does not know");
		return;
	case ENTRY_STORE:
	case ENTRY_SOURCE:
	case ENTRY_OBSERVATION:
		break;
	}
	g_string_append(out, entry_type_name(entry->type));
}

size_t
entry_count(const struct view_keys *keys, enum entry_type type)
{
	size_t n = 0;

	for (size_t i = 0; i < keys->n; i++)
		n += keys->entries[i].type == type;
	return n;
}

void
entry_append_counts(GString *out, const struct view_keys *keys)
{
	static const struct {
		enum entry_type type;
		const char *word;
	} kinds[] = {
		{ ENTRY_ANNOTATION, "annotation" },
		{ ENTRY_SIGHTING, "sighting" },
		{ ENTRY_CHAIN_RESULT, "chain result" },
		{ ENTRY_KEY_HEALTH, "finding" },
	};
	const char *before = "; ";

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		size_t n = entry_count(keys, kinds[i].type);

		if (n == 0)
			continue;
		g_string_append_printf(out, "%s%zu %s%s", before, n,
		    kinds[i].word, n == 1 ? "" : "s");
		before = ", ";
	}
}
