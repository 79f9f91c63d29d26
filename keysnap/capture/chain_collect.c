/*
 * chain_collect.c - the DNSKEY and DS sets of every zone on the way to an
 * answer.
 *
 * Signatures name their zones, so a signed answer leads up by itself; for one
 * that is not signed the way is walked from the top, until a zone proves that
 * a delegation is not signed.  What is collected decides nothing: that is for
 * validation.
 */
#include "keysnap/capture/chain_collect.h"
#include "keysnap/base/span_key.h"
#include "keysnap/dnssec/dnssec_validate.h"

struct chain_cache {
	GMutex lock;
	GHashTable *answers;  /* "type name" -> GBytes of the message */
	GHashTable *failures; /* the same -> how often there was none */
	size_t octets;        /* of them */
};

struct collecting {
	struct chain_cache *cache;
	const struct dns_asker *asker;
	struct dnssec_pool *pool;
	GPtrArray *zones; /* ldns_rdf: those that were asked about */
	unsigned failures;
	gint64 end; /* monotonic, microseconds */
	bool gap;   /* a zone on the way has no signed DS */
};

struct chain_cache *
chain_cache_new(void)
{
	struct chain_cache *cache = g_new0(struct chain_cache, 1);

	g_mutex_init(&cache->lock);
	cache->answers = g_hash_table_new_full(string_key_hash, g_str_equal,
	    g_free, (GDestroyNotify)g_bytes_unref);
	cache->failures =
	    g_hash_table_new_full(string_key_hash, g_str_equal, g_free, NULL);
	return cache;
}

void
chain_cache_free(struct chain_cache *cache)
{
	if (cache == NULL)
		return;
	g_hash_table_destroy(cache->answers);
	g_hash_table_destroy(cache->failures);
	g_mutex_clear(&cache->lock);
	g_free(cache);
}

static GBytes *
cache_get(struct chain_cache *cache, const char *key)
{
	GBytes *octets;

	g_mutex_lock(&cache->lock);
	octets = g_hash_table_lookup(cache->answers, key);
	if (octets != NULL)
		g_bytes_ref(octets);
	g_mutex_unlock(&cache->lock);
	return octets;
}

static void
cache_put(struct chain_cache *cache, const char *key, GBytes *octets)
{
	g_mutex_lock(&cache->lock);
	if (cache->octets + g_bytes_get_size(octets) <= CHAIN_CACHE_MAX &&
	    !g_hash_table_contains(cache->answers, key)) {
		cache->octets += g_bytes_get_size(octets);
		g_hash_table_insert(
		    cache->answers, g_strdup(key), g_bytes_ref(octets));
	}
	g_mutex_unlock(&cache->lock);
}

static void
pool_packet(struct dnssec_pool *pool, const ldns_pkt *packet)
{
	ldns_rr_list *records = ldns_pkt_all_noquestion(packet);

	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++)
		dnssec_pool_add(pool, ldns_rr_list_rr(records, i));
	ldns_rr_list_deep_free(records);
}

static bool
is_given_up(const struct collecting *collecting, const char *key)
{
	struct chain_cache *cache = collecting->cache;
	guint failures;

	g_mutex_lock(&cache->lock);
	failures = GPOINTER_TO_UINT(g_hash_table_lookup(cache->failures, key));
	g_mutex_unlock(&cache->lock);
	return failures >= CHAIN_FAILURES_MAX ||
	    collecting->failures >= CHAIN_FAILURES_MAX ||
	    g_get_monotonic_time() >= collecting->end;
}

static void
count_failure(struct collecting *collecting, const char *key)
{
	struct chain_cache *cache = collecting->cache;
	guint failures;

	collecting->failures++;
	g_mutex_lock(&cache->lock);
	failures = GPOINTER_TO_UINT(g_hash_table_lookup(cache->failures, key));
	g_hash_table_replace(
	    cache->failures, g_strdup(key), GUINT_TO_POINTER(failures + 1));
	g_mutex_unlock(&cache->lock);
}

