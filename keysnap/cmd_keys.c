/*
 * cmd_keys.c - known keys as text and JSON, for list and show.
 */
#include "keysnap/cmd_keys.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd_entry.h"
#include "keysnap/key/dns_name.h"

void
keys_append_type(GString *out, const struct known_key *key)
{
	if (key->record.revoked)
		g_string_append(out, "revoked");
	else if ((key->record.defects & KEY_RECORD_FATAL) != 0)
		g_string_append(out, "malformed");
	else if (key->key.status == PUBLIC_KEY_MALFORMED ||
	    key->key.status == PUBLIC_KEY_WRONG_ALGORITHM ||
	    key->key.status == PUBLIC_KEY_BAD_LENGTH)
		g_string_append(out, public_key_status_name(key->key.status));
	else if (key->key.type == KEY_TYPE_ED25519)
		g_string_append(out, "Ed25519");
	else
		g_string_append_printf(out, "RSA %u", key->key.bits);
}

void
keys_append_window(GString *out, const struct known_key *key)
{
	const struct known_windows *windows = &key->windows;

	if (windows->n == 0) {
		g_string_append(out, "no time known");
		return;
	}
	command_append_time(
	    out, windows->items[0].first, TIMESTAMP_DAY_PRECISION);
	g_string_append(out, " .. ");
	command_append_time(
	    out, windows->items[windows->n - 1].last, TIMESTAMP_DAY_PRECISION);
}

void
keys_append_flags(GString *out, const struct known_key *key)
{
	for (unsigned bit = 1; bit <= PROVENANCE_JOIN_AMBIGUOUS; bit <<= 1) {
		if ((key->flags & bit) != 0)
			g_string_append_printf(
			    out, ", %s", provenance_flag_name(bit));
	}
}

void
keys_append_owners(
    GString *out, const struct known_key *key, const char *before)
{
	for (size_t i = 0; i < key->n_owners; i++) {
		g_string_append(out, i == 0 ? before : ", ");
		text_append_terminal(out, key->owners[i]);
	}
}

void
keys_append_since(GString *out, const struct known_key *key, const char *before)
{
	if ((key->flags & PROVENANCE_FORGEABLE) != 0) {
		g_string_append_printf(out, "%sforgeable since ", before);
		if (key->forgeable_since == TIMESTAMP_NONE)
			g_string_append(out, "the beginning (not known)");
		else
			command_append_time(
			    out, key->forgeable_since, TIMESTAMP_SECOND);
	}
	if ((key->flags & PROVENANCE_WEAK) != 0 &&
	    key->weak_since != TIMESTAMP_NONE) {
		g_string_append_printf(
		    out, "%smoduli of its size are factored since ", before);
		command_append_time(out, key->weak_since, TIMESTAMP_MONTH);
	}
}

static void
write_flags(struct json_writer *writer, unsigned flags)
{
	json_open_array(writer, "flags");
	for (unsigned bit = 1; bit <= PROVENANCE_JOIN_AMBIGUOUS; bit <<= 1) {
		if ((flags & bit) != 0)
			json_write_string(
			    writer, NULL, provenance_flag_name(bit));
	}
	json_close_array(writer);
}

static void
write_defects(struct json_writer *writer, unsigned defects)
{
	json_open_array(writer, "defects");
	for (unsigned bit = 1; bit <= KEY_RECORD_NO_VERSION; bit <<= 1) {
		const char *name = key_record_defect_name(bit);

		if ((defects & bit) != 0 && name != NULL)
			json_write_string(writer, NULL, name);
	}
	json_close_array(writer);
}

static void
write_texts(struct json_writer *writer, const char *member,
    const struct span *texts, size_t n)
{
	json_open_array(writer, member);
	for (size_t i = 0; i < n; i++)
		json_write_text(writer, NULL, NULL, texts[i]);
	json_close_array(writer);
}

/* What is not known is left out. */
static void
write_days(struct json_writer *writer, const struct time_standing *standing)
{
	const struct {
		const char *member;
		int64_t days;
	} all[] = { { "days", standing->days },
		{ "days_after", standing->days_after },
		{ "days_before", standing->days_before } };

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		if (all[i].days >= 0)
			json_write_integer(writer, all[i].member, all[i].days);
	}
}

static void
write_count(struct json_writer *writer, const char *member,
    const struct view_keys *keys, enum entry_type type)
{
	json_write_integer(writer, member, (int64_t)entry_count(keys, type));
}

void
keys_append_json(GString *out, const struct view_keys *keys,
    const struct known_key *key, const struct time_standing *standing)
{
	bool has_key = key->key.status != PUBLIC_KEY_MALFORMED;
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	write_count(&writer, "annotations", keys, ENTRY_ANNOTATION);
	json_write_integer(&writer, "bits", key->key.bits);
	write_count(&writer, "chain_results", keys, ENTRY_CHAIN_RESULT);
	if (standing != NULL)
		write_days(&writer, standing);
	write_defects(&writer, key->record.defects);
	json_write_integer(&writer, "entry", (int64_t)key->entry);
	write_count(&writer, "findings", keys, ENTRY_KEY_HEALTH);
	json_write_time(&writer, "first_seen", key->first_seen);
	write_flags(&writer, standing != NULL ? standing->flags : key->flags);
	if ((key->flags & PROVENANCE_FORGEABLE) != 0)
		json_write_time(
		    &writer, "forgeable_since", key->forgeable_since);
	json_write_string(&writer, "grade", grade_name(key->grade));
	json_write_integer(&writer, "independent", (int64_t)key->independent);
	json_write_time(&writer, "last_seen", key->last_seen);
	json_write_octets(&writer, "name", keys->known.name);
	json_write_integer(&writer, "observations", (int64_t)key->observations);
	write_texts(&writer, "owners", key->owners, key->n_owners);
	json_write_bool(&writer, "revoked", key->record.revoked);
	json_write_string(&writer, "schema", "keysnap-key 1");
	if (has_key)
		json_write_hex(&writer, "sha256",
		    (struct span){ key->key.sha256, DIGEST_SHA256_SIZE });
	write_count(&writer, "sightings", keys, ENTRY_SIGHTING);
	write_texts(&writer, "sources", key->sources, key->n_sources);
	json_write_string(
	    &writer, "status", public_key_status_name(key->key.status));
	if (standing != NULL)
		json_write_string(
		    &writer, "time_state", time_state_name(standing->state));
	json_write_octets(&writer, "txt", key->text);
	json_write_string(&writer, "type", key_type_name(key->key.type));
	if ((key->flags & PROVENANCE_WEAK) != 0)
		json_write_time(&writer, "weak_since", key->weak_since);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

bool
keys_read_name(struct arena *arena, char **words, struct span *name_out)
{
	g_auto(GStrv) parts = g_strsplit(words[0], " ", 2);
	const char *first = parts[0] == NULL ? "" : parts[0];
	const char *second = words[1] != NULL ? words[1]
	    : parts[0] == NULL                ? NULL
					      : parts[1];

	if (words[1] != NULL)
		first = words[0];
	if (second == NULL)
		return dns_name_canonical(arena, span_from_string(first),
			   name_out) == DNS_NAME_OK;
	return dns_name_of_key(arena, span_from_string(first),
		   span_from_string(second), name_out) == DNS_NAME_OK;
}
