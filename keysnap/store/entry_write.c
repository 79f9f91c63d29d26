/*
 * entry_write.c - from an entry to its line.  The members of each type stand
 * here in ascending order of their names, as canonical JSON has them.
 */
#include "keysnap/store/entry_form.h"

/* An optional text: absent when empty. */
static void
write_text(struct json_writer *writer, const char *name, struct span text)
{
	if (text.n > 0)
		json_write_octets(writer, name, text);
}

static void
write_time(struct json_writer *writer, const char *name, int64_t at)
{
	if (at != TIMESTAMP_NONE)
		json_write_time(writer, name, at);
}

/* An optional number from 1. */
static void
write_count(struct json_writer *writer, const char *name, uint64_t count)
{
	if (count > 0)
		json_write_integer(writer, name, (int64_t)count);
}

static void
write_number(struct json_writer *writer, const char *name, uint64_t number)
{
	json_write_integer(writer, name, (int64_t)number);
}

static void
write_hash(struct json_writer *writer, const char *name, const uint8_t hash[32])
{
	json_write_hex(writer, name, (struct span){ hash, 32 });
}

static void
write_complete(struct json_writer *writer, bool complete)
{
	if (complete)
		json_write_bool(writer, "complete", true);
}

/* The lists below are absent when they have no element. */
static void
write_list(struct json_writer *writer, const char *name,
    const struct span *items, size_t n)
{
	if (n == 0)
		return;
	json_open_array(writer, name);
	for (size_t i = 0; i < n; i++)
		json_write_octets(writer, NULL, items[i]);
	json_close_array(writer);
}

static void
write_texts(
    struct json_writer *writer, const char *name, struct entry_texts texts)
{
	write_list(writer, name, texts.items, texts.n);
}

static void
write_numbers(
    struct json_writer *writer, const char *name, struct entry_numbers numbers)
{
	if (numbers.n == 0)
		return;
	json_open_array(writer, name);
	for (size_t i = 0; i < numbers.n; i++)
		write_number(writer, NULL, numbers.items[i]);
	json_close_array(writer);
}

static void
write_hashes(
    struct json_writer *writer, const char *name, struct entry_hashes hashes)
{
	if (hashes.n == 0)
		return;
	json_open_array(writer, name);
	for (size_t i = 0; i < hashes.n; i++)
		write_hash(writer, NULL, hashes.items[i]);
	json_close_array(writer);
}

static void
write_precision(
    struct json_writer *writer, int64_t at, enum timestamp_precision precision)
{
	if (at != TIMESTAMP_NONE)
		json_write_string(
		    writer, "precision", timestamp_precision_name(precision));
}

static void
write_type(struct json_writer *writer, enum entry_type type)
{
	json_write_string(writer, "type", entry_type_name(type));
}

static void
write_ttl(struct json_writer *writer, int64_t ttl)
{
	if (ttl >= 0)
		json_write_integer(writer, "ttl", ttl);
}

static void
write_vantage(struct json_writer *writer, const struct entry_vantage *vantage)
{
	if (vantage->flags.n == 0 && vantage->place.n == 0 &&
	    vantage->server.n == 0 && vantage->transport.n == 0)
		return;
	json_open_object(writer, "vantage");
	write_texts(writer, "flags", vantage->flags);
	write_text(writer, "place", vantage->place);
	write_text(writer, "server", vantage->server);
	write_text(writer, "transport", vantage->transport);
	json_close_object(writer);
}

static void
write_store(struct json_writer *writer, const struct entry_store *store)
{
	json_write_string(writer, "format", ENTRY_LOG_FORMAT);
	json_write_octets(writer, "origin", store->origin);
	write_type(writer, ENTRY_STORE);
}

static void
write_source(struct json_writer *writer, const struct entry_source *source)
{
	const struct entry_hashes evidence = { source->evidence,
		source->n_evidence };

	write_hashes(writer, "evidence", evidence);
	json_write_octets(writer, "file", source->file);
	json_write_octets(writer, "format", source->format);
	json_write_time(writer, "imported", source->imported);
	write_texts(writer, "lineage", source->lineage);
	json_write_octets(writer, "observer", source->observer);
	write_text(writer, "operator", source->operator);
	write_hash(writer, "sha256", source->sha256);
	write_number(writer, "size", source->size);
	json_write_octets(writer, "tool", source->tool);
	write_type(writer, ENTRY_SOURCE);
}

