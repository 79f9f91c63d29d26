/*
 * cmd_capture_store.c - from answers to entries of the store.
 */
#include "keysnap/cmd_capture_store.h"

#include "keysnap/cmd.h"
#include "keysnap/import/dns_message.h"
#include "keysnap/import/import_chains.h"
#include "keysnap/key/key_record.h"
#include "keysnap/store/pack.h"

#include <string.h>

static const char *const outcome_names[CAPTURE_OUTCOMES] = {
	[CAPTURE_PRESENT] = "present",
	[CAPTURE_REVOKED] = "revoked",
	[CAPTURE_NXDOMAIN] = "NXDOMAIN",
	[CAPTURE_NODATA] = "NODATA",
	[CAPTURE_SERVFAIL] = "SERVFAIL",
	[CAPTURE_REFUSED] = "refused",
	[CAPTURE_INCOMPLETE] = "incomplete",
	[CAPTURE_MALFORMED] = "malformed",
	[CAPTURE_MISMATCHED] = "mismatched",
	[CAPTURE_UNREACHABLE] = "unreachable",
	[CAPTURE_TIMEOUT] = "timed out",
};

const char *
capture_outcome_name(enum capture_outcome outcome)
{
	return outcome_names[outcome];
}

/* What an answer says, gathered. */
struct gathered {
	struct arena *arena;
	GArray *observations; /* struct entry_observation */
	const char *fault;
};

static void
gather_observation(void *user, const struct entry_observation *observation)
{
	struct gathered *gathered = user;

	g_array_append_val(gathered->observations, *observation);
}

static void
gather_bad(void *user, uint64_t line, const char *reason)
{
	struct gathered *gathered = user;

	(void)line;
	gathered->fault = reason;
}

static void
gather_other(void *user, uint64_t line)
{
	(void)user;
	(void)line;
}

static void
gather(struct gathered *gathered, struct span octets,
    const struct entry_observation *observation)
{
	const struct import_output output = { .user = gathered,
		.observation = gather_observation,
		.bad = gather_bad,
		.other = gather_other };

	gathered->arena = arena_new();
	gathered->observations =
	    g_array_new(FALSE, FALSE, sizeof(struct entry_observation));
	gathered->fault = NULL;
	dns_message_take(gathered->arena, octets, observation, 0, &output);
}

static void
gathered_clear(struct gathered *gathered)
{
	g_array_free(gathered->observations, TRUE);
	arena_free(gathered->arena);
}

static void
print_of(const struct gathered *gathered, const struct crypto *crypto,
    uint8_t print_out[32])
{
	struct capture_print print;

	capture_print_init(&print);
	for (guint i = 0; i < gathered->observations->len; i++)
		capture_print_add(&print, crypto,
		    &g_array_index(
			gathered->observations, struct entry_observation, i));
	capture_print_finish(&print, crypto, print_out);
}

static struct capture_known *
known_of(const struct capture_store *capture, size_t name, size_t server)
{
	return &capture->known[name * capture->n_servers + server];
}

/* Does it say what is known, and is that not long ago? */
static bool
says_the_same(const struct capture_store *capture,
    const struct capture_known *known, const struct gathered *gathered)
{
	uint8_t print[32];

	if (!known->any || gathered->observations->len == 0 ||
	    capture->now - known->first >= CAPTURE_FULL_AGE)
		return false;
	print_of(gathered, capture->crypto, print);
	return memcmp(print, known->print, sizeof(print)) == 0;
}

bool
capture_store_is_known(
    void *user, size_t name, size_t server, struct span octets)
{
	const struct capture_store *capture = user;
	const struct capture_known *known = known_of(capture, name, server);
	const struct entry_observation observation = { .ttl = -1 };
	struct gathered gathered;
	bool same;

	if (!known->any)
		return false;
	gather(&gathered, octets, &observation);
	same = says_the_same(capture, known, &gathered);
	gathered_clear(&gathered);
	return same;
}

static bool
append_entry(struct capture_store *capture, const struct entry *entry,
    uint64_t *number_out)
{
	return store_append(capture->store, entry, number_out, &capture->error);
}

/* What was seen again, as one entry. */
static bool
flush_again(struct capture_store *capture, size_t server)
{
	GArray *again = capture->again[server];
	struct entry entry;
	uint64_t number;

	if (again->len == 0)
		return true;
	entry_init(&entry, ENTRY_SIGHTING);
	entry.sighting.source = capture->sources[server];
	entry.sighting.of.n =
	    entry_sort_numbers((uint64_t *)(void *)again->data, again->len);
	entry.sighting.of.items = (const uint64_t *)(void *)again->data;
	entry.sighting.first = entry.sighting.last = capture->again_at[server];
	entry.sighting.precision = TIMESTAMP_SECOND;
	entry.sighting.time_kind = TIME_OBSERVED;
	if (!append_entry(capture, &entry, &number))
		return false;
	g_array_set_size(again, 0);
	return true;
}

