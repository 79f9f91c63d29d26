/*
 * entry_read.c - from the members of an entry, checked before, to its struct.
 */
#include "keysnap/store/entry_form.h"

#include "keysnap/base/digest.h"

/* An absent text is empty. */
static struct span
get_octets(
    struct arena *arena, const struct json_node *object, const char *name)
{
	const struct json_node *value = json_tree_get(object, name);
	struct span octets = { NULL, 0 };

	if (value != NULL)
		json_read_octets(arena, entry_form_text(value), &octets);
	return octets;
}

static int64_t
get_time(const struct json_node *object, const char *name)
{
	const struct json_node *value = json_tree_get(object, name);
	int64_t at = TIMESTAMP_NONE;

	if (value != NULL)
		timestamp_parse(entry_form_text(value), &at);
	return at;
}

static enum timestamp_precision
get_precision(const struct json_node *object)
{
	enum timestamp_precision precision = TIMESTAMP_SECOND;

	timestamp_precision_from_name(
	    entry_form_text(json_tree_get(object, "precision")), &precision);
	return precision;
}

/* An absent number is 0. */
static uint64_t
get_number(const struct json_node *object, const char *name)
{
	return (uint64_t)entry_form_integer(json_tree_get(object, name));
}

static bool
has(const struct json_node *object, const char *name)
{
	return json_tree_get(object, name) != NULL;
}

static int64_t
get_ttl(const struct json_node *object)
{
	return has(object, "ttl") ? (int64_t)get_number(object, "ttl") : -1;
}

/* The first of the enum when it is absent. */
static int
get_choice(const struct json_node *object, const char *name,
    const char *const *choices)
{
	const struct json_node *value = json_tree_get(object, name);

	return value == NULL ? 0 : entry_form_choice(value, choices);
}

static bool
get_hash(const struct json_node *object, const char *name, uint8_t out[32])
{
	return digest_from_hex(
	    entry_form_text(json_tree_get(object, name)), out);
}

static size_t
get_list(struct arena *arena, const struct json_node *object, const char *name,
    const struct span **items_out)
{
	const struct json_node *array = json_tree_get(object, name);
	size_t n = entry_form_count(array);
	struct span *items;

	if (n == 0)
		return 0;
	items = arena_alloc_array(arena, n, sizeof(*items));
	*items_out = items;
	for (const struct json_node *item = array->first; item != NULL;
	     item = item->next)
		json_read_octets(arena, item->text, items++);
	return n;
}

static struct entry_texts
get_texts(struct arena *arena, const struct json_node *object, const char *name)
{
	struct entry_texts texts = { NULL, 0 };

	texts.n = get_list(arena, object, name, &texts.items);
	return texts;
}

static struct entry_numbers
get_numbers(
    struct arena *arena, const struct json_node *object, const char *name)
{
	const struct json_node *array = json_tree_get(object, name);
	size_t n = entry_form_count(array);
	uint64_t *items, *next;

	if (n == 0)
		return (struct entry_numbers){ NULL, 0 };
	items = next = arena_alloc_array(arena, n, sizeof(*items));
	for (const struct json_node *item = array->first; item != NULL;
	     item = item->next)
		*next++ = (uint64_t)item->integer;
	return (struct entry_numbers){ items, n };
}

static struct entry_hashes
get_hashes(
    struct arena *arena, const struct json_node *object, const char *name)
{
	const struct json_node *array = json_tree_get(object, name);
	size_t n = entry_form_count(array);
	uint8_t(*items)[32], (*next)[32];

	if (n == 0)
		return (struct entry_hashes){ NULL, 0 };
	items = next = arena_alloc_array(arena, n, 32);
	for (const struct json_node *item = array->first; item != NULL;
	     item = item->next)
		digest_from_hex(item->text, *next++);
	return (struct entry_hashes){ (const uint8_t(*)[32])items, n };
}

static void
read_store(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	entry->store.origin = get_octets(arena, object, "origin");
}

