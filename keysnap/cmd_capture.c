/*
 * cmd_capture.c - keysnap capture: ask name servers for keys, and keep what
 * they answer with all that DNS has to prove it.
 */
#include "keysnap/base/clock.h"
#include "keysnap/base/file.h"
#include "keysnap/base/progress.h"
#include "keysnap/cmd.h"
#include "keysnap/cmd_anchors.h"
#include "keysnap/cmd_capture_names.h"
#include "keysnap/cmd_capture_store.h"

#include <string.h>
#include <sys/random.h>

#define TIMEOUT_MAX 60000 /* milliseconds of one try */
#define RETRIES_MAX 10
#define SOURCE_MAX  1024  /* octets of --source */
#define AGE_MAX     36500 /* days */

/* The options as given; NULL or 0 where not. */
struct given {
	char *wants, *domains, *selectors, *source, *operator, * trust_anchor;
	char **servers;
	int jobs, rate, timeout, retries, repeat_after;
	gboolean resume, cron;
};

/* A run under way. */
struct capturing {
	struct capture_options options;
	struct capture_store store;
	struct dns_server servers[CAPTURE_SERVERS_MAX];
	struct progress progress;
	uint64_t done, all;
};

static volatile sig_atomic_t stopped;

static void
stop(int number)
{
	(void)number;
	stopped = 1;
}

static uint16_t
chance(void)
{
	uint16_t id;

	if (getrandom(&id, sizeof(id), 0) != (ssize_t)sizeof(id))
		g_error("the system has no random numbers");
	return id;
}

static bool
take(void *user, size_t name, size_t server, const struct dns_reply *reply,
    const struct dnssec_chain *chain)
{
	struct capturing *capturing = user;

	capturing->done++;
	progress_update(&capturing->progress, clock_monotonic(),
	    capturing->done, capturing->done, capturing->all);
	return capture_store_take(
	    &capturing->store, name, server, reply, chain);
}

static bool
is_known(void *user, size_t name, size_t server, struct span octets)
{
	struct capturing *capturing = user;

	return capture_store_is_known(&capturing->store, name, server, octets);
}

static enum exit_code
read_servers(struct command_line *line, const struct given *given,
    struct capturing *capturing)
{
	g_autoptr(GBytes) octets = NULL;
	struct span text = { NULL, 0 };
	size_t n = 0;

	for (char **server = given->servers; server != NULL && *server != NULL;
	     server++) {
		if (n == CAPTURE_SERVERS_MAX)
			return command_usage(
			    line, "at most %d servers", CAPTURE_SERVERS_MAX);
		if (!dns_server_parse(
			span_from_string(*server), &capturing->servers[n++]))
			return command_usage(line,
			    "--server \"%s\" is no address with an optional "
			    "port",
			    *server);
	}
	if (n == 0) {
		octets = file_read("/etc/resolv.conf", 1 << 16, NULL);
		if (octets != NULL)
			text.p = g_bytes_get_data(octets, &text.n);
		n = dns_server_parse_file(text, capturing->servers, 1);
	}
	if (n == 0)
		return command_usage(line,
		    "no --server was given, and "
		    "/etc/resolv.conf names none");
	capturing->options.servers = capturing->servers;
	capturing->options.n_servers = n;
	return EXIT_DONE;
}

static bool
is_within(int value, int low, int high)
{
	return value >= low && value <= high;
}

static enum exit_code
read_options(struct command_line *line, const struct given *given,
    struct capturing *capturing)
{
	if (!is_within(given->jobs, 1, CAPTURE_JOBS_MAX))
		return command_usage(
		    line, "--jobs is from 1 to %d", CAPTURE_JOBS_MAX);
	if (!is_within(given->rate, 0, CAPTURE_RATE_MAX))
		return command_usage(
		    line, "--rate is from 0 to %d", CAPTURE_RATE_MAX);
	if (!is_within(given->timeout, 1, TIMEOUT_MAX))
		return command_usage(
		    line, "--timeout is from 1 to %d", TIMEOUT_MAX);
	if (!is_within(given->retries, 0, RETRIES_MAX))
		return command_usage(
		    line, "--retries is from 0 to %d", RETRIES_MAX);
	if (!is_within(given->repeat_after, 0, AGE_MAX))
		return command_usage(
		    line, "--repeat-after is from 0 to %d days", AGE_MAX);
	if ((given->domains == NULL) != (given->selectors == NULL))
		return command_usage(
		    line, "--domains and --selectors go together");
	if (given->source != NULL &&
	    !is_within((int)strlen(given->source), 1, SOURCE_MAX))
		return command_usage(line, "--source is empty or too long");
	capturing->options.jobs = (unsigned)given->jobs;
	capturing->options.rate = (unsigned)given->rate;
	capturing->options.query = (struct dns_query_options){
		.timeout = given->timeout,
		.retries = (unsigned)given->retries,
		.recurse = true,
		.now = clock_now,
		.chance = chance,
	};
	return read_servers(line, given, capturing);
}