static bool
take_again(struct capture_store *capture, struct capture_known *known,
    size_t server, int64_t at)
{
	GArray *again = capture->again[server];

	if ((at != capture->again_at[server] ||
		again->len + known->numbers->len > ENTRY_LIST_MAX) &&
	    !flush_again(capture, server))
		return false;
	capture->again_at[server] = at;
	g_array_append_vals(again, known->numbers->data, known->numbers->len);
	capture->unchanged++;
	return true;
}

/* A note about the name, with the octets that were no answer to it. */
static bool
note(struct capture_store *capture, size_t name, size_t server,
    const struct dns_reply *reply, const char *reason, const char *why)
{
	g_autofree char *text =
	    g_strdup_printf("%s answered %s: %s", capture->servers[server].text,
		reply->tcp ? "over tcp" : "over udp", why);
	struct span octets = { reply->octets->data, reply->octets->len };
	uint8_t digest[1][32];
	struct entry entry;
	uint64_t number;

	entry_init(&entry, ENTRY_ANNOTATION);
	entry.annotation.kind = ANNOTATION_NOTE;
	entry.annotation.name = capture->names[name];
	entry.annotation.made = reply->at;
	entry.annotation.reason = span_from_string(reason);
	entry.annotation.text = span_from_string(text);
	digest_sha256(capture->crypto, octets, digest[0]);
	if (octets.n > 0) {
		entry.annotation.evidence.items = (const uint8_t(*)[32])digest;
		entry.annotation.evidence.n = 1;
		if (!store_add_evidence(
			capture->store, digest[0], octets, &capture->error))
			return false;
	}
	return append_entry(capture, &entry, &number);
}

static enum capture_outcome
outcome_of(const struct gathered *gathered)
{
	const struct entry_observation *first =
	    &g_array_index(gathered->observations, struct entry_observation, 0);
	struct key_record record;

	if (first->kind == OBSERVATION_NXDOMAIN)
		return CAPTURE_NXDOMAIN;
	if (first->kind == OBSERVATION_NODATA)
		return CAPTURE_NODATA;
	key_record_parse(
	    &record, gathered->arena, entry_joined(gathered->arena, first));
	return gathered->observations->len == 1 && record.revoked
	    ? CAPTURE_REVOKED
	    : CAPTURE_PRESENT;
}

static void
tell(const struct capture_store *capture, const char *word, size_t name,
    size_t server)
{
	g_autoptr(GString) line = g_string_new(word);

	g_string_append_c(line, '\t');
	g_string_append_len(line, (const char *)capture->names[name].p,
	    (gssize)capture->names[name].n);
	g_string_append_printf(line, "\t%s\n", capture->servers[server].text);
	command_print(line);
}

/* A change is told when something was known. */
static void
tell_change(struct capture_store *capture, const struct gathered *gathered,
    size_t name, size_t server)
{
	const struct capture_known *known = known_of(capture, name, server);
	const struct entry_observation *first =
	    &g_array_index(gathered->observations, struct entry_observation, 0);
	uint8_t print[32];

	if (!known->any)
		return;
	print_of(gathered, capture->crypto, print);
	if (memcmp(print, known->print, sizeof(print)) == 0)
		return;
	if (known->present && first->kind != OBSERVATION_PRESENT) {
		capture->vanished++;
		tell(capture, "vanished", name, server);
	} else {
		capture->changed++;
		tell(capture, "changed", name, server);
	}
}

static bool
add_observations(struct capture_store *capture, const struct gathered *gathered,
    size_t server, struct span octets, const struct dnssec_chain *chain,
    int64_t at)
{
	uint8_t digest[1][32];

	digest_sha256(capture->crypto, octets, digest[0]);
	if (!store_add_evidence(
		capture->store, digest[0], octets, &capture->error))
		return false;
	for (guint i = 0; i < gathered->observations->len; i++) {
		struct entry entry = { .type = ENTRY_OBSERVATION,
			.observation = g_array_index(gathered->observations,
			    struct entry_observation, i) };
		uint64_t number;

		entry.observation.source = capture->sources[server];
		entry.observation.evidence.items = (const uint8_t(*)[32])digest;
		entry.observation.evidence.n = 1;
		if (!append_entry(capture, &entry, &number) ||
		    (chain != NULL &&
			!import_chains_add_one(capture->store, capture->crypto,
			    chain, &entry.observation, number, capture->anchors,
			    at, &capture->error)))
			return false;
		capture->observations++;
	}
	capture->chains += chain != NULL;
	return true;
}