static void
read_source(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	struct entry_source *source = &entry->source;
	struct entry_hashes evidence = get_hashes(arena, object, "evidence");

	source->file = get_octets(arena, object, "file");
	source->format = get_octets(arena, object, "format");
	source->observer = get_octets(arena, object, "observer");
	source->operator= get_octets(arena, object, "operator");
	source->tool = get_octets(arena, object, "tool");
	source->lineage = get_texts(arena, object, "lineage");
	source->imported = get_time(object, "imported");
	source->size = get_number(object, "size");
	get_hash(object, "sha256", source->sha256);
	source->evidence = evidence.items;
	source->n_evidence = evidence.n;
}

static void
read_vantage(struct entry_vantage *vantage, struct arena *arena,
    const struct json_node *object)
{
	const struct json_node *inner = json_tree_get(object, "vantage");

	if (inner == NULL)
		return;
	vantage->flags = get_texts(arena, inner, "flags");
	vantage->place = get_octets(arena, inner, "place");
	vantage->server = get_octets(arena, inner, "server");
	vantage->transport = get_octets(arena, inner, "transport");
}

static void
read_messages(struct entry_observation *observation, struct arena *arena,
    const struct json_node *object)
{
	const struct json_node *array = json_tree_get(object, "messages");
	size_t n = entry_form_count(array);
	struct entry_message *next;

	if (n == 0)
		return;
	next = arena_alloc_array(arena, n, sizeof(*next));
	observation->messages = next;
	observation->n_messages = n;
	for (const struct json_node *message = array->first; message != NULL;
	     message = message->next, next++) {
		next->corpus = get_octets(arena, message, "corpus");
		next->custody = get_octets(arena, message, "custody");
		get_hash(message, "sha256", next->sha256);
	}
}

/* What was seen. */
static void
read_record(struct entry_observation *observation, struct arena *arena,
    const struct json_node *object)
{
	observation->name = get_octets(arena, object, "name");
	observation->kind =
	    (enum observation_kind)get_choice(object, "kind", entry_form_kinds);
	observation->n_strings =
	    get_list(arena, object, "strings", &observation->strings);
	observation->joined = (enum observation_join)get_choice(
	    object, "joined", entry_form_joins);
	observation->owner = get_octets(arena, object, "owner");
	observation->n_cname =
	    get_list(arena, object, "cname", &observation->cname);
	observation->ttl = get_ttl(object);
	observation->complete = has(object, "complete");
	if (observation->kind != OBSERVATION_RECOVERED)
		return;
	observation->public_key = get_octets(arena, object, "public_key");
	read_messages(observation, arena, object);
}

/* Who says so, how, and where it stands. */
static void
read_origin(struct entry_observation *observation, struct arena *arena,
    const struct json_node *object)
{
	observation->source = get_number(object, "source");
	observation->method = get_octets(arena, object, "method");
	observation->observer = get_octets(arena, object, "observer");
	observation->lineage = get_texts(arena, object, "lineage");
	read_vantage(&observation->vantage, arena, object);
	observation->bailiwick = get_octets(arena, object, "bailiwick");
	observation->line = get_number(object, "line");
	observation->item = get_number(object, "item");
	observation->has_offset = has(object, "offset");
	observation->offset = get_number(object, "offset");
	observation->record = get_octets(arena, object, "record");
	observation->has_signer =
	    get_hash(object, "signer", observation->signer);
	observation->evidence = get_hashes(arena, object, "evidence");
	observation->warnings = get_texts(arena, object, "warnings");
}

static void
read_observation(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	struct entry_observation *observation = &entry->observation;

	read_record(observation, arena, object);
	observation->first = get_time(object, "first");
	observation->last = get_time(object, "last");
	observation->precision = get_precision(object);
	observation->time_kind = (enum observation_time_kind)get_choice(
	    object, "time_kind", entry_form_time_kinds);
	observation->count = get_number(object, "count");
	observation->has_serial = has(object, "serial");
	observation->serial = (uint32_t)get_number(object, "serial");
	read_origin(observation, arena, object);
	entry->name = observation->name;
}