static enum exit_code
read_names(struct command_line *line, const struct given *given,
    struct capture_names *names)
{
	GError *error = NULL;

	for (char **name = line->arguments + 1; *name != NULL; name++)
		capture_names_add(
		    names, span_from_string(*name), "command line");
	if (given->wants != NULL &&
	    !capture_names_add_wants(names, given->wants, &error))
		return command_error(error, false);
	if (given->domains != NULL &&
	    !capture_names_add_product(
		names, given->domains, given->selectors, &error))
		return command_error(error, false);
	if (names->full)
		return command_usage(line,
		    "more than %d names: capture them "
		    "in parts",
		    CAPTURE_NAMES_MAX);
	if (names->names->len == 0)
		return command_usage(line,
		    "no names: give NAME, --wants, or "
		    "--domains and --selectors");
	return EXIT_DONE;
}

static void
print_summary(const struct capturing *capturing, size_t names)
{
	const struct capture_store *store = &capturing->store;
	g_autoptr(GString) out = g_string_new(NULL);

	g_string_append_printf(out, "%zu names of %zu servers:", names,
	    capturing->options.n_servers);
	for (int i = 0; i < CAPTURE_OUTCOMES; i++) {
		if (store->outcomes[i] > 0)
			g_string_append_printf(out, " %" PRIu64 " %s",
			    store->outcomes[i],
			    capture_outcome_name((enum capture_outcome)i));
	}
	g_string_append_printf(out,
	    "\n%" PRIu64 " observations added, %" PRIu64
	    " with a DNSSEC chain; %" PRIu64 " unchanged, %" PRIu64
	    " changed, %" PRIu64 " vanished\n",
	    store->observations, store->chains, store->unchanged,
	    store->changed, store->vanished);
	command_print(out);
}

/* Names that are due: all, or those not seen since. */
static GArray *
choose_due(
    const struct capture_store *all, const struct given *given, int64_t now)
{
	GArray *due = g_array_new(FALSE, FALSE, sizeof(size_t));

	for (size_t i = 0; i < all->n; i++) {
		bool fresh = given->repeat_after > 0 || given->resume;

		for (size_t j = 0; j < all->n_servers && fresh; j++) {
			const struct capture_known *known =
			    &all->known[i * all->n_servers + j];

			fresh = known->any &&
			    ((given->resume &&
				 known->source == all->sources[j]) ||
				(given->repeat_after > 0 &&
				    now - known->last <
					given->repeat_after * TIMESTAMP_DAY));
		}
		if (!fresh)
			g_array_append_val(due, i);
	}
	return due;
}

/* Keep only the names that are due, and what is known of them. */
static void
keep_due(struct capture_store *store, struct span *names, const GArray *due)
{
	for (guint i = 0; i < due->len; i++) {
		size_t from = g_array_index(due, size_t, i);

		names[i] = names[from];
		for (size_t j = 0; from != i && j < store->n_servers; j++) {
			struct capture_known *to =
			    &store->known[i * store->n_servers + j];

			capture_known_clear(to);
			*to = store->known[from * store->n_servers + j];
			store->known[from * store->n_servers + j] =
			    (struct capture_known){ .any = false };
		}
	}
}

