/*
 * cmd_capture_store.c - from answers to entries of the store.
 */
#include "keysnap/cmd_capture_store.h"

#include "keysnap/cmd.h"
#include "keysnap/cmd_capture_gather.h"
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
	[CAPTURE_OVERSIZED] = "oversized",
	[CAPTURE_LAME] = "lame",
	[CAPTURE_TIMEOUT] = "timed out",
};

const char *
capture_outcome_name(enum capture_outcome outcome)
{
	return outcome_names[outcome];
}

static void
print_of(const struct capture_gathered *gathered, const struct crypto *crypto,
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
known_of(const struct capture_store *capture, size_t name, size_t vantage)
{
	return &capture->known[name * capture->n_vantages + vantage];
}

/* Does it say what is known, and is that not long ago? */
static bool
says_the_same(const struct capture_store *capture,
    const struct capture_known *known, const struct capture_gathered *gathered)
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
    void *user, size_t name, size_t vantage, const struct dns_reply *reply)
{
	const struct capture_store *capture = user;
	const struct capture_known *known = known_of(capture, name, vantage);
	struct capture_gathered gathered;
	bool same;

	if (!known->any)
		return false;
	capture_gather(&gathered, reply);
	same = says_the_same(capture, known, &gathered);
	capture_gathered_clear(&gathered);
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
flush_again(struct capture_store *capture, size_t vantage)
{
	GArray *again = capture->again[vantage];
	struct entry entry;
	uint64_t number;

	if (again->len == 0)
		return true;
	entry_init(&entry, ENTRY_SIGHTING);
	entry.sighting.source = capture->sources[vantage];
	entry.sighting.of.n =
	    entry_sort_numbers((uint64_t *)(void *)again->data, again->len);
	entry.sighting.of.items = (const uint64_t *)(void *)again->data;
	entry.sighting.first = entry.sighting.last = capture->again_at[vantage];
	entry.sighting.precision = TIMESTAMP_SECOND;
	entry.sighting.time_kind = TIME_OBSERVED;
	if (!append_entry(capture, &entry, &number))
		return false;
	g_array_set_size(again, 0);
	return true;
}

static bool
take_again(struct capture_store *capture, struct capture_known *known,
    size_t vantage, int64_t at)
{
	GArray *again = capture->again[vantage];

	if ((at != capture->again_at[vantage] ||
		again->len + known->numbers->len > ENTRY_LIST_MAX) &&
	    !flush_again(capture, vantage))
		return false;
	capture->again_at[vantage] = at;
	g_array_append_vals(again, known->numbers->data, known->numbers->len);
	capture->unchanged++;
	return true;
}

/* Who was asked: a server, or the servers of the name's zone. */
static const char *
server_of(const struct capture_store *capture, size_t vantage,
    const struct dns_reply *reply)
{
	return reply->server.size > 0 ? reply->server.text
				      : capture->labels[vantage];
}

/* A note about the name, with octets that were no answer to it. */
static bool
note(struct capture_store *capture, size_t name, size_t vantage,
    const struct dns_reply *reply, const GByteArray *message,
    const char *reason, const char *why)
{
	g_autofree char *text = g_strdup_printf("%s answered %s: %s",
	    server_of(capture, vantage, reply),
	    reply->tcp ? "over tcp" : "over udp", why);
	struct span octets = { message->data, message->len };
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
outcome_of(const struct capture_gathered *gathered)
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
    const char *server)
{
	g_autoptr(GString) line = g_string_new(word);

	g_string_append_c(line, '\t');
	g_string_append_len(line, (const char *)capture->names[name].p,
	    (gssize)capture->names[name].n);
	g_string_append_printf(line, "\t%s\n", server);
	command_print(line);
}

/* A change is told when something was known. */
static void
tell_change(struct capture_store *capture,
    const struct capture_gathered *gathered, size_t name, size_t vantage,
    const struct dns_reply *reply)
{
	const char *server = server_of(capture, vantage, reply);
	const struct capture_known *known = known_of(capture, name, vantage);
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

/* Messages on their way into the store. */
struct keeping {
	struct capture_store *capture;
	GByteArray *digests;
};

static bool
keep_message(void *user, struct span octets)
{
	struct keeping *keeping = user;
	struct capture_store *capture = keeping->capture;
	uint8_t digest[32];

	digest_sha256(capture->crypto, octets, digest);
	g_byte_array_append(keeping->digests, digest, sizeof(digest));
	return store_add_evidence(
	    capture->store, digest, octets, &capture->error);
}

static bool
add_observation(struct capture_store *capture, struct entry *entry,
    const struct dnssec_chain *chain, int64_t at)
{
	uint64_t number;

	if (!append_entry(capture, entry, &number) ||
	    (chain != NULL &&
		!import_chains_add_one(capture->store, capture->crypto, chain,
		    &entry->observation, number, capture->anchors, at,
		    &capture->error)))
		return false;
	capture->observations++;
	return true;
}

static bool
add_observations(struct capture_store *capture,
    const struct capture_gathered *gathered, size_t vantage,
    const struct dns_reply *reply, const struct dnssec_chain *chain)
{
	g_autoptr(GByteArray) digests = g_byte_array_new();
	struct keeping keeping = { capture, digests };

	if (!capture_gather_evidence(reply, keep_message, &keeping))
		return false;
	for (guint i = 0; i < gathered->observations->len; i++) {
		struct entry entry = { .type = ENTRY_OBSERVATION,
			.observation = g_array_index(gathered->observations,
			    struct entry_observation, i) };

		entry.observation.source = capture->sources[vantage];
		entry.observation.evidence.items =
		    (const uint8_t(*)[32])digests->data;
		entry.observation.evidence.n = digests->len / 32;
		if (!add_observation(capture, &entry, chain, reply->at))
			return false;
	}
	capture->chains += chain != NULL;
	return true;
}

/* An answer that says something of the name. */
static bool
take_gathered(struct capture_store *capture,
    const struct capture_gathered *gathered, size_t name, size_t vantage,
    const struct dns_reply *reply, const struct dnssec_chain *chain)
{
	struct capture_known *known = known_of(capture, name, vantage);

	capture->outcomes[outcome_of(gathered)]++;
	if (says_the_same(capture, known, gathered))
		return take_again(capture, known, vantage, reply->at);
	tell_change(capture, gathered, name, vantage, reply);
	return add_observations(capture, gathered, vantage, reply, chain);
}

static void
count_silent(struct capture_store *capture, size_t name, size_t vantage,
    const struct dns_reply *reply, enum capture_outcome outcome)
{
	capture->outcomes[outcome]++;
	capture->silent++;
	if (!capture->quiet)
		tell(capture, outcome_names[outcome], name,
		    server_of(capture, vantage, reply));
}

static bool
take_answer(struct capture_store *capture, size_t name, size_t vantage,
    const struct dns_reply *reply, const struct dnssec_chain *chain)
{
	ldns_pkt_rcode rcode = ldns_pkt_get_rcode(reply->packet);
	struct capture_gathered gathered;
	bool ok = true;

	capture_gather(&gathered, reply);
	if (gathered.observations->len > 0) {
		ok = take_gathered(
		    capture, &gathered, name, vantage, reply, chain);
	} else if (gathered.fault != NULL) {
		count_silent(capture, name, vantage, reply,
		    gathered.oversized ? CAPTURE_OVERSIZED : CAPTURE_MALFORMED);
		ok = note(capture, name, vantage, reply, reply->octets,
		    gathered.oversized ? "oversized-answer"
				       : "malformed-answer",
		    gathered.fault);
	} else {
		count_silent(capture, name, vantage, reply,
		    rcode == LDNS_RCODE_SERVFAIL ? CAPTURE_SERVFAIL
			: rcode == LDNS_RCODE_NOERROR ||
			    rcode == LDNS_RCODE_NXDOMAIN
			? CAPTURE_INCOMPLETE
			: CAPTURE_REFUSED);
	}
	capture_gathered_clear(&gathered);
	return ok;
}

/* What is not an answer, by its status. */
static const struct silence {
	enum capture_outcome outcome;
	const char *reason, *why; /* of a note; NULL: none */
} silences[] = {
	[DNS_QUERY_TIMEOUT] = { CAPTURE_TIMEOUT, NULL, NULL },
	[DNS_QUERY_UNREACHABLE] = { CAPTURE_UNREACHABLE, NULL, NULL },
	[DNS_QUERY_MALFORMED] = { CAPTURE_MALFORMED, "malformed-answer",
	    "it cannot be read to its end" },
	[DNS_QUERY_MISMATCHED] = { CAPTURE_MISMATCHED, "mismatched-answer",
	    "not to what was asked" },
	[DNS_QUERY_OVERSIZED] = { CAPTURE_OVERSIZED, "oversized-answer",
	    "larger than what was asked for" },
	[DNS_QUERY_LAME] = { CAPTURE_LAME, NULL, NULL },
};

static bool
take_reply(struct capture_store *capture, size_t name, size_t vantage,
    const struct dns_reply *reply, const struct dnssec_chain *chain)
{
	const struct silence *silence;

	/* What somebody sent before the answer came says nothing of it. */
	if (reply->stray != NULL &&
	    !note(capture, name, vantage, reply, reply->stray,
		"mismatched-answer", "not to what was asked, before another"))
		return false;
	if (reply->status == DNS_QUERY_ANSWERED)
		return take_answer(capture, name, vantage, reply, chain);
	if (reply->status == DNS_QUERY_ABSENT)
		return true;
	g_assert(reply->status < G_N_ELEMENTS(silences));
	silence = &silences[reply->status];
	count_silent(capture, name, vantage, reply, silence->outcome);
	return silence->reason == NULL ||
	    note(capture, name, vantage, reply, reply->octets, silence->reason,
		silence->why);
}

static bool
commit(struct capture_store *capture)
{
	for (size_t i = 0; i < capture->n_vantages; i++) {
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
capture_store_take(void *user, size_t name, size_t vantage,
    const struct dns_reply *reply, const struct dnssec_chain *chain)
{
	struct capture_store *capture = user;

	if (!capture->open) {
		if (!store_begin(capture->store, &capture->error))
			return false;
		capture->open = true;
		capture->since = reply->at;
	}
	if (!take_reply(capture, name, vantage, reply, chain))
		return false;
	if (++capture->taken < CAPTURE_COMMIT &&
	    reply->at < capture->since + CAPTURE_COMMIT_AGE)
		return true;
	return commit(capture);
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
