/*
 * entry_rules.c - what the table of forms cannot say of an entry: members
 * that need or exclude one another, and the order of times.
 */
#include "keysnap/store/entry_form.h"

#include <string.h>

static bool
has(const struct json_node *object, const char *name)
{
	return json_tree_get(object, name) != NULL;
}

/* A time and its precision come together. */
static bool
check_precision(const struct entry_reading *reading,
    const struct json_node *object, const char *time)
{
	return has(object, time) == has(object, "precision") ||
	    entry_form_fail(reading, "precision", "does not fit the times");
}

static bool
check_source(
    const struct entry_reading *reading, const struct entry_source *source)
{
	for (size_t i = 0; i < source->lineage.n; i++) {
		if (span_equal(source->lineage.items[i], source->observer))
			return entry_form_fail(
			    reading, "lineage", "the observer itself");
	}
	return true;
}

static bool
check_strings(const struct entry_reading *reading,
    const struct entry_observation *observation)
{
	size_t n = 0;

	if ((observation->kind == OBSERVATION_PRESENT) !=
	    (observation->n_strings > 0))
		return entry_form_fail(
		    reading, "strings", "does not fit the kind");
	if (observation->n_strings > ENTRY_STRINGS_MAX)
		return entry_form_fail(reading, "strings", "too many");
	for (size_t i = 0; i < observation->n_strings; i++)
		n += observation->strings[i].n;
	return n <= ENTRY_TXT_MAX ||
	    entry_form_fail(reading, "strings", "longer than a TXT record");
}

/* A key that was calculated from messages, and only that, names them. */
static bool
check_recovered(const struct entry_reading *reading,
    const struct entry_observation *observation)
{
	bool recovered = observation->kind == OBSERVATION_RECOVERED;

	if (recovered != (observation->public_key.n > 0))
		return entry_form_fail(
		    reading, "public_key", "does not fit the kind");
	if (recovered ? observation->n_messages < 2
		      : observation->n_messages > 0)
		return entry_form_fail(
		    reading, "messages", "does not fit the kind");
	for (size_t i = 1; i < observation->n_messages; i++) {
		if (memcmp(observation->messages[i - 1].sha256,
			observation->messages[i].sha256, 32) >= 0)
			return entry_form_fail(
			    reading, "messages", "not in ascending order");
	}
	return !recovered || observation->time_kind == TIME_MAIL ||
	    observation->time_kind == TIME_NO_TIME ||
	    entry_form_fail(reading, "time_kind", "does not fit the kind");
}

static bool
check_times(const struct entry_reading *reading,
    const struct entry_observation *observation)
{
	bool timed = observation->first != TIMESTAMP_NONE;

	if (timed != (observation->last != TIMESTAMP_NONE))
		return entry_form_fail(reading, "first", "not with last");
	if (timed == (observation->time_kind == TIME_NO_TIME))
		return entry_form_fail(
		    reading, "time_kind", "does not fit the times");
	return observation->last >= observation->first ||
	    entry_form_fail(reading, "last", "before first");
}

bool
entry_rules_observation(const struct entry_reading *reading,
    const struct entry_observation *observation)
{
	if (observation->lineage.n > 0 && observation->observer.n == 0)
		return entry_form_fail(
		    reading, "lineage", "without an observer of its own");
	return check_strings(reading, observation) &&
	    check_recovered(reading, observation) &&
	    check_times(reading, observation);
}

static bool
check_observation(const struct entry_reading *reading,
    const struct entry_observation *observation, const struct json_node *object)
{
	if (has(object, "joined") && observation->n_strings == 0)
		return entry_form_fail(reading, "joined", "without strings");
	/* Those of another kind were not read. */
	if (observation->kind != OBSERVATION_RECOVERED &&
	    (has(object, "public_key") || has(object, "messages")))
		return entry_form_fail(
		    reading, "public_key", "does not fit the kind");
	return check_precision(reading, object, "first") &&
	    entry_rules_observation(reading, observation);
}