static void
handle_signals(void)
{
	struct sigaction action = { .sa_handler = stop };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static enum exit_code
conclude(const struct capturing *capturing, const struct capture_names *names,
    bool whole)
{
	if (!whole) {
		command_say("interrupted; what was captured is kept, and "
			    "--resume goes on");
		return EXIT_INTERRUPTED;
	}
	if (names->bad > 0 || capturing->store.silent > 0)
		return EXIT_INPUT;
	return capturing->store.changed + capturing->store.vanished > 0
	    ? EXIT_NO
	    : EXIT_DONE;
}

static enum exit_code
run_capture(struct capturing *capturing, const struct given *given,
    struct capture_names *names)
{
	struct capture_store *store = &capturing->store;
	struct span *list = (struct span *)(void *)names->names->data;
	g_autoptr(GArray) due = choose_due(store, given, clock_now());
	GError *error = NULL;
	bool whole;

	keep_due(store, list, due);
	capturing->all = (uint64_t)due->len * store->n_servers;
	capturing->options.stop = &stopped;
	capturing->options.take = take;
	capturing->options.is_known = is_known;
	capturing->options.user = capturing;
	handle_signals();
	progress_init(&capturing->progress, stderr, !given->cron, "names",
	    clock_monotonic());
	whole = capture_run(&capturing->options, list, due->len);
	progress_clear(&capturing->progress);
	if (!capture_store_end(store, &error))
		return command_error(error, true);
	if (!given->cron)
		print_summary(capturing, due->len);
	return conclude(capturing, names, whole);
}

static enum exit_code
open_and_run(struct command_line *line, const struct given *given,
    struct capturing *capturing, struct capture_names *names)
{
	GError *error = NULL;
	struct store *store =
	    store_open(line->arguments[0], true, line->crypto, &error);
	g_autoptr(GString) list = g_string_new(NULL);
	struct capture_source source = {
		.observer = given->source == NULL
		    ? SPAN("keysnap")
		    : span_from_string(given->source),
		.operator= span_from_string(given->operator),
		.now = clock_now(),
		.resume = given->resume,
	};
	enum exit_code code;

	if (store == NULL)
		return command_error(error, false);
	for (guint i = 0; i < names->names->len; i++) {
		struct span name = g_array_index(names->names, struct span, i);

		g_string_append_len(list, (const char *)name.p, (gssize)name.n);
		g_string_append_c(list, '\n');
	}
	source.list = (struct span){ (const uint8_t *)list->str, list->len };
	capture_store_init(&capturing->store, store, line->crypto,
	    (struct span *)(void *)names->names->data, names->names->len,
	    capturing->options.servers, capturing->options.n_servers);
	capturing->store.anchors = capturing->options.anchors;
	capturing->store.quiet = given->cron;
	code = capture_store_begin(&capturing->store, &source, &error)
	    ? run_capture(capturing, given, names)
	    : command_error(error, true);
	capture_store_clear(&capturing->store);
	store_close(store);
	return code;
}

static enum exit_code
capture(struct command_line *line, const struct given *given)
{
	g_autofree struct capturing *capturing = g_new0(struct capturing, 1);
	enum exit_code code = read_options(line, given, capturing);
	g_autoptr(trust_anchors_auto) anchors = NULL;
	struct capture_names names;

	if (code != EXIT_DONE)
		return code;
	anchors = command_anchors_read(given->trust_anchor);
	if (anchors == NULL)
		return EXIT_INPUT;
	capturing->options.anchors = anchors;
	capture_names_init(&names);
	code = read_names(line, given, &names);
	if (code == EXIT_DONE)
		code = open_and_run(line, given, capturing, &names);
	capture_names_clear(&names);
	return code;
}

static void
free_given(struct given *given)
{
	g_free(given->wants);
	g_free(given->domains);
	g_free(given->selectors);
	g_free(given->source);
	g_free(given->operator);
	g_free(given->trust_anchor);
	g_strfreev(given->servers);
}

static enum exit_code
run_capture_command(struct command_line *line)
{
	struct given given = { .jobs = 16, .timeout = 3000, .retries = 2 };
	const GOptionEntry options[] = {
		{ "wants", 0, 0, G_OPTION_ARG_FILENAME, &given.wants,
		    "wants.tsv of verifier, or a name a line", "FILE" },
		{ "domains", 0, 0, G_OPTION_ARG_FILENAME, &given.domains,
		    "domains to try every selector at", "FILE" },
		{ "selectors", 0, 0, G_OPTION_ARG_FILENAME, &given.selectors,
		    "selectors to try at every domain", "FILE" },
		{ "server", 0, 0, G_OPTION_ARG_STRING_ARRAY, &given.servers,
		    "resolver to ask, each an observer; else that of "
		    "resolv.conf",
		    "ADDRESS[:PORT]" },
		{ "jobs", 0, 0, G_OPTION_ARG_INT, &given.jobs,
		    "names asked for at once (16)", "N" },
		{ "rate", 0, 0, G_OPTION_ARG_INT, &given.rate,
		    "messages a second at most", "N" },
		{ "timeout", 0, 0, G_OPTION_ARG_INT, &given.timeout,
		    "milliseconds to wait for an answer (3000)", "N" },
		{ "retries", 0, 0, G_OPTION_ARG_INT, &given.retries,
		    "tries after the first (2)", "N" },
		{ "repeat-after", 0, 0, G_OPTION_ARG_INT, &given.repeat_after,
		    "pass over names seen within so many days", "DAYS" },
		{ "resume", 0, 0, G_OPTION_ARG_NONE, &given.resume,
		    "go on with a run over the same names", NULL },
		{ "trust-anchor", 0, 0, G_OPTION_ARG_FILENAME,
		    &given.trust_anchor,
		    "DS records that DNSSEC chains must end at, else those of "
		    "the root",
		    "FILE" },
		{ "source", 0, 0, G_OPTION_ARG_STRING, &given.source,
		    "who captures (keysnap)", "NAME" },
		{ "operator", 0, 0, G_OPTION_ARG_STRING, &given.operator,
		    "who runs this", "TEXT" },
		{ "cron", 0, 0, G_OPTION_ARG_NONE, &given.cron,
		    "print only what changed or vanished", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	code =
	    command_parse(line, options) ? capture(line, &given) : line->code;
	free_given(&given);
	return code;
}

const struct command command_capture = {
	.name = "capture",
	.arguments = "STORE [NAME...]",
	.summary = "ask name servers for keys",
	.examples = "  keysnap capture keys.store --wants case1/wants.tsv\n"
		    "  keysnap capture keys.store s1._domainkey.example.org "
		    "--server 192.0.2.53\n"
		    "  keysnap capture keys.store --wants wants.tsv --cron",
	.min_arguments = 1,
	.max_arguments = G_MAXINT,
	.run = run_capture_command,
};