/* An answer that says something of the name. */
static bool
take_gathered(struct capture_store *capture, const struct gathered *gathered,
    size_t name, size_t server, const struct dns_reply *reply,
    const struct dnssec_chain *chain)
{
	struct capture_known *known = known_of(capture, name, server);
	struct span octets = { reply->octets->data, reply->octets->len };

	capture->outcomes[outcome_of(gathered)]++;
	if (says_the_same(capture, known, gathered))
		return take_again(capture, known, server, reply->at);
	tell_change(capture, gathered, name, server);
	return add_observations(
	    capture, gathered, server, octets, chain, reply->at);
}

static void
count_silent(struct capture_store *capture, size_t name, size_t server,
    enum capture_outcome outcome)
{
	capture->outcomes[outcome]++;
	capture->silent++;
	if (!capture->quiet)
		tell(capture, outcome_names[outcome], name, server);
}

static bool
take_answer(struct capture_store *capture, size_t name, size_t server,
    const struct dns_reply *reply, const struct dnssec_chain *chain)
{
	struct entry_observation observation = {
		.method = SPAN("dns-wire"),
		.first = reply->at,
		.last = reply->at,
		.precision = TIMESTAMP_SECOND,
		.time_kind = TIME_OBSERVED,
		.ttl = -1,
		.vantage.server =
		    span_from_string(capture->servers[server].text),
		.vantage.transport = reply->tcp ? SPAN("tcp") : SPAN("udp"),
	};
	ldns_pkt_rcode rcode = ldns_pkt_get_rcode(reply->packet);
	struct gathered gathered;
	bool ok = true;

	gather(&gathered,
	    (struct span){ reply->octets->data, reply->octets->len },
	    &observation);
	if (gathered.observations->len > 0) {
		ok = take_gathered(
		    capture, &gathered, name, server, reply, chain);
	} else if (gathered.fault != NULL) {
		count_silent(capture, name, server, CAPTURE_MALFORMED);
		ok = note(capture, name, server, reply, "malformed-answer",
		    gathered.fault);
	} else {
		count_silent(capture, name, server,
		    rcode == LDNS_RCODE_SERVFAIL ? CAPTURE_SERVFAIL
			: rcode == LDNS_RCODE_NOERROR ||
			    rcode == LDNS_RCODE_NXDOMAIN
			? CAPTURE_INCOMPLETE
			: CAPTURE_REFUSED);
	}
	gathered_clear(&gathered);
	return ok;
}

static bool
take_reply(struct capture_store *capture, size_t name, size_t server,
    const struct dns_reply *reply, const struct dnssec_chain *chain)
{
	switch (reply->status) {
	case DNS_QUERY_ANSWERED:
		return take_answer(capture, name, server, reply, chain);
	case DNS_QUERY_MALFORMED:
		count_silent(capture, name, server, CAPTURE_MALFORMED);
		return note(capture, name, server, reply, "malformed-answer",
		    "it cannot be read to its end");
	case DNS_QUERY_MISMATCHED:
		count_silent(capture, name, server, CAPTURE_MISMATCHED);
		return note(capture, name, server, reply, "mismatched-answer",
		    "not to what was asked");
	case DNS_QUERY_UNREACHABLE:
		count_silent(capture, name, server, CAPTURE_UNREACHABLE);
		return true;
	case DNS_QUERY_TIMEOUT:
		count_silent(capture, name, server, CAPTURE_TIMEOUT);
		return true;
	case DNS_QUERY_STOPPED:
		break;
	}
	return true;
}

static bool
commit(struct capture_store *capture)
{
	for (size_t i = 0; i < capture->n_servers; i++) {
		if (!flush_again(capture, i))
			return false;
	}
	if (!capture->open)
		return true;
	capture->open = false;
	capture->taken = 0;
	return store_commit(capture->store, &capture->error);
}

bool
capture_store_take(void *user, size_t name, size_t server,
    const struct dns_reply *reply, const struct dnssec_chain *chain)
{
	struct capture_store *capture = user;

	if (!capture->open && !store_begin(capture->store, &capture->error))
		return false;
	capture->open = true;
	if (!take_reply(capture, name, server, reply, chain))
		return false;
	return ++capture->taken < CAPTURE_COMMIT || commit(capture);
}

bool
capture_store_end(struct capture_store *capture, GError **error)
{
	if (capture->error == NULL)
		commit(capture);
	if (capture->open)
		store_abort(capture->store);
	capture->open = false;
	if (capture->error == NULL)
		return true;
	g_propagate_error(error, g_steal_pointer(&capture->error));
	return false;
}