static bool
check_sighting(
    const struct entry_reading *reading, const struct entry_sighting *sighting)
{
	if (sighting->time_kind == TIME_NO_TIME)
		return entry_form_fail(
		    reading, "time_kind", "does not fit the times");
	return sighting->last >= sighting->first ||
	    entry_form_fail(reading, "last", "before first");
}

static bool
check_annotation(const struct entry_reading *reading,
    const struct entry_annotation *annotation, const struct json_node *object)
{
	bool of_key = annotation->kind == ANNOTATION_COMPROMISE ||
	    annotation->kind == ANNOTATION_PRIVATE_KEY_PUBLISHED;
	bool of_entries = annotation->target.n > 0;

	if (of_key && (!annotation->has_key || of_entries))
		return entry_form_fail(
		    reading, "key", "missing, or beside a target");
	if (annotation->kind == ANNOTATION_RETRACT &&
	    (!of_entries || annotation->has_key || annotation->name.n > 0))
		return entry_form_fail(
		    reading, "target", "missing, or beside a key or name");
	if (annotation->kind == ANNOTATION_RETRACT &&
	    annotation->target.items[0] == 0)
		return entry_form_fail(
		    reading, "target", "the store entry cannot be retracted");
	if (annotation->kind == ANNOTATION_NOTE &&
	    (annotation->text.n == 0 ||
		(!of_entries && !annotation->has_key &&
		    annotation->name.n == 0)))
		return entry_form_fail(
		    reading, "text", "missing, or about nothing");
	if (!of_key && has(object, "since"))
		return entry_form_fail(
		    reading, "since", "does not fit the kind");
	return check_precision(reading, object, "since");
}

static bool
check_anchor(
    const struct entry_reading *reading, const struct json_node *object)
{
	bool state = has(object, "size");

	if (state != has(object, "root") || state == has(object, "digest"))
		return entry_form_fail(
		    reading, "digest", "not either size and root, or digest");
	return true;
}

static bool
check_chain_result(
    const struct entry_reading *reading, const struct entry_chain_result *chain)
{
	bool timed = chain->from != TIMESTAMP_NONE;

	if (timed != (chain->until != TIMESTAMP_NONE))
		return entry_form_fail(reading, "from", "not with until");
	if (chain->result == CHAIN_SECURE && !timed)
		return entry_form_fail(reading, "from", "missing");
	return chain->until >= chain->from ||
	    entry_form_fail(reading, "until", "before from");
}

static bool
check_key_health(const struct entry_reading *reading,
    const struct entry_key_health *health, const struct json_node *object)
{
	if (health->factor.n > 0 && health->result != HEALTH_BAD)
		return entry_form_fail(
		    reading, "factor", "of a key that is not bad");
	for (size_t i = 0; i < health->with.n; i++) {
		if (memcmp(health->with.items[i], health->key, 32) == 0)
			return entry_form_fail(
			    reading, "with", "the key itself");
	}
	return check_precision(reading, object, "since");
}

bool
entry_rules_check(const struct entry_reading *reading,
    const struct entry *entry, const struct json_node *object)
{
	switch (entry->type) {
	case ENTRY_SOURCE:
		return check_source(reading, &entry->source);
	case ENTRY_OBSERVATION:
		return check_observation(reading, &entry->observation, object);
	case ENTRY_SIGHTING:
		return check_sighting(reading, &entry->sighting);
	case ENTRY_ANNOTATION:
		return check_annotation(reading, &entry->annotation, object);
	case ENTRY_ANCHOR:
		return check_anchor(reading, object);
	case ENTRY_CHAIN_RESULT:
		return check_chain_result(reading, &entry->chain_result);
	case ENTRY_KEY_HEALTH:
		return check_key_health(reading, &entry->key_health, object);
	case ENTRY_STORE:
	case ENTRY_AUDIT:
	case ENTRY_UNKNOWN:
		break;
	}
	return true;
}
