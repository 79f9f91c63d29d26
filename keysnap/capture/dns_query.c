/*
 * dns_query.c - one question to one server.
 *
 * An answer must have the id and the question of the query (RFC 5452 section
 * 9.1), over UDP in the same case; what has not is waited on, and kept.
 */
#include "keysnap/capture/dns_query.h"
#include "keysnap/dnssec/zone_name.h"

#include <string.h>

#define PLAIN_UDP_SIZE 512 /* octets over UDP without EDNS, RFC 1035 2.3.4 */

/* What a message is to the query. */
enum fit {
	FIT_ANSWER,
	FIT_CASELESS, /* but for the case of the name */
	FIT_NO_EDNS,  /* the server does not know EDNS (RFC 6891 section 7) */
	FIT_NOT
};

struct asking {
	const struct dns_query_options *options;
	const struct dns_server *server;
	const ldns_rdf *name;
	ldns_rr_type type;
	struct span query; /* the octets of the message */
	bool tcp, plain, caseless;
	enum fit fit; /* of the last message that came */
	struct dns_reply *reply;
};

static const char *const names[] = {
	[DNS_QUERY_ANSWERED] = "answered",
	[DNS_QUERY_TIMEOUT] = "timeout",
	[DNS_QUERY_UNREACHABLE] = "unreachable",
	[DNS_QUERY_MALFORMED] = "malformed",
	[DNS_QUERY_MISMATCHED] = "mismatched",
	[DNS_QUERY_OVERSIZED] = "oversized",
	[DNS_QUERY_LAME] = "lame",
	[DNS_QUERY_ABSENT] = "absent",
	[DNS_QUERY_STOPPED] = "stopped",
};

const char *
dns_query_status_name(enum dns_query_status status)
{
	return names[status];
}

void
dns_reply_clear(struct dns_reply *reply)
{
	g_byte_array_free(reply->octets, TRUE);
	if (reply->stray != NULL)
		g_byte_array_free(reply->stray, TRUE);
	ldns_pkt_free(reply->packet);
	ldns_rdf_deep_free(reply->zone);
	if (reply->referrals != NULL)
		g_ptr_array_free(reply->referrals, TRUE);
	if (reply->before != NULL)
		g_ptr_array_free(reply->before, TRUE);
}

