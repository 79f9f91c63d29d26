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

struct asking {
	const struct dns_query_options *options;
	const struct dns_server *server;
	const ldns_rdf *name;
	ldns_rr_type type;
	struct span query; /* the octets of the message */
	bool tcp, plain, caseless;
	enum dns_fit fit; /* of the last message that came */
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
refuses_edns(struct span query, struct span message)
{
	unsigned rcode = LDNS_RCODE_WIRE(message.p);

	return LDNS_ARCOUNT(query.p) > 0 &&
	    (rcode == LDNS_RCODE_FORMERR || rcode == LDNS_RCODE_NOTIMPL) &&
	    LDNS_ANCOUNT(message.p) == 0 && LDNS_ARCOUNT(message.p) == 0;
}

/* The question of a message that has one, and where it ends; or NULL. */
static ldns_rr *
read_question(struct span message, size_t *end_out)
{
	ldns_rr *question;

	*end_out = LDNS_HEADER_SIZE;
	return LDNS_QDCOUNT(message.p) == 1 &&
		ldns_wire2rr(&question, message.p, message.n, end_out,
		    LDNS_SECTION_QUESTION) == LDNS_STATUS_OK
	    ? question
	    : NULL;
}

enum dns_fit
dns_query_fit(struct span query, struct span message)
{
	g_autoptr(ldns_rr) asked = NULL;
	g_autoptr(ldns_rr) question = NULL;
	size_t size, end;

	if (message.n < LDNS_HEADER_SIZE ||
	    LDNS_ID_WIRE(message.p) != LDNS_ID_WIRE(query.p) ||
	    LDNS_QR_WIRE(message.p) == 0 ||
	    LDNS_OPCODE_WIRE(message.p) != LDNS_PACKET_QUERY)
		return DNS_FIT_NOT;
	if (LDNS_QDCOUNT(message.p) == 0)
		return refuses_edns(query, message) ? DNS_FIT_NO_EDNS
						    : DNS_FIT_NOT;
	asked = read_question(query, &size);
	question = read_question(message, &end);
	if (asked == NULL || question == NULL ||
	    ldns_rr_get_type(question) != ldns_rr_get_type(asked) ||
	    ldns_rr_get_class(question) != ldns_rr_get_class(asked) ||
	    !zone_name_equal(ldns_rr_owner(question), ldns_rr_owner(asked)))
		return DNS_FIT_NOT;
	if (end != size ||
	    memcmp(message.p + LDNS_HEADER_SIZE, query.p + LDNS_HEADER_SIZE,
		size - LDNS_HEADER_SIZE) != 0)
		return DNS_FIT_CASELESS;
	return refuses_edns(query, message) ? DNS_FIT_NO_EDNS : DNS_FIT_ANSWER;
}

static bool
wanted(void *user, struct span octets)
{
	struct asking *asking = user;
	struct dns_reply *reply = asking->reply;

	asking->fit = dns_query_fit(asking->query, octets);
	if (asking->fit != DNS_FIT_NOT)
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
	if (asking->fit == DNS_FIT_NO_EDNS) {
		asking->plain = true;
		return true;
	}
	if (asking->tcp)
		return false;
	if (asking->fit == DNS_FIT_CASELESS)
		keep(asking, DNS_QUERY_MISMATCHED, answer);
	else if (is_oversized(asking, answer))
		keep(asking, DNS_QUERY_OVERSIZED, answer);
	else if (LDNS_TC_WIRE(answer->data) == 0)
		return false;
	asking->caseless |= asking->fit == DNS_FIT_CASELESS;
	asking->tcp = true;
	return true;
}

static void
take(struct asking *asking, GByteArray *answer)
{
	struct dns_reply *reply = asking->reply;

	keep(asking, DNS_QUERY_MALFORMED, answer);
	reply->caseless = asking->caseless || asking->fit == DNS_FIT_CASELESS;
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
