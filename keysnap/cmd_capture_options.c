/*
 * cmd_capture_options.c - the options of keysnap capture.
 */
#include "keysnap/cmd_capture_options.h"

#include "keysnap/base/file.h"
#include "keysnap/base/installed.h"
#include "keysnap/capture/root_hints.h"

#include <string.h>

#define TIMEOUT_MAX 60000 /* milliseconds of one try */
#define RETRIES_MAX 10
#define SOURCE_MAX  1024      /* octets of --source */
#define AGE_MAX     36500     /* days */
#define HINTS_MAX   (1 << 20) /* octets of --root-hints */

bool
capture_given_parse(struct command_line *line, struct capture_given *given)
{
	const GOptionEntry options[] = {
		{ "wants", 0, 0, G_OPTION_ARG_FILENAME, &given->wants,
		    "wants.tsv of verifier, or a name a line", "FILE" },
		{ "domains", 0, 0, G_OPTION_ARG_FILENAME, &given->domains,
		    "domains to try every selector at", "FILE" },
		{ "selectors", 0, 0, G_OPTION_ARG_FILENAME, &given->selectors,
		    "selectors to try at every domain, else the common ones",
		    "FILE" },
		{ "dates", 0, 0, G_OPTION_ARG_STRING, &given->dates,
		    "of selectors that are dates (the last 5 years)",
		    "FIRST..LAST" },
		{ "server", 0, 0, G_OPTION_ARG_STRING_ARRAY, &given->servers,
		    "resolver to ask, each an observer; else that of "
		    "resolv.conf",
		    "ADDRESS[:PORT]" },
		{ "authoritative", 0, 0, G_OPTION_ARG_NONE,
		    &given->authoritative,
		    "ask the servers of each name's zone", NULL },
		{ "vantages", 0, 0, G_OPTION_ARG_INT, &given->vantages,
		    "servers of each zone to ask (2)", "N" },
		{ "root-hints", 0, 0, G_OPTION_ARG_FILENAME, &given->root_hints,
		    "servers of the root, as named.root", "FILE" },
		{ "port", 0, 0, G_OPTION_ARG_INT, &given->port,
		    "of the servers of zones (53)", "N" },
		{ "jobs", 0, 0, G_OPTION_ARG_INT, &given->jobs,
		    "names asked for at once (16)", "N" },
		{ "rate", 0, 0, G_OPTION_ARG_INT, &given->rate,
		    "messages a second at most", "N" },
		{ "server-rate", 0, 0, G_OPTION_ARG_INT, &given->server_rate,
		    "messages a second to one server at most", "N" },
		{ "timeout", 0, 0, G_OPTION_ARG_INT, &given->timeout,
		    "milliseconds to wait for an answer (3000)", "N" },
		{ "retries", 0, 0, G_OPTION_ARG_INT, &given->retries,
		    "tries after the first (2)", "N" },
		{ "repeat-after", 0, 0, G_OPTION_ARG_INT, &given->repeat_after,
		    "pass over names seen within so many days", "DAYS" },
		{ "resume", 0, 0, G_OPTION_ARG_NONE, &given->resume,
		    "go on with a run over the same names", NULL },
		{ "trust-anchor", 0, 0, G_OPTION_ARG_FILENAME,
		    &given->trust_anchor,
		    "DS records that DNSSEC chains must end at, else those of "
		    "the root",
		    "FILE" },
		{ "source", 0, 0, G_OPTION_ARG_STRING, &given->source,
		    "who captures (keysnap)", "NAME" },
		{ "operator", 0, 0, G_OPTION_ARG_STRING, &given->operator,
		    "who runs this", "TEXT" },
		{ "cron", 0, 0, G_OPTION_ARG_NONE, &given->cron,
		    "print only what changed or vanished", NULL },
		G_OPTION_ENTRY_NULL,
	};

	return command_parse(line, options);
}

void
capture_given_clear(struct capture_given *given)
{
	g_free(given->wants);
	g_free(given->domains);
	g_free(given->selectors);
	g_free(given->dates);
	g_free(given->source);
	g_free(given->operator);
	g_free(given->trust_anchor);
	g_free(given->root_hints);
	g_strfreev(given->servers);
}

static enum exit_code
read_servers(struct command_line *line, const struct capture_given *given,
    struct dns_server *servers, size_t *n_out)
{
	g_autoptr(GBytes) octets = NULL;
	struct span text = { NULL, 0 };
	size_t n = 0;

	for (char **server = given->servers; server != NULL && *server != NULL;
	     server++) {
		if (n == CAPTURE_SERVERS_MAX)
			return command_usage(
			    line, "at most %d servers", CAPTURE_SERVERS_MAX);
		if (!dns_server_parse(span_from_string(*server), &servers[n++]))
			return command_usage(line,
			    "--server \"%s\" is no address with an optional "
			    "port",
			    *server);
	}
	if (n == 0) {
		octets = file_read("/etc/resolv.conf", 1 << 16, NULL);
		if (octets != NULL)
			text.p = g_bytes_get_data(octets, &text.n);
		n = dns_server_parse_file(text, servers, 1);
	}
	if (n == 0)
		return command_usage(line,
		    "no --server was given, and "
		    "/etc/resolv.conf names none");
	*n_out = n;
	return EXIT_DONE;
}