static void
write_messages(
    struct json_writer *writer, const struct entry_observation *observation)
{
	if (observation->n_messages == 0)
		return;
	json_open_array(writer, "messages");
	for (size_t i = 0; i < observation->n_messages; i++) {
		const struct entry_message *message = &observation->messages[i];

		json_open_object(writer, NULL);
		json_write_octets(writer, "corpus", message->corpus);
		write_text(writer, "custody", message->custody);
		write_hash(writer, "sha256", message->sha256);
		json_close_object(writer);
	}
	json_close_array(writer);
}

/* Members of an observation up to "method". */
static void
write_first_half(
    struct json_writer *writer, const struct entry_observation *observation)
{
	write_text(writer, "bailiwick", observation->bailiwick);
	write_list(writer, "cname", observation->cname, observation->n_cname);
	write_complete(writer, observation->complete);
	write_count(writer, "count", observation->count);
	write_hashes(writer, "evidence", observation->evidence);
	write_time(writer, "first", observation->first);
	write_count(writer, "item", observation->item);
	if (observation->kind == OBSERVATION_PRESENT)
		json_write_string(
		    writer, "joined", entry_form_joins[observation->joined]);
	json_write_string(writer, "kind", entry_form_kinds[observation->kind]);
	write_time(writer, "last", observation->last);
	write_count(writer, "line", observation->line);
	write_texts(writer, "lineage", observation->lineage);
	write_messages(writer, observation);
	json_write_octets(writer, "method", observation->method);
}

static void
write_second_half(
    struct json_writer *writer, const struct entry_observation *observation)
{
	json_write_octets(writer, "name", observation->name);
	write_text(writer, "observer", observation->observer);
	if (observation->has_offset)
		write_number(writer, "offset", observation->offset);
	write_text(writer, "owner", observation->owner);
	write_precision(writer, observation->first, observation->precision);
	write_text(writer, "public_key", observation->public_key);
	write_text(writer, "record", observation->record);
	if (observation->has_serial)
		write_number(writer, "serial", observation->serial);
	if (observation->has_signer)
		write_hash(writer, "signer", observation->signer);
	write_number(writer, "source", observation->source);
	write_list(
	    writer, "strings", observation->strings, observation->n_strings);
	json_write_string(
	    writer, "time_kind", entry_form_time_kinds[observation->time_kind]);
	write_ttl(writer, observation->ttl);
	write_type(writer, ENTRY_OBSERVATION);
	write_vantage(writer, &observation->vantage);
	write_texts(writer, "warnings", observation->warnings);
}

static void
write_observation(
    struct json_writer *writer, const struct entry_observation *observation)
{
	write_first_half(writer, observation);
	write_second_half(writer, observation);
}

static void
write_sighting(
    struct json_writer *writer, const struct entry_sighting *sighting)
{
	write_complete(writer, sighting->complete);
	write_count(writer, "count", sighting->count);
	write_hashes(writer, "evidence", sighting->evidence);
	write_time(writer, "first", sighting->first);
	write_time(writer, "last", sighting->last);
	write_count(writer, "line", sighting->line);
	write_text(writer, "observer", sighting->observer);
	write_numbers(writer, "of", sighting->of);
	write_precision(writer, sighting->first, sighting->precision);
	write_number(writer, "source", sighting->source);
	json_write_string(
	    writer, "time_kind", entry_form_time_kinds[sighting->time_kind]);
	write_ttl(writer, sighting->ttl);
	write_type(writer, ENTRY_SIGHTING);
	write_vantage(writer, &sighting->vantage);
}

static void
write_annotation(
    struct json_writer *writer, const struct entry_annotation *annotation)
{
	write_hashes(writer, "evidence", annotation->evidence);
	if (annotation->has_key)
		write_hash(writer, "key", annotation->key);
	json_write_string(
	    writer, "kind", entry_form_annotations[annotation->kind]);
	write_time(writer, "made", annotation->made);
	write_text(writer, "name", annotation->name);
	write_text(writer, "operator", annotation->operator);
	write_precision(writer, annotation->since, annotation->precision);
	write_text(writer, "reason", annotation->reason);
	write_time(writer, "since", annotation->since);
	write_numbers(writer, "target", annotation->target);
	write_text(writer, "text", annotation->text);
	write_type(writer, ENTRY_ANNOTATION);
}

