/*
 * authority.c - ask the servers of each name's own zone.
 */
#include "keysnap/capture/authority.h"

#define ALIASES_IN_MESSAGE_MAX \
	16 /* RFC 1034 sets no bound; resolvers stop at
				     8 to 16 */

struct authority {
	struct authority_options options;
	struct delegation_rules rules;
	struct delegation_cache *cache;
};

/* One question on its way, with all that it leads to. */
struct walk {
	struct authority *authority;
	unsigned vantage;
	unsigned messages; /* asked */
	gint64 end;        /* monotonic, microseconds */
};

/* What a message is to a question to a zone's server. */
enum kind { KIND_ANSWER, KIND_REFERRAL, KIND_LAME };

struct authority *
authority_new(const struct authority_options *options)
{
	struct authority *authority = g_new0(struct authority, 1);
	g_autoptr(ldns_rdf) root = ldns_dname_new_frm_str(".");
	struct delegation *delegation = delegation_new(root, NULL,
	    (struct span){ NULL, 0 }, options->roots, options->n_roots);

	authority->options = *options;
	authority->rules.port = options->port;
	for (size_t i = 0; i < options->n_roots; i++)
		authority->rules.loopback |=
		    dns_server_is_loopback(&options->roots[i]);
	authority->cache = delegation_cache_new(delegation);
	delegation_unref(delegation);
	return authority;
}

void
authority_free(struct authority *authority)
{
	if (authority == NULL)
		return;
	delegation_cache_free(authority->cache);
	g_free(authority);
}

static bool
is_spent(const struct walk *walk)
{
	return walk->messages >= AUTHORITY_MESSAGES_MAX ||
	    g_get_monotonic_time() >= walk->end;
}

/* Is there a SOA of a zone between that of the server and "name"? */
static bool
has_soa(
    const ldns_pkt *packet, const struct delegation *cut, const ldns_rdf *name)
{
	const ldns_rr_list *records = ldns_pkt_authority(packet);

	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
		const ldns_rr *record = ldns_rr_list_rr(records, i);

		if (ldns_rr_get_type(record) == LDNS_RR_TYPE_SOA &&
		    zone_name_within(ldns_rr_owner(record), cut->zone) &&
		    zone_name_within(name, ldns_rr_owner(record)))
			return true;
	}
	return false;
}

static enum kind
kind_of(const ldns_pkt *packet, const struct delegation *cut,
    const ldns_rdf *name, const struct referral *referral)
{
	ldns_pkt_rcode rcode = ldns_pkt_get_rcode(packet);

	if (rcode != LDNS_RCODE_NOERROR && rcode != LDNS_RCODE_NXDOMAIN)
		return KIND_LAME;
	/* Some set AA in referrals, too. */
	if (rcode == LDNS_RCODE_NOERROR && referral->zone != NULL &&
	    ldns_rr_list_rr_count(ldns_pkt_answer(packet)) == 0 &&
	    !has_soa(packet, cut, name))
		return KIND_REFERRAL;
	return ldns_pkt_aa(packet) ? KIND_ANSWER : KIND_LAME;
}

static enum kind
ask_server(struct walk *walk, const struct delegation *cut,
    const struct dns_server *server, const ldns_rdf *name, ldns_rr_type type,
    struct dns_reply *reply_out)
{
	const struct authority_options *options = &walk->authority->options;
	struct referral referral;
	enum kind kind;

	walk->messages++;
	dns_query(options->query, server, name, type, reply_out);
	if (reply_out->status == DNS_QUERY_STOPPED)
		return KIND_LAME;
	pace_report(options->pace, server,
	    reply_out->status != DNS_QUERY_TIMEOUT &&
		reply_out->status != DNS_QUERY_UNREACHABLE,
	    g_get_monotonic_time());
	if (reply_out->status != DNS_QUERY_ANSWERED)
		return KIND_LAME;
	referral_read(&referral, reply_out->packet, cut, name, type,
	    &walk->authority->rules);
	kind = kind_of(reply_out->packet, cut, name, &referral);
	referral_clear(&referral);
	if (kind == KIND_LAME &&
	    (ldns_pkt_get_rcode(reply_out->packet) == LDNS_RCODE_NOERROR ||
		ldns_pkt_get_rcode(reply_out->packet) == LDNS_RCODE_NXDOMAIN))
		reply_out->status = DNS_QUERY_LAME;
	return kind;
}