static enum exit_code
read_roots(const struct capture_given *given, struct dns_server *servers,
    size_t *n_out)
{
	g_autoptr(GBytes) octets = NULL;
	GError *error = NULL;
	struct span text;
	unsigned bad = 0;

	if (given->root_hints == NULL) {
		*n_out = root_hints_builtin(
		    (unsigned)given->port, servers, CAPTURE_ROOTS_MAX);
		return EXIT_DONE;
	}
	octets = file_read(given->root_hints, HINTS_MAX, &error);
	if (octets == NULL)
		return command_error(error, false);
	text.p = g_bytes_get_data(octets, &text.n);
	*n_out = root_hints_parse(
	    text, (unsigned)given->port, servers, CAPTURE_ROOTS_MAX, &bad);
	if (bad > 0)
		command_say("%s:%u: no record", given->root_hints, bad);
	else if (*n_out == 0)
		command_say("%s: no server of the root with an address",
		    given->root_hints);
	return *n_out > 0 ? EXIT_DONE : EXIT_INPUT;
}

static enum exit_code
check_ranges(struct command_line *line, const struct capture_given *given)
{
	const struct {
		const char *name;
		int value, low, high;
	} ranges[] = {
		{ "jobs", given->jobs, 1, CAPTURE_JOBS_MAX },
		{ "rate", given->rate, 0, CAPTURE_RATE_MAX },
		{ "server-rate", given->server_rate, -1, CAPTURE_RATE_MAX },
		{ "timeout", given->timeout, 1, TIMEOUT_MAX },
		{ "retries", given->retries, 0, RETRIES_MAX },
		{ "repeat-after", given->repeat_after, 0, AGE_MAX },
		{ "vantages", given->vantages, 0, AUTHORITY_VANTAGES_MAX },
		{ "port", given->port, 1, 65535 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		if (ranges[i].value < ranges[i].low ||
		    ranges[i].value > ranges[i].high)
			return command_usage(line, "--%s is from %d to %d",
			    ranges[i].name, MAX(ranges[i].low, 0),
			    ranges[i].high);
	}
	return EXIT_DONE;
}

static enum exit_code
check_combinations(struct command_line *line, const struct capture_given *given)
{
	if (given->selectors != NULL && given->domains == NULL)
		return command_usage(line, "--selectors goes with --domains");
	if (given->dates != NULL && given->domains == NULL)
		return command_usage(line, "--dates goes with --domains");
	if (given->source != NULL &&
	    (given->source[0] == '\0' || strlen(given->source) > SOURCE_MAX))
		return command_usage(line, "--source is empty or too long");
	if (given->authoritative && given->servers != NULL)
		return command_usage(
		    line, "--server and --authoritative exclude each other");
	if (!given->authoritative &&
	    (given->root_hints != NULL || given->vantages > 0))
		return command_usage(line,
		    "--root-hints and --vantages go with --authoritative");
	return EXIT_DONE;
}

enum exit_code
capture_given_read(struct command_line *line, struct capture_given *given,
    struct dns_server *servers, struct capture_options *options)
{
	enum exit_code code = check_ranges(line, given);

	if (code == EXIT_DONE)
		code = check_combinations(line, given);
	if (code != EXIT_DONE)
		return code;
	if (given->domains != NULL && given->selectors == NULL)
		given->selectors = installed_data("selectors.txt");
	if (given->server_rate < 0)
		given->server_rate =
		    given->authoritative ? CAPTURE_SERVER_RATE : 0;
	if (given->authoritative)
		options->vantages = given->vantages > 0
		    ? (unsigned)given->vantages
		    : CAPTURE_VANTAGES;
	options->servers = servers;
	options->port = (unsigned)given->port;
	options->jobs = (unsigned)given->jobs;
	options->rate = (unsigned)given->rate;
	options->server_rate = (unsigned)given->server_rate;
	options->query.timeout = given->timeout;
	options->query.retries = (unsigned)given->retries;
	options->query.recurse = !given->authoritative;
	return given->authoritative
	    ? read_roots(given, servers, &options->n_servers)
	    : read_servers(line, given, servers, &options->n_servers);
}

char **
capture_given_labels(const struct capture_options *options)
{
	size_t n = capture_vantages(options);
	char **labels = g_new0(char *, n + 1);

	for (size_t i = 0; i < n; i++)
		labels[i] = options->vantages > 0
		    ? g_strdup_printf("authoritative-%zu", i + 1)
		    : g_strdup(options->servers[i].text);
	return labels;
}
