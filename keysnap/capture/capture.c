/*
 * capture.c - workers that ask, and results in order.
 */
#include "keysnap/capture/capture.h"

struct result {
	bool ready;
	struct dns_reply reply;
	struct dnssec_chain *chain; /* or NULL */
};

struct run {
	struct capture_options options;
	const struct span *names;
	size_t n; /* names times servers */
	struct chain_cache *caches[CAPTURE_SERVERS_MAX];
	GMutex lock;
	GCond changed;
	size_t next;   /* to be asked */
	size_t taken;  /* handed over */
	size_t octets; /* of results that wait */
	bool stopped;
	struct result *results; /* CAPTURE_AHEAD, by number modulo that */
	gint64 slot;            /* microseconds: when the next message may go */
};

static bool
is_stopped(struct run *run)
{
	return run->stopped || *run->options.stop != 0;
}

/* Wait for this message's turn. */
static bool
admit(void *user, const struct dns_server *server)
{
	struct run *run = user;
	gint64 now = g_get_monotonic_time(), slot = now;

	(void)server;
	if (run->options.rate > 0) {
		g_mutex_lock(&run->lock);
		slot = MAX(now, run->slot);
		run->slot = slot + G_USEC_PER_SEC / run->options.rate;
		g_mutex_unlock(&run->lock);
	}
	while (!is_stopped(run) && now < slot) {
		g_usleep((gulong)MIN(slot - now, 100000));
		now = g_get_monotonic_time();
	}
	return !is_stopped(run);
}

static void
ask(struct run *run, size_t number, struct result *result)
{
	const struct capture_options *options = &run->options;
	size_t name = number / options->n_servers;
	size_t server = number % options->n_servers;
	ldns_rdf *owner = zone_name_new(run->names[name]);
	struct dns_reply *reply = &result->reply;
	struct span octets;

	g_assert(owner != NULL); /* names are canonical */
	dns_query(&options->query, &options->servers[server], owner,
	    LDNS_RR_TYPE_TXT, reply);
	ldns_rdf_deep_free(owner);
	octets = (struct span){ reply->octets->data, reply->octets->len };
	if (reply->status == DNS_QUERY_ANSWERED &&
	    (ldns_pkt_get_rcode(reply->packet) == LDNS_RCODE_NOERROR ||
		ldns_pkt_get_rcode(reply->packet) == LDNS_RCODE_NXDOMAIN) &&
	    !options->is_known(options->user, name, server, octets))
		result->chain = chain_collect(run->caches[server],
		    &options->query, &options->servers[server],
		    options->anchors, run->names[name], reply);
}

/* A number to ask for; false when there is none left. */
static bool
next_number(struct run *run, size_t *number_out)
{
	bool any;

	g_mutex_lock(&run->lock);
	while (!is_stopped(run) && run->next < run->n &&
	    (run->next >= run->taken + CAPTURE_AHEAD ||
		run->octets > CAPTURE_AHEAD_OCTETS))
		g_cond_wait_until(&run->changed, &run->lock,
		    g_get_monotonic_time() + G_USEC_PER_SEC / 10);
	any = !is_stopped(run) && run->next < run->n;
	if (any)
		*number_out = run->next++;
	g_mutex_unlock(&run->lock);
	return any;
}

static size_t
octets_of(const struct result *result)
{
	return result->reply.octets->len +
	    (result->chain == NULL ? 0 : result->chain->octets);
}

static gpointer
work(gpointer user)
{
	struct run *run = user;
	size_t number;

	while (next_number(run, &number)) {
		struct result result = { .ready = true };

		ask(run, number, &result);
		g_mutex_lock(&run->lock);
		run->results[number % CAPTURE_AHEAD] = result;
		run->octets += octets_of(&result);
		g_cond_broadcast(&run->changed);
		g_mutex_unlock(&run->lock);
	}
	return NULL;
}

static void
clear_result(struct result *result)
{
	if (!result->ready)
		return;
	dns_reply_clear(&result->reply);
	dnssec_chain_free(result->chain);
	result->ready = false;
}

/* The result of the next number, out of its place; false when none comes. */
static bool
wait_result(struct run *run, struct result *result_out)
{
	struct result *place = &run->results[run->taken % CAPTURE_AHEAD];

	g_mutex_lock(&run->lock);
	while (!place->ready && !is_stopped(run))
		g_cond_wait_until(&run->changed, &run->lock,
		    g_get_monotonic_time() + G_USEC_PER_SEC / 10);
	*result_out = *place;
	if (place->ready)
		run->octets -= octets_of(place);
	place->ready = false;
	g_mutex_unlock(&run->lock);
	return result_out->ready;
}

static void
take_results(struct run *run)
{
	const struct capture_options *options = &run->options;
	struct result result;

	while (run->taken < run->n && wait_result(run, &result)) {
		bool more = result.reply.status == DNS_QUERY_STOPPED ||
		    options->take(options->user,
			run->taken / options->n_servers,
			run->taken % options->n_servers, &result.reply,
			result.chain);

		more = more && result.reply.status != DNS_QUERY_STOPPED;
		clear_result(&result);
		g_mutex_lock(&run->lock);
		run->taken += more;
		run->stopped |= !more;
		g_cond_broadcast(&run->changed);
		g_mutex_unlock(&run->lock);
		if (!more)
			return;
	}
}

bool
capture_run(
    const struct capture_options *options, const struct span *names, size_t n)
{
	struct run run = { .options = *options,
		.names = names,
		.n = n * options->n_servers,
		.results = g_new0(struct result, CAPTURE_AHEAD) };
	GThread *threads[CAPTURE_JOBS_MAX];

	run.options.query.admit = admit;
	run.options.query.user = &run;
	g_mutex_init(&run.lock);
	g_cond_init(&run.changed);
	for (size_t i = 0; i < options->n_servers; i++)
		run.caches[i] = chain_cache_new();
	for (unsigned i = 0; i < options->jobs; i++)
		threads[i] = g_thread_new("capture", work, &run);
	take_results(&run);
	for (unsigned i = 0; i < options->jobs; i++)
		g_thread_join(threads[i]);
	for (size_t i = 0; i < CAPTURE_AHEAD; i++)
		clear_result(&run.results[i]);
	for (size_t i = 0; i < options->n_servers; i++)
		chain_cache_free(run.caches[i]);
	g_cond_clear(&run.changed);
	g_mutex_clear(&run.lock);
	g_free(run.results);
	return run.taken == run.n;
}