static void
write_anchor(struct json_writer *writer, const struct entry_anchor *anchor)
{
	write_text(writer, "authority", anchor->authority);
	if (!anchor->of_state)
		write_hash(writer, "digest", anchor->digest);
	write_hashes(writer, "evidence", anchor->evidence);
	json_write_string(writer, "kind", entry_form_anchors[anchor->kind]);
	write_time(writer, "made", anchor->made);
	write_precision(writer, anchor->time, anchor->precision);
	if (anchor->of_state) {
		write_hash(writer, "root", anchor->root);
		write_number(writer, "size", anchor->size);
	}
	write_time(writer, "time", anchor->time);
	json_write_octets(writer, "tool", anchor->tool);
	write_type(writer, ENTRY_ANCHOR);
	write_time(writer, "until", anchor->until);
}

static void
write_chain_result(
    struct json_writer *writer, const struct entry_chain_result *chain)
{
	write_hashes(writer, "evidence", chain->evidence);
	write_time(writer, "from", chain->from);
	write_time(writer, "made", chain->made);
	write_number(writer, "observation", chain->observation);
	write_text(writer, "reason", chain->reason);
	json_write_string(writer, "result", entry_form_chains[chain->result]);
	json_write_octets(writer, "tool", chain->tool);
	write_text(writer, "trust_anchor", chain->trust_anchor);
	write_type(writer, ENTRY_CHAIN_RESULT);
	write_time(writer, "until", chain->until);
}

static void
write_key_health(
    struct json_writer *writer, const struct entry_key_health *health)
{
	json_write_octets(writer, "check", health->check);
	write_text(writer, "detail", health->detail);
	write_hashes(writer, "evidence", health->evidence);
	write_text(writer, "factor", health->factor);
	write_hash(writer, "key", health->key);
	write_time(writer, "made", health->made);
	write_precision(writer, health->since, health->precision);
	json_write_string(writer, "result", entry_form_healths[health->result]);
	write_time(writer, "since", health->since);
	json_write_octets(writer, "tool", health->tool);
	write_type(writer, ENTRY_KEY_HEALTH);
	write_hashes(writer, "with", health->with);
}

static void
write_audit(struct json_writer *writer, const struct entry_audit *audit)
{
	write_number(writer, "below", audit->below);
	write_texts(writer, "checks", audit->checks);
	write_hashes(writer, "evidence", audit->evidence);
	write_number(writer, "keys", audit->keys);
	write_time(writer, "made", audit->made);
	json_write_octets(writer, "tool", audit->tool);
	write_type(writer, ENTRY_AUDIT);
}

static void
write_members(struct json_writer *writer, const struct entry *entry)
{
	switch (entry->type) {
	case ENTRY_STORE:
		write_store(writer, &entry->store);
		break;
	case ENTRY_SOURCE:
		write_source(writer, &entry->source);
		break;
	case ENTRY_OBSERVATION:
		write_observation(writer, &entry->observation);
		break;
	case ENTRY_SIGHTING:
		write_sighting(writer, &entry->sighting);
		break;
	case ENTRY_ANNOTATION:
		write_annotation(writer, &entry->annotation);
		break;
	case ENTRY_ANCHOR:
		write_anchor(writer, &entry->anchor);
		break;
	case ENTRY_CHAIN_RESULT:
		write_chain_result(writer, &entry->chain_result);
		break;
	case ENTRY_KEY_HEALTH:
		write_key_health(writer, &entry->key_health);
		break;
	case ENTRY_AUDIT:
		write_audit(writer, &entry->audit);
		break;
	case ENTRY_UNKNOWN:
		g_assert_not_reached();
	}
}

void
entry_write(GString *out, const struct entry *entry)
{
	struct json_writer writer;

	if (entry->type == ENTRY_UNKNOWN) {
		g_string_append_len(
		    out, (const char *)entry->line.p, (gssize)entry->line.n);
		return;
	}
	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	write_members(&writer, entry);
	json_close_object(&writer);
}

void
entry_write_store(GString *out, const struct entry_store *store)
{
	struct entry entry = { .type = ENTRY_STORE, .store = *store };

	entry_write(out, &entry);
}

void
entry_write_source(GString *out, const struct entry_source *source)
{
	struct entry entry = { .type = ENTRY_SOURCE, .source = *source };

	entry_write(out, &entry);
}

void
entry_write_observation(
    GString *out, const struct entry_observation *observation)
{
	struct entry entry = { .type = ENTRY_OBSERVATION,
		.observation = *observation };

	entry_write(out, &entry);
}
