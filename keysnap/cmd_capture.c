/*
 * cmd_capture.c - keysnap capture: ask name servers for keys, and keep what
 * they answer with all that DNS has to prove it.
 */
#include "keysnap/base/clock.h"
#include "keysnap/base/progress.h"
#include "keysnap/cmd.h"
#include "keysnap/cmd_anchors.h"
#include "keysnap/cmd_capture_names.h"
#include "keysnap/cmd_capture_options.h"
#include "keysnap/cmd_capture_store.h"

#include <sys/random.h>

/* A run under way. */
struct capturing {
	struct capture_options options;
	struct capture_store store;
	struct dns_server servers[CAPTURE_ROOTS_MAX];
	char **labels; /* of the vantages */
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
take(void *user, size_t name, size_t vantage, const struct dns_reply *reply,
    const struct dnssec_chain *chain)
{
	struct capturing *capturing = user;

	capturing->done++;
	progress_update(&capturing->progress, clock_monotonic(),
	    capturing->done, capturing->done, capturing->all);
	return capture_store_take(
	    &capturing->store, name, vantage, reply, chain);
}

static bool
is_known(void *user, size_t name, size_t vantage, const struct dns_reply *reply)
{
	struct capturing *capturing = user;

	return capture_store_is_known(&capturing->store, name, vantage, reply);
}

static enum exit_code
read_names(struct command_line *line, const struct capture_given *given,
    struct capture_names *names)
{
	struct capture_product product = { .domains = given->domains,
		.selectors = given->selectors,
		.dates = capture_dates_until(clock_now()) };
	GError *error = NULL;

	if (given->dates != NULL &&
	    !capture_dates_parse(
		span_from_string(given->dates), &product.dates))
		return command_usage(
		    line, "--dates is FIRST..LAST, as 2019..2021-06");
	for (char **name = line->arguments + 1; *name != NULL; name++)
		capture_names_add(
		    names, span_from_string(*name), "command line");
	if (given->wants != NULL &&
	    !capture_names_add_wants(names, given->wants, &error))
		return command_error(error, false);
	if (given->domains != NULL &&
	    !capture_names_add_product(names, &product, &error))
		return command_error(error, false);
	if (names->full)
		return command_usage(line,
		    "more than %d names: capture them "
		    "in parts",
		    CAPTURE_NAMES_MAX);
	if (names->names->len == 0)
		return command_usage(
		    line, "no names: give NAME, --wants, or --domains");
	return EXIT_DONE;
}

static void
print_summary(const struct capturing *capturing, size_t names)
{
	const struct capture_store *store = &capturing->store;
	g_autoptr(GString) out = g_string_new(NULL);

	g_string_append_printf(
	    out, "%zu names of %zu servers:", names, store->n_vantages);
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

static bool
is_fresh(const struct capture_store *all, const struct capture_given *given,
    const struct capture_known *known, size_t vantage, int64_t now)
{
	return known->any &&
	    ((given->resume && known->source == all->sources[vantage]) ||
		(given->repeat_after > 0 &&
		    now - known->last < given->repeat_after * TIMESTAMP_DAY));
}

/* Names that are due: all, or those not seen since. */
static GArray *
choose_due(const struct capture_store *all, const struct capture_given *given,
    int64_t now)
{
	GArray *due = g_array_new(FALSE, FALSE, sizeof(size_t));

	for (size_t i = 0; i < all->n; i++) {
		/* Not every zone has a server for every vantage: the first
		 * stands for all. */
		size_t n = given->authoritative ? 1 : all->n_vantages;
		bool fresh = given->repeat_after > 0 || given->resume;

		for (size_t j = 0; j < n && fresh; j++)
			fresh = is_fresh(all, given,
			    &all->known[i * all->n_vantages + j], j, now);
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
		for (size_t j = 0; from != i && j < store->n_vantages; j++) {
			struct capture_known *to =
			    &store->known[i * store->n_vantages + j];

			capture_known_clear(to);
			*to = store->known[from * store->n_vantages + j];
			store->known[from * store->n_vantages + j] =
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
run_capture(struct capturing *capturing, const struct capture_given *given,
    struct capture_names *names)
{
	struct capture_store *store = &capturing->store;
	struct span *list = (struct span *)(void *)names->names->data;
	g_autoptr(GArray) due = choose_due(store, given, clock_now());
	GError *error = NULL;
	bool whole;

	keep_due(store, list, due);
	capturing->all = (uint64_t)due->len * store->n_vantages;
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
open_and_run(struct command_line *line, const struct capture_given *given,
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
	    capturing->labels, capture_vantages(&capturing->options));
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
capture(struct command_line *line, struct capture_given *given)
{
	g_autofree struct capturing *capturing = g_new0(struct capturing, 1);
	enum exit_code code = capture_given_read(
	    line, given, capturing->servers, &capturing->options);
	g_autoptr(trust_anchors_auto) anchors = NULL;
	struct capture_names names;

	if (code != EXIT_DONE)
		return code;
	anchors = command_anchors_read(given->trust_anchor);
	if (anchors == NULL)
		return EXIT_INPUT;
	capturing->options.anchors = anchors;
	capturing->options.query.now = clock_now;
	capturing->options.query.chance = chance;
	capturing->labels = capture_given_labels(&capturing->options);
	capture_names_init(&names);
	code = read_names(line, given, &names);
	if (code == EXIT_DONE)
		code = open_and_run(line, given, capturing, &names);
	capture_names_clear(&names);
	g_strfreev(capturing->labels);
	return code;
}

static enum exit_code
run_capture_command(struct command_line *line)
{
	struct capture_given given = { .jobs = 16,
		.timeout = 3000,
		.retries = 2,
		.server_rate = -1,
		.port = 53 };
	enum exit_code code;

	code = capture_given_parse(line, &given) ? capture(line, &given)
						 : line->code;
	capture_given_clear(&given);
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