static void
read_sighting(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	struct entry_sighting *sighting = &entry->sighting;

	sighting->source = get_number(object, "source");
	sighting->of = get_numbers(arena, object, "of");
	sighting->first = get_time(object, "first");
	sighting->last = get_time(object, "last");
	sighting->precision = get_precision(object);
	sighting->time_kind = (enum observation_time_kind)get_choice(
	    object, "time_kind", entry_form_time_kinds);
	sighting->observer = get_octets(arena, object, "observer");
	sighting->count = get_number(object, "count");
	sighting->line = get_number(object, "line");
	sighting->ttl = get_ttl(object);
	sighting->complete = has(object, "complete");
	read_vantage(&sighting->vantage, arena, object);
	sighting->evidence = get_hashes(arena, object, "evidence");
}

static void
read_annotation(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	struct entry_annotation *annotation = &entry->annotation;

	annotation->kind = (enum annotation_kind)get_choice(
	    object, "kind", entry_form_annotations);
	annotation->target = get_numbers(arena, object, "target");
	annotation->has_key = get_hash(object, "key", annotation->key);
	annotation->name = get_octets(arena, object, "name");
	annotation->since = get_time(object, "since");
	annotation->precision = get_precision(object);
	annotation->text = get_octets(arena, object, "text");
	annotation->reason = get_octets(arena, object, "reason");
	annotation->operator= get_octets(arena, object, "operator");
	annotation->made = get_time(object, "made");
	annotation->evidence = get_hashes(arena, object, "evidence");
	entry->name = annotation->name;
}

static void
read_anchor(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	struct entry_anchor *anchor = &entry->anchor;

	anchor->kind =
	    (enum anchor_kind)get_choice(object, "kind", entry_form_anchors);
	anchor->size = get_number(object, "size");
	anchor->of_state = get_hash(object, "root", anchor->root);
	get_hash(object, "digest", anchor->digest);
	anchor->time = get_time(object, "time");
	anchor->precision = get_precision(object);
	anchor->until = get_time(object, "until");
	anchor->authority = get_octets(arena, object, "authority");
	anchor->tool = get_octets(arena, object, "tool");
	anchor->made = get_time(object, "made");
	anchor->evidence = get_hashes(arena, object, "evidence");
}

static void
read_chain_result(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	struct entry_chain_result *chain = &entry->chain_result;

	chain->observation = get_number(object, "observation");
	chain->result =
	    (enum chain_status)get_choice(object, "result", entry_form_chains);
	chain->from = get_time(object, "from");
	chain->until = get_time(object, "until");
	chain->reason = get_octets(arena, object, "reason");
	chain->trust_anchor = get_octets(arena, object, "trust_anchor");
	chain->tool = get_octets(arena, object, "tool");
	chain->made = get_time(object, "made");
	chain->evidence = get_hashes(arena, object, "evidence");
}

static void
read_key_health(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	struct entry_key_health *health = &entry->key_health;

	get_hash(object, "key", health->key);
	health->check = get_octets(arena, object, "check");
	health->result = (enum health_result)get_choice(
	    object, "result", entry_form_healths);
	health->since = get_time(object, "since");
	health->precision = get_precision(object);
	health->factor = get_octets(arena, object, "factor");
	health->with = get_hashes(arena, object, "with");
	health->detail = get_octets(arena, object, "detail");
	health->tool = get_octets(arena, object, "tool");
	health->made = get_time(object, "made");
	health->evidence = get_hashes(arena, object, "evidence");
}

static void
read_audit(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	struct entry_audit *audit = &entry->audit;

	audit->below = get_number(object, "below");
	audit->keys = get_number(object, "keys");
	audit->checks = get_texts(arena, object, "checks");
	audit->tool = get_octets(arena, object, "tool");
	audit->made = get_time(object, "made");
	audit->evidence = get_hashes(arena, object, "evidence");
}

void
entry_read(
    struct entry *entry, struct arena *arena, const struct json_node *object)
{
	static void (*const readers[])(struct entry *, struct arena *,
	    const struct json_node *) = { read_store, read_source,
		read_observation, read_sighting, read_annotation, read_anchor,
		read_chain_result, read_key_health, read_audit };

	if (entry->type != ENTRY_UNKNOWN)
		readers[entry->type](entry, arena, object);
}