/* Ask the servers of a cut in turn until one gives an answer or a referral. */
static enum kind
ask_cut(struct walk *walk, const struct delegation *cut, const ldns_rdf *name,
    ldns_rr_type type, struct dns_reply *reply)
{
	const struct authority_options *options = &walk->authority->options;
	size_t n = cut->n_servers, step = options->vantages;
	size_t first = walk->vantage % n, tried = 0;

	dns_reply_clear(reply);
	*reply = (struct dns_reply){ .status = DNS_QUERY_TIMEOUT,
		.octets = g_byte_array_new() };
	for (size_t i = first;
	     i < n && tried < AUTHORITY_SERVERS_MAX && !is_spent(walk);
	     i += step) {
		const struct dns_server *server = &cut->servers[i];
		enum kind kind;

		/* The last one is asked even so. */
		if (i + step < n &&
		    pace_is_down(options->pace, server, g_get_monotonic_time()))
			continue;
		tried++;
		dns_reply_clear(reply);
		kind = ask_server(walk, cut, server, name, type, reply);
		if (kind != KIND_LAME || reply->status == DNS_QUERY_STOPPED)
			return kind;
	}
	return KIND_LAME;
}

/* The reply has the zone, and the messages that led to it. */
static void
take_cut(struct dns_reply *reply, const struct delegation *cut)
{
	reply->zone = ldns_rdf_clone(cut->zone);
	reply->referrals =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	for (; cut != NULL; cut = cut->above) {
		if (cut->referral != NULL)
			g_ptr_array_insert(
			    reply->referrals, 0, g_bytes_ref(cut->referral));
	}
}

/* Addresses of a server's name, asked for from the root down. */
static void find_addresses(
    struct walk *walk, const ldns_rdf *host, unsigned depth, GArray *servers);

/* The cut that a referral says; NULL when none of its servers can be found. */
static struct delegation *
follow(struct walk *walk, struct delegation *cut, unsigned depth,
    const struct dns_reply *reply, const ldns_rdf *name, ldns_rr_type type)
{
	struct authority *authority = walk->authority;
	struct delegation *below = NULL;
	struct referral referral;

	referral_read(
	    &referral, reply->packet, cut, name, type, &authority->rules);
	for (size_t i = 0; i < referral.n_hosts && i < AUTHORITY_HOSTS_MAX &&
	     referral.servers->len < walk->authority->options.vantages &&
	     depth < AUTHORITY_DEPTH_MAX && !is_spent(walk);
	     i++)
		find_addresses(
		    walk, referral.hosts[i], depth + 1, referral.servers);
	if (referral.servers->len > 0) {
		below = delegation_new(referral.zone, cut,
		    (struct span){ reply->octets->data, reply->octets->len },
		    (struct dns_server *)(void *)referral.servers->data,
		    referral.servers->len);
		delegation_cache_add(authority->cache, below);
	}
	referral_clear(&referral);
	return below;
}

/* One question, without following aliases.  "depth" is how many others wait for
 * its answer.  True when it is an answer of the zone's. */
static bool
ask_down(struct walk *walk, const ldns_rdf *name, ldns_rr_type type,
    unsigned depth, struct dns_reply *reply_out)
{
	unsigned labels = zone_name_labels(name);
	struct delegation *cut = delegation_cache_find(walk->authority->cache,
	    name, type == LDNS_RR_TYPE_DS && labels > 0 ? labels - 1 : labels);
	enum kind kind;

	*reply_out = (struct dns_reply){ .status = DNS_QUERY_TIMEOUT,
		.octets = g_byte_array_new() };
	/* Each cut is below the last one: no more than labels. */
	for (;;) {
		struct delegation *below;

		kind = ask_cut(walk, cut, name, type, reply_out);
		if (kind != KIND_REFERRAL)
			break;
		below = follow(walk, cut, depth, reply_out, name, type);
		if (below == NULL) {
			reply_out->status = DNS_QUERY_UNREACHABLE;
			break;
		}
		delegation_unref(cut);
		cut = below;
	}
	take_cut(reply_out, cut);
	if (kind == KIND_ANSWER && type == LDNS_RR_TYPE_TXT &&
	    walk->vantage >= cut->n_servers)
		reply_out->status = DNS_QUERY_ABSENT;
	delegation_unref(cut);
	return kind == KIND_ANSWER && reply_out->status == DNS_QUERY_ANSWERED;
}

