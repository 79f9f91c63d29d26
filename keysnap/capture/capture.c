/*
 * capture.c - workers that ask, and results in order.
 */
#include "keysnap/capture/capture.h"

struct result {
	bool ready;
	struct dns_reply reply;
	struct dnssec_chain *chain; /* or NULL */
};

/* Whom one vantage asks. */
struct vantage {
	struct run *run;
	size_t number;
	struct chain_cache *cache;
	struct dns_asker asker;
};

struct run {
	struct capture_options options;
	const struct span *names;
	size_t n; /* names times vantages */
	size_t n_vantages;
	struct vantage vantages[CAPTURE_SERVERS_MAX];
	struct pace *pace;
	struct authority *authority; /* or NULL */
	GMutex lock;
	GCond changed;
	size_t next;   /* to be asked */
	size_t taken;  /* handed over */
	size_t octets; /* of results that wait */
	bool stopped;
	struct result *results; /* CAPTURE_AHEAD, by number modulo that */
};

size_t
capture_vantages(const struct capture_options *options)
{
	return options->vantages > 0 ? options->vantages : options->n_servers;
}

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
	gint64 now = g_get_monotonic_time();
	gint64 slot = pace_next(run->pace, server, now);

	while (!is_stopped(run) && now < slot) {
		g_usleep((gulong)MIN(slot - now, 100000));
		now = g_get_monotonic_time();
	}
	return !is_stopped(run);
}

static void
ask_server(void *user, const ldns_rdf *name, ldns_rr_type type,
    struct dns_reply *reply_out)
{
	const struct vantage *vantage = user;
	const struct capture_options *options = &vantage->run->options;

	dns_query(&options->query, &options->servers[vantage->number], name,
	    type, reply_out);
}

static void
ask_authority(void *user, const ldns_rdf *name, ldns_rr_type type,
    struct dns_reply *reply_out)
{
	const struct vantage *vantage = user;

	authority_ask(vantage->run->authority, name, type,
	    (unsigned)vantage->number, reply_out);
}

static bool
says_something(const struct dns_reply *reply)
{
	ldns_pkt_rcode rcode;

	if (reply->status != DNS_QUERY_ANSWERED)
		return false;
	rcode = ldns_pkt_get_rcode(reply->packet);
	if (ldns_pkt_ancount(reply->packet) > CAPTURE_ANSWERS_MAX)
		return false;
	return rcode == LDNS_RCODE_NOERROR || rcode == LDNS_RCODE_NXDOMAIN;
}

static void
ask(struct run *run, size_t number, struct result *result)
{
	const struct capture_options *options = &run->options;
	size_t name = number / run->n_vantages;
	struct vantage *vantage = &run->vantages[number % run->n_vantages];
	ldns_rdf *owner = zone_name_new(run->names[name]);

	g_assert(owner != NULL); /* names are canonical */
	vantage->asker.ask(
	    vantage->asker.user, owner, LDNS_RR_TYPE_TXT, &result->reply);
	ldns_rdf_deep_free(owner);
	if (says_something(&result->reply) &&
	    !options->is_known(
		options->user, name, vantage->number, &result->reply))
		result->chain = chain_collect(vantage->cache, &vantage->asker,
		    options->anchors, run->names[name], &result->reply);
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
	size_t octets = result->reply.octets->len;

	for (guint i = 0;
	     result->reply.before != NULL && i < result->reply.before->len;
	     i++) {
		const struct dns_reply *before = result->reply.before->pdata[i];

		octets += before->octets->len;
	}
	return octets + (result->chain == NULL ? 0 : result->chain->octets);
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
		bool more = result.reply.status != DNS_QUERY_STOPPED &&
		    options->take(options->user, run->taken / run->n_vantages,
			run->taken % run->n_vantages, &result.reply,
			result.chain);

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

static void
run_init(struct run *run, const struct capture_options *options)
{
	run->options = *options;
	run->options.query.admit = admit;
	run->options.query.user = run;
	run->results = g_new0(struct result, CAPTURE_AHEAD);
	run->pace = pace_new(options->rate, options->server_rate);
	g_mutex_init(&run->lock);
	g_cond_init(&run->changed);
	if (options->vantages > 0) {
		const struct authority_options given = {
			.query = &run->options.query,
			.pace = run->pace,
			.roots = options->servers,
			.n_roots = options->n_servers,
			.port = options->port,
			.vantages = options->vantages,
		};

		run->authority = authority_new(&given);
	}
	for (size_t i = 0; i < run->n_vantages; i++) {
		struct vantage *vantage = &run->vantages[i];

		*vantage = (struct vantage){ run, i, chain_cache_new(),
			{ run->authority == NULL ? ask_server : ask_authority,
			    vantage } };
	}
}

static void
run_clear(struct run *run)
{
	for (size_t i = 0; i < CAPTURE_AHEAD; i++)
		clear_result(&run->results[i]);
	for (size_t i = 0; i < run->n_vantages; i++)
		chain_cache_free(run->vantages[i].cache);
	authority_free(run->authority);
	pace_free(run->pace);
	g_cond_clear(&run->changed);
	g_mutex_clear(&run->lock);
	g_free(run->results);
}

bool
capture_run(
    const struct capture_options *options, const struct span *names, size_t n)
{
	struct run run = { .names = names,
		.n = n * capture_vantages(options),
		.n_vantages = capture_vantages(options) };
	GThread *threads[CAPTURE_JOBS_MAX];

	run_init(&run, options);
	for (unsigned i = 0; i < options->jobs; i++)
		threads[i] = g_thread_new("capture", work, &run);
	take_results(&run);
	for (unsigned i = 0; i < options->jobs; i++)
		g_thread_join(threads[i]);
	run_clear(&run);
	return run.taken == run.n;
}
