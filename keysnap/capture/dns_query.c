/*
 * dns_query.c - one question to one server.
 *
 * An answer must have the id and the question of the query (RFC 5452 section
 * 9.1); what has not is waited on, and kept when nothing better comes.
 */
#include "keysnap/capture/dns_query.h"
#include "keysnap/dnssec/zone_name.h"

struct asking {
	const struct dns_query_options *options;
	const struct dns_server *server;
	const ldns_rdf *name;
	ldns_rr_type type;
	uint16_t id;
	struct dns_reply *reply;
};

static const char *const names[] = {
	[DNS_QUERY_ANSWERED] = "answered",
	[DNS_QUERY_TIMEOUT] = "timeout",
	[DNS_QUERY_UNREACHABLE] = "unreachable",
	[DNS_QUERY_MALFORMED] = "malformed",
	[DNS_QUERY_MISMATCHED] = "mismatched",
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
	ldns_pkt_free(reply->packet);
}

/* The octets of the query; free(). */
static uint8_t *
make_query(const struct asking *asking, size_t *n_out)
{
	ldns_pkt *query = ldns_pkt_query_new(ldns_rdf_clone(asking->name),
	    asking->type, LDNS_RR_CLASS_IN,
	    (uint16_t)((asking->options->recurse ? LDNS_RD : 0) | LDNS_CD));
	uint8_t *octets = NULL;

	ldns_pkt_set_id(query, asking->id);
	ldns_pkt_set_edns_udp_size(query, DNS_QUERY_UDP_SIZE);
	ldns_pkt_set_edns_do(query, true);
	if (ldns_pkt2wire(&octets, query, n_out) != LDNS_STATUS_OK)
		octets = NULL;
	ldns_pkt_free(query);
	return octets;
}

/* The header and question of an answer, from its octets alone. */
static bool
is_ours(const struct asking *asking, struct span octets)
{
	g_autoptr(ldns_rr) question = NULL;
	size_t at = LDNS_HEADER_SIZE;

	if (octets.n < LDNS_HEADER_SIZE ||
	    LDNS_ID_WIRE(octets.p) != asking->id ||
	    LDNS_QR_WIRE(octets.p) == 0 ||
	    LDNS_OPCODE_WIRE(octets.p) != LDNS_PACKET_QUERY ||
	    LDNS_QDCOUNT(octets.p) != 1 ||
	    ldns_wire2rr(&question, octets.p, octets.n, &at,
		LDNS_SECTION_QUESTION) != LDNS_STATUS_OK) {
		question = NULL;
		return false;
	}
	return ldns_rr_get_type(question) == asking->type &&
	    ldns_rr_get_class(question) == LDNS_RR_CLASS_IN &&
	    zone_name_equal(ldns_rr_owner(question), asking->name);
}

static bool
wanted(void *user, struct span octets)
{
	struct asking *asking = user;

	if (is_ours(asking, octets))
		return true;
	/* The first stands for all. */
	if (asking->reply->octets->len == 0) {
		g_byte_array_append(
		    asking->reply->octets, octets.p, (guint)octets.n);
		asking->reply->at = asking->options->now();
		asking->reply->status = DNS_QUERY_MISMATCHED;
	}
	return false;
}

static enum dns_exchange_status
exchange(struct asking *asking, bool tcp, GByteArray *answer)
{
	struct dns_exchange exchange = { .server = asking->server,
		.timeout = asking->options->timeout,
		.wanted = wanted,
		.user = asking };
	enum dns_exchange_status status = DNS_EXCHANGE_UNREACHABLE;
	uint8_t *query;

	asking->id = asking->options->chance();
	query = make_query(asking, &exchange.query.n);
	exchange.query.p = query;
	if (query != NULL)
		status = tcp ? dns_exchange_tcp(&exchange, answer)
			     : dns_exchange_udp(&exchange, answer);
	free(query);
	return status;
}

/* What came becomes the reply; false when it is to be asked again. */
static bool
take(struct asking *asking, enum dns_exchange_status status, bool tcp,
    GByteArray *answer)
{
	struct dns_reply *reply = asking->reply;

	if (status != DNS_EXCHANGE_ANSWERED) {
		/* An answer to something else says more than none. */
		if (reply->octets->len == 0)
			reply->status = status == DNS_EXCHANGE_TIMEOUT
			    ? DNS_QUERY_TIMEOUT
			    : DNS_QUERY_UNREACHABLE;
		return false;
	}
	reply->at = asking->options->now();
	reply->tcp = tcp;
	g_byte_array_set_size(reply->octets, 0);
	g_byte_array_append(reply->octets, answer->data, answer->len);
	reply->status = DNS_QUERY_MALFORMED;
	if (ldns_wire2pkt(&reply->packet, answer->data, answer->len) !=
	    LDNS_STATUS_OK)
		reply->packet = NULL;
	else
		reply->status = DNS_QUERY_ANSWERED;
	return true;
}

static bool
is_cut(const GByteArray *answer)
{
	return answer->len >= LDNS_HEADER_SIZE &&
	    LDNS_TC_WIRE(answer->data) != 0;
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
	bool tcp = false;

	*reply_out = (struct dns_reply){ .status = DNS_QUERY_STOPPED,
		.octets = g_byte_array_new() };
	for (unsigned tried = 0; tried <= options->retries; tried++) {
		enum dns_exchange_status status;

		if (!options->admit(options->user, server))
			return;
		status = exchange(&asking, tcp, answer);
		if (status == DNS_EXCHANGE_ANSWERED && !tcp && is_cut(answer)) {
			tcp = true;
			if (!options->admit(options->user, server))
				return;
			status = exchange(&asking, tcp, answer);
		}
		if (take(&asking, status, tcp, answer))
			return;
	}
}
