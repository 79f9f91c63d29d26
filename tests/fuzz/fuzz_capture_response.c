/*
 * fuzz_capture_response.c - any octets as what a name server answers: the
 * first as a referral, both as the way that aliases lead.
 */
#include "keysnap/capture/delegation.h"
#include "keysnap/capture/dns_query.h"
#include "keysnap/import/dns_hops.h"
#include "tests/fuzz/fuzz_import.h"

#define NAME "\002s1\012_domainkey\004mail\004test"

static const struct span query = SPAN(
    "\0\7\0\0\0\1\0\0\0\0\0\1" NAME "\0\0\20\0\1\0\0\51\4\320\0\0\200\0\0\0");

static void
read_referral(struct span message, ldns_rr_type type)
{
	const struct delegation_rules rules = { .port = 53 };
	g_autoptr(ldns_rdf) zone = zone_name_new(SPAN("test"));
	g_autoptr(ldns_rdf) name = zone_name_new(SPAN("s1._domainkey.mail."
						      "test"));
	struct delegation *from =
	    delegation_new(zone, NULL, (struct span){ NULL, 0 }, NULL, 0);
	struct referral referral;
	ldns_pkt *packet;

	if (ldns_wire2pkt(&packet, message.p, message.n) == LDNS_STATUS_OK) {
		referral_read(&referral, packet, from, name, type, &rules);
		if (referral.zone != NULL &&
		    (!zone_name_below(referral.zone, zone) ||
			!zone_name_within(name, referral.zone)))
			abort();
		if (referral.servers->len > DELEGATION_SERVERS_MAX)
			abort();
		referral_clear(&referral);
		ldns_pkt_free(packet);
	}
	delegation_unref(from);
}

static void
emit(struct span first, struct span second)
{
	const struct import_output output = {
		.observation = fuzz_import_observation,
	};
	const struct dns_hop hops[] = { { first, SPAN("mail.test") },
		{ second, SPAN("esp.test") } };
	const struct entry_observation observation = {
		.method = SPAN("dns-wire"),
		.precision = TIMESTAMP_SECOND,
		.time_kind = TIME_OBSERVED,
		.ttl = -1,
	};

	for (size_t n = 1; n <= 2; n++) {
		struct arena *arena = arena_new();
		size_t emitted = 0;

		if (dns_hops_emit(arena, hops, n, &observation, &output,
			&emitted) != NULL &&
		    emitted > 0)
			abort();
		arena_free(arena);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = { data, size };
	size_t n = size < 2 ? 0 : (size_t)data[0] << 8 | data[1];
	struct span first = span_sub(all, 2, n), second = span_from(all, 2 + n);

	dns_query_fit(query, first);
	if (first.n >= 12) {
		read_referral(first, LDNS_RR_TYPE_TXT);
		read_referral(first, LDNS_RR_TYPE_DS);
		emit(first, second);
	}
	return 0;
}