/* The octets of an answer, or NULL. */
static GBytes *
ask(struct collecting *collecting, const char *key, const ldns_rdf *name,
    ldns_rr_type type)
{
	const struct dns_asker *asker = collecting->asker;
	GBytes *octets = NULL;
	struct dns_reply reply;

	asker->ask(asker->user, name, type, &reply);
	if (reply.status == DNS_QUERY_ANSWERED) {
		octets = g_bytes_new(reply.octets->data, reply.octets->len);
		cache_put(collecting->cache, key, octets);
	} else {
		count_failure(collecting, key);
	}
	dns_reply_clear(&reply);
	return octets;
}

/* Ask for a set, or remember what was answered; all of it goes to the pool. */
static void
fetch(struct collecting *collecting, const ldns_rdf *name, ldns_rr_type type)
{
	g_autofree char *text = zone_name_text(name);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	g_autofree char *key = g_strdup_printf("%d %s", (int)type, lower);
	g_autoptr(GBytes) octets = cache_get(collecting->cache, key);
	ldns_pkt *packet;
	gsize n;

	if (octets == NULL && !is_given_up(collecting, key))
		octets = ask(collecting, key, name, type);
	if (octets == NULL)
		return;
	const uint8_t *p = g_bytes_get_data(octets, &n);

	if (ldns_wire2pkt(&packet, p, n) == LDNS_STATUS_OK) {
		pool_packet(collecting->pool, packet);
		ldns_pkt_free(packet);
	}
}

static bool
was_asked(const struct collecting *collecting, const ldns_rdf *zone)
{
	for (guint i = 0; i < collecting->zones->len; i++) {
		if (zone_name_equal(collecting->zones->pdata[i], zone))
			return true;
	}
	return collecting->zones->len == CHAIN_COLLECT_ZONES_MAX;
}

/* The keys of a zone, and what the zone above says of them; then that one. */
static void
fetch_zone(struct collecting *collecting, const ldns_rdf *name)
{
	g_autoptr(ldns_rdf) zone = ldns_rdf_clone(name);

	while (!was_asked(collecting, zone)) {
		const struct dnssec_set *ds;
		ldns_rdf *above = NULL;

		g_ptr_array_add(collecting->zones, ldns_rdf_clone(zone));
		fetch(collecting, zone, LDNS_RR_TYPE_DNSKEY);
		if (zone_name_labels(zone) == 0)
			return;
		fetch(collecting, zone, LDNS_RR_TYPE_DS);
		ds = dnssec_pool_find(collecting->pool, zone, LDNS_RR_TYPE_DS);
		if (ds == NULL || ldns_rr_list_rr_count(ds->signatures) == 0) {
			collecting->gap = true;
			return;
		}
		above = ldns_rdf_clone(
		    ldns_rr_rrsig_signame(ldns_rr_list_rr(ds->signatures, 0)));
		ldns_rdf_deep_free(zone);
		zone = above;
	}
}

static bool
is_enough(const struct collecting *collecting, struct span name,
    const struct trust_anchors *anchors)
{
	g_autoptr(dnssec_chain_auto) chain =
	    dnssec_pool_chain(collecting->pool, name);
	struct dnssec_finding finding;
	bool enough;

	if (chain == NULL)
		return false;
	dnssec_validate(chain, name, anchors, TIMESTAMP_NONE, &finding);
	enough =
	    finding.status == CHAIN_SECURE || finding.status == CHAIN_INSECURE;
	dnssec_finding_clear(&finding);
	return enough;
}

/* From the top down to "owner": DS after DS. */
static void
walk_down(struct collecting *collecting, const ldns_rdf *owner,
    struct span name, const struct trust_anchors *anchors)
{
	unsigned labels = zone_name_labels(owner);
	g_autoptr(ldns_rdf) root = zone_name_last(owner, 0);

	fetch_zone(collecting, root);
	if (!dnssec_pool_is_signed(collecting->pool))
		return; /* a server that knows nothing of DNSSEC */
	for (unsigned n = 1; n <= labels; n++) {
		g_autoptr(ldns_rdf) zone = zone_name_last(owner, n);
		const struct dnssec_set *ds;

		fetch(collecting, zone, LDNS_RR_TYPE_DS);
		ds = dnssec_pool_find(collecting->pool, zone, LDNS_RR_TYPE_DS);
		if (ds != NULL && ldns_rr_list_rr_count(ds->records) > 0)
			fetch_zone(collecting, zone);
		else if (is_enough(collecting, name, anchors))
			return;
	}
}

