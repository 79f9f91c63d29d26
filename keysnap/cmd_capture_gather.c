/*
 * cmd_capture_gather.c - what the answer to one question says.
 */
#include "keysnap/cmd_capture_gather.h"

#include "keysnap/import/dns_hops.h"
#include "keysnap/key/dns_name.h"

static struct span
span_of(const GByteArray *octets)
{
	return (struct span){ octets->data, octets->len };
}

static void
gather_observation(void *user, const struct entry_observation *observation)
{
	struct capture_gathered *gathered = user;

	g_array_append_val(gathered->observations, *observation);
}

/* The zone as a canonical name; no name is within one that has none. */
static struct span
zone_of(struct arena *arena, const struct dns_reply *reply)
{
	struct span zone = { NULL, 0 };

	if (reply->zone != NULL && zone_name_labels(reply->zone) > 0) {
		g_autofree char *text = zone_name_text(reply->zone);

		if (dns_name_canonical(arena, span_from_string(text), &zone) !=
		    DNS_NAME_OK)
			zone = SPAN(".");
	}
	return zone;
}

static const char *
emit(struct capture_gathered *gathered, const struct dns_reply *reply,
    const struct entry_observation *observation)
{
	const struct import_output output = { .user = gathered,
		.observation = gather_observation };
	guint n = reply->before == NULL ? 0 : reply->before->len;
	g_autofree struct dns_hop *hops = g_new0(struct dns_hop, n + 1);
	size_t emitted;

	for (guint i = 0; i <= n; i++) {
		const struct dns_reply *hop =
		    i == n ? reply : reply->before->pdata[i];

		hops[i].message = span_of(hop->octets);
		hops[i].zone = zone_of(gathered->arena, hop);
	}
	return dns_hops_emit(
	    gathered->arena, hops, n + 1, observation, &output, &emitted);
}

/* What was odd about how the answer came. */
static struct entry_texts
warnings_of(struct arena *arena, const struct dns_reply *reply)
{
	struct span *words = arena_alloc_array(arena, 2, sizeof(*words));
	struct entry_texts warnings = { words, 0 };

	/* A set is in order. */
	if (reply->plain)
		words[warnings.n++] = SPAN("no-edns");
	if (reply->caseless)
		words[warnings.n++] = SPAN("question-case");
	return warnings;
}

void
capture_gather(struct capture_gathered *gathered, const struct dns_reply *reply)
{
	struct entry_observation observation = {
		.method = SPAN("dns-wire"),
		.first = reply->at,
		.last = reply->at,
		.precision = TIMESTAMP_SECOND,
		.time_kind = TIME_OBSERVED,
		.ttl = -1,
		.vantage.server = span_from_string(reply->server.text),
		.vantage.transport = reply->tcp ? SPAN("tcp") : SPAN("udp"),
	};
	GArray *observations;

	*gathered = (struct capture_gathered){
		.arena = arena_new(),
		.observations =
		    g_array_new(FALSE, FALSE, sizeof(struct entry_observation)),
	};
	observations = gathered->observations;
	observation.bailiwick = zone_of(gathered->arena, reply);
	gathered->fault = emit(gathered, reply, &observation);
	if (observations->len > CAPTURE_RECORDS_MAX) {
		gathered->oversized = true;
		gathered->fault = "more TXT records than a name can have";
	}
	if (gathered->fault != NULL)
		g_array_set_size(observations, 0);
	for (guint i = 0; i < observations->len; i++)
		g_array_index(observations, struct entry_observation, i)
		    .warnings = warnings_of(gathered->arena, reply);
}

void
capture_gathered_clear(struct capture_gathered *gathered)
{
	g_array_free(gathered->observations, TRUE);
	arena_free(gathered->arena);
}

bool
capture_gather_evidence(const struct dns_reply *reply,
    bool (*each)(void *user, struct span octets), void *user)
{
	guint n = reply->before == NULL ? 0 : reply->before->len;
	g_autoptr(GPtrArray) referrals = g_ptr_array_new();

	for (guint i = 0; i <= n; i++) {
		const struct dns_reply *hop =
		    i == n ? reply : reply->before->pdata[i];

		if (!each(user, span_of(hop->octets)))
			return false;
		for (guint j = 0;
		     hop->referrals != NULL && j < hop->referrals->len; j++) {
			if (!g_ptr_array_find(
				referrals, hop->referrals->pdata[j], NULL))
				g_ptr_array_add(
				    referrals, hop->referrals->pdata[j]);
		}
	}
	for (guint i = 0; i < referrals->len; i++) {
		struct span octets;

		octets.p = g_bytes_get_data(referrals->pdata[i], &octets.n);
		if (!each(user, octets))
			return false;
	}
	return true;
}