/* The name with the case of its letters by chance. */
static ldns_rdf *
mixed_name(const struct asking *asking)
{
	ldns_rdf *name = ldns_rdf_clone(asking->name);
	uint8_t *p = ldns_rdf_data(name);
	size_t n = ldns_rdf_size(name), left = 0;
	unsigned bits = 0;

	for (size_t at = 0; at < n && p[at] != 0; at += 1u + p[at]) {
		for (size_t i = at + 1; i <= at + p[at] && i < n; i++) {
			bool letter =
			    (p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'z';

			if (!letter)
				continue;
			if (left == 0) {
				bits = asking->options->chance();
				left = 16;
			}
			p[i] = (uint8_t)(p[i] ^ (bits & 1) << 5);
			bits >>= 1;
			left--;
		}
	}
	return name;
}

/* The octets of the query; free(). */
static uint8_t *
make_query(const struct asking *asking, size_t *n_out)
{
	ldns_pkt *query = ldns_pkt_query_new(mixed_name(asking), asking->type,
	    LDNS_RR_CLASS_IN,
	    (uint16_t)((asking->options->recurse ? LDNS_RD : 0) |
		(asking->plain ? 0 : LDNS_CD)));
	uint8_t *octets = NULL;

	ldns_pkt_set_id(query, asking->options->chance());
	if (!asking->plain) {
		ldns_pkt_set_edns_udp_size(query, DNS_QUERY_UDP_SIZE);
		ldns_pkt_set_edns_do(query, true);
	}
	if (ldns_pkt2wire(&octets, query, n_out) != LDNS_STATUS_OK)
		octets = NULL;
	ldns_pkt_free(query);
	return octets;
}

/* Does it refuse EDNS?  Some say so without the question. */
static bool
refuses_edns(const struct asking *asking, struct span octets)
{
	unsigned rcode = LDNS_RCODE_WIRE(octets.p);

	return !asking->plain &&
	    (rcode == LDNS_RCODE_FORMERR || rcode == LDNS_RCODE_NOTIMPL) &&
	    LDNS_ANCOUNT(octets.p) == 0 && LDNS_ARCOUNT(octets.p) == 0;
}

/* The header and question of a message, from its octets alone. */
static enum fit
fit_of(const struct asking *asking, struct span octets)
{
	size_t size = ldns_rdf_size(asking->name) + 4; /* type and class */
	g_autoptr(ldns_rr) question = NULL;
	size_t at = LDNS_HEADER_SIZE;

	if (octets.n < LDNS_HEADER_SIZE ||
	    LDNS_ID_WIRE(octets.p) != LDNS_ID_WIRE(asking->query.p) ||
	    LDNS_QR_WIRE(octets.p) == 0 ||
	    LDNS_OPCODE_WIRE(octets.p) != LDNS_PACKET_QUERY)
		return FIT_NOT;
	if (LDNS_QDCOUNT(octets.p) == 0)
		return refuses_edns(asking, octets) ? FIT_NO_EDNS : FIT_NOT;
	if (LDNS_QDCOUNT(octets.p) != 1 ||
	    ldns_wire2rr(&question, octets.p, octets.n, &at,
		LDNS_SECTION_QUESTION) != LDNS_STATUS_OK) {
		question = NULL;
		return FIT_NOT;
	}
	if (ldns_rr_get_type(question) != asking->type ||
	    ldns_rr_get_class(question) != LDNS_RR_CLASS_IN ||
	    !zone_name_equal(ldns_rr_owner(question), asking->name))
		return FIT_NOT;
	if (at != LDNS_HEADER_SIZE + size ||
	    memcmp(octets.p + LDNS_HEADER_SIZE,
		asking->query.p + LDNS_HEADER_SIZE, size) != 0)
		return FIT_CASELESS;
	return refuses_edns(asking, octets) ? FIT_NO_EDNS : FIT_ANSWER;
}

static bool
wanted(void *user, struct span octets)
{
	struct asking *asking = user;
	struct dns_reply *reply = asking->reply;

	asking->fit = fit_of(asking, octets);
	if (asking->fit != FIT_NOT)
		return true;
	/* The first stands for all. */
	if (reply->stray == NULL) {
		reply->stray = g_byte_array_new();
		g_byte_array_append(reply->stray, octets.p, (guint)octets.n);
		reply->at = asking->options->now();
	}
	return false;
}

static enum dns_exchange_status
exchange(struct asking *asking, GByteArray *answer)
{
	struct dns_exchange exchange = { .server = asking->server,
		.timeout = asking->options->timeout,
		.wanted = wanted,
		.user = asking };
	enum dns_exchange_status status = DNS_EXCHANGE_UNREACHABLE;
	uint8_t *query = make_query(asking, &exchange.query.n);

	exchange.query.p = query;
	asking->query = exchange.query;
	if (query != NULL)
		status = asking->tcp ? dns_exchange_tcp(&exchange, answer)
				     : dns_exchange_udp(&exchange, answer);
	free(query);
	return status;
}

static bool
is_oversized(const struct asking *asking, const GByteArray *answer)
{
	return !asking->tcp &&
	    answer->len > (asking->plain ? PLAIN_UDP_SIZE : DNS_QUERY_UDP_SIZE);
}

/* What came instead of an answer is kept, and what it was. */
static void
keep(struct asking *asking, enum dns_query_status status, GByteArray *octets)
{
	struct dns_reply *reply = asking->reply;

	reply->status = status;
	reply->at = asking->options->now();
	reply->tcp = asking->tcp;
	g_byte_array_set_size(reply->octets, 0);
	g_byte_array_append(reply->octets, octets->data, octets->len);
}

/* Must the question be asked again, in another way? */
static bool
asks_otherwise(struct asking *asking, GByteArray *answer)
{
	if (asking->fit == FIT_NO_EDNS) {
		asking->plain = true;
		return true;
	}
	if (asking->tcp)
		return false;
	if (asking->fit == FIT_CASELESS)
		keep(asking, DNS_QUERY_MISMATCHED, answer);
	else if (is_oversized(asking, answer))
		keep(asking, DNS_QUERY_OVERSIZED, answer);
	else if (LDNS_TC_WIRE(answer->data) == 0)
		return false;
	asking->caseless |= asking->fit == FIT_CASELESS;
	asking->tcp = true;
	return true;
}

static void
take(struct asking *asking, GByteArray *answer)
{
	struct dns_reply *reply = asking->reply;

	keep(asking, DNS_QUERY_MALFORMED, answer);
	reply->caseless = asking->caseless || asking->fit == FIT_CASELESS;
	reply->plain = asking->plain;
	if (ldns_wire2pkt(&reply->packet, answer->data, answer->len) !=
	    LDNS_STATUS_OK)
		reply->packet = NULL;
	else
		reply->status = DNS_QUERY_ANSWERED;
}

/* One try, in as many ways as it takes; true when the reply is final. */
static bool
try_once(struct asking *asking, GByteArray *answer)
{
	struct dns_reply *reply = asking->reply;
	enum dns_exchange_status status;

	do {
		if (!asking->options->admit(
			asking->options->user, asking->server)) {
			reply->status = DNS_QUERY_STOPPED;
			return true;
		}
		status = exchange(asking, answer);
		if (status != DNS_EXCHANGE_ANSWERED) {
			if (reply->octets->len == 0)
				reply->status = status == DNS_EXCHANGE_TIMEOUT
				    ? DNS_QUERY_TIMEOUT
				    : DNS_QUERY_UNREACHABLE;
			return false;
		}
	} while (asks_otherwise(asking, answer));
	take(asking, answer);
	return true;
}

/* With no answer, the message that was none is what there is. */
static void
take_stray(struct dns_reply *reply)
{
	if (reply->status == DNS_QUERY_ANSWERED ||
	    reply->status == DNS_QUERY_STOPPED || reply->octets->len > 0 ||
	    reply->stray == NULL)
		return;
	g_byte_array_free(reply->octets, TRUE);
	reply->octets = g_steal_pointer(&reply->stray);
	reply->status = DNS_QUERY_MISMATCHED;
}

void
dns_query(const struct dns_query_options *options,
    const struct dns_server *server, const ldns_rdf *name, ldns_rr_type type,
    struct dns_reply *reply_out)
{
	struct asking asking = { .options = options,
		.server = server,
		.name = name,
		.type = type,
		.reply = reply_out };
	g_autoptr(GByteArray) answer = g_byte_array_new();

	*reply_out = (struct dns_reply){ .status = DNS_QUERY_TIMEOUT,
		.octets = g_byte_array_new(),
		.server = *server };
	for (unsigned tried = 0; tried <= options->retries; tried++) {
		if (try_once(&asking, answer))
			break;
	}
	take_stray(reply_out);
	if (reply_out->at == 0)
		reply_out->at = options->now(); /* of giving up */
}