/* The zones that signed records of an answer, each once. */
static void
fetch_signers(struct collecting *collecting, const ldns_pkt *packet)
{
	ldns_rr_list *records = ldns_pkt_all_noquestion(packet);

	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
		const ldns_rr *record = ldns_rr_list_rr(records, i);

		if (ldns_rr_get_type(record) == LDNS_RR_TYPE_RRSIG &&
		    dnssec_chain_takes(record))
			fetch_zone(collecting, ldns_rr_rrsig_signame(record));
	}
	ldns_rr_list_deep_free(records);
}

/* Where the aliases of an answer end. */
static ldns_rdf *
end_of_aliases(const struct collecting *collecting, struct span name)
{
	ldns_rdf *owner = zone_name_new(name);

	for (int i = 0; owner != NULL && i < DNSSEC_ALIASES_MAX; i++) {
		const struct dnssec_set *cname = dnssec_pool_find(
		    collecting->pool, owner, LDNS_RR_TYPE_CNAME);

		if (cname == NULL || ldns_rr_list_rr_count(cname->records) == 0)
			break;
		ldns_rdf_deep_free(owner);
		owner = ldns_rdf_clone(
		    ldns_rr_rdf(ldns_rr_list_rr(cname->records, 0), 0));
	}
	return owner;
}

static void
free_name(gpointer name)
{
	ldns_rdf_deep_free(name);
}

static bool
is_signed(const struct collecting *collecting, const ldns_rdf *owner)
{
	static const ldns_rr_type types[] = { LDNS_RR_TYPE_TXT,
		LDNS_RR_TYPE_CNAME };

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		const struct dnssec_set *set =
		    dnssec_pool_find(collecting->pool, owner, types[i]);

		if (set != NULL)
			return ldns_rr_list_rr_count(set->signatures) > 0;
	}
	return false;
}

/* Walk down to the names that the signatures did not lead up from. */
static void
fetch_rest(struct collecting *collecting, struct span name,
    const struct trust_anchors *anchors)
{
	g_autoptr(ldns_rdf) start = zone_name_new(name);
	g_autoptr(ldns_rdf) end = end_of_aliases(collecting, name);

	if (start == NULL || end == NULL ||
	    (!collecting->gap && is_signed(collecting, start) &&
		is_signed(collecting, end)))
		return;
	if (!is_enough(collecting, name, anchors))
		walk_down(collecting, start, name, anchors);
	if (!zone_name_equal(start, end) &&
	    !is_enough(collecting, name, anchors))
		walk_down(collecting, end, name, anchors);
}

struct dnssec_chain *
chain_collect(struct chain_cache *cache, const struct dns_asker *asker,
    const struct trust_anchors *anchors, struct span name,
    const struct dns_reply *reply)
{
	struct collecting collecting = { .cache = cache,
		.asker = asker,
		.pool = dnssec_pool_new(),
		.zones = g_ptr_array_new_with_free_func(free_name),
		.end = g_get_monotonic_time() +
		    (gint64)CHAIN_SECONDS_MAX * G_USEC_PER_SEC };
	guint n = reply->before == NULL ? 0 : reply->before->len;
	struct dnssec_chain *chain;

	for (guint i = 0; i < n; i++) {
		const struct dns_reply *before = reply->before->pdata[i];

		pool_packet(collecting.pool, before->packet);
	}
	pool_packet(collecting.pool, reply->packet);
	for (guint i = 0; i < n; i++) {
		const struct dns_reply *before = reply->before->pdata[i];

		fetch_signers(&collecting, before->packet);
	}
	fetch_signers(&collecting, reply->packet);
	fetch_rest(&collecting, name, anchors);
	chain = dnssec_pool_chain(collecting.pool, name);
	g_ptr_array_free(collecting.zones, TRUE);
	dnssec_pool_free(collecting.pool);
	return chain;
}