static void
find_addresses(
    struct walk *walk, const ldns_rdf *host, unsigned depth, GArray *servers)
{
	static const ldns_rr_type types[] = { LDNS_RR_TYPE_A,
		LDNS_RR_TYPE_AAAA };
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(types) && n == 0 && !is_spent(walk);
	     i++) {
		struct dns_reply reply;

		if (ask_down(walk, host, types[i], depth, &reply))
			n = delegation_add_addresses(servers, reply.packet,
			    LDNS_SECTION_ANSWER, host, &walk->authority->rules);
		dns_reply_clear(&reply);
	}
}

/* The target of the CNAME of "owner" in the answer, or NULL. */
static const ldns_rdf *
target_of(const ldns_pkt *packet, const ldns_rdf *owner)
{
	const ldns_rr_list *records = ldns_pkt_answer(packet);

	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
		const ldns_rr *record = ldns_rr_list_rr(records, i);

		if (ldns_rr_get_type(record) == LDNS_RR_TYPE_CNAME &&
		    ldns_rr_rd_count(record) == 1 &&
		    zone_name_equal(ldns_rr_owner(record), owner))
			return ldns_rr_rdf(record, 0);
	}
	return NULL;
}

static bool
has_record(const ldns_pkt *packet, const ldns_rdf *owner, ldns_rr_type type)
{
	const ldns_rr_list *records = ldns_pkt_answer(packet);

	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
		const ldns_rr *record = ldns_rr_list_rr(records, i);

		if (ldns_rr_get_type(record) == type &&
		    zone_name_equal(ldns_rr_owner(record), owner))
			return true;
	}
	return false;
}

/*
 * Where an alias leads that is to be asked for elsewhere; NULL when the message
 * has the end of it: the records, or that there are none.
 */
static const ldns_rdf *
leads_to(const struct dns_reply *reply, const ldns_rdf *name, ldns_rr_type type)
{
	const struct delegation cut = { .zone = reply->zone };
	const ldns_rdf *end = name;
	bool inside = true;

	for (int i = 0; inside; i++) {
		const ldns_rdf *target = target_of(reply->packet, end);

		if (target == NULL)
			break;
		if (i == ALIASES_IN_MESSAGE_MAX)
			return NULL; /* a circle: the answer is refused */
		end = target;
		inside = zone_name_within(end, reply->zone);
	}
	return end == name ||
		(inside &&
		    (has_record(reply->packet, end, type) ||
			ldns_pkt_get_rcode(reply->packet) ==
			    LDNS_RCODE_NXDOMAIN ||
			has_soa(reply->packet, &cut, end)))
	    ? NULL
	    : end;
}

static void
free_reply(gpointer reply)
{
	dns_reply_clear(reply);
	g_free(reply);
}

void
authority_ask(struct authority *authority, const ldns_rdf *name,
    ldns_rr_type type, unsigned vantage, struct dns_reply *reply_out)
{
	struct walk walk = { .authority = authority,
		.vantage = vantage,
		.end = g_get_monotonic_time() +
		    (gint64)authority->options.query->timeout * 1000 *
			AUTHORITY_TRIES_TIME };
	GPtrArray *before = g_ptr_array_new_with_free_func(free_reply);
	g_autoptr(ldns_rdf) asked = ldns_rdf_clone(name);

	for (;;) {
		const ldns_rdf *target = NULL;

		if (ask_down(&walk, asked, type, 0, reply_out) &&
		    type == LDNS_RR_TYPE_TXT)
			target = leads_to(reply_out, asked, type);
		if (target == NULL || before->len == AUTHORITY_ALIASES_MAX)
			break;
		target = ldns_rdf_clone(target);
		ldns_rdf_deep_free(asked);
		asked = (ldns_rdf *)target;
		g_ptr_array_add(
		    before, g_memdup2(reply_out, sizeof(*reply_out)));
		/* Another zone may have fewer servers. */
		walk.vantage = 0;
	}
	reply_out->before = before;
}
