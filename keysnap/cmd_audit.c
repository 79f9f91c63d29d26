/*
 * cmd_audit.c - keysnap audit: check all keys of a store, and log what is
 * found.
 * Limits: AUDIT_LISTS_MAX lists, EVIDENCE_MAX octets each.
 */
#include "keysnap/base/clock.h"
#include "keysnap/base/digest.h"
#include "keysnap/base/file.h"
#include "keysnap/base/progress.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd.h"
#include "keysnap/store/audit.h"
#include "keysnap/store/pack.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_DEFAULT (UINT64_C(2) << 30)

/* The options as given. */
struct given {
	char **debian_weak;
	char *memory, *made;
	gint jobs;
	gboolean again, json, exit_code;
};

struct auditing {
	struct command_line *line;
	const struct given *given;
	struct store *store;
	struct audit_request request;
	struct audit_list lists[AUDIT_LISTS_MAX];
	GBytes *files[AUDIT_LISTS_MAX];
	struct progress progress;
	GString *out;
};

static volatile sig_atomic_t interrupted;

static void
note_signal(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* A second signal ends the process at once. */
static void
catch_signals(void)
{
	struct sigaction action = { .sa_handler = note_signal,
		.sa_flags = (int)SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* Threads may be deep in a calculation that nothing can break off: the process
 * ends without them.  No transaction is open here. */
static bool
tick(void *user, const char *step, uint64_t done, uint64_t total)
{
	struct auditing *auditing = user;

	if (auditing->progress.unit == NULL ||
	    strcmp(auditing->progress.unit, step) != 0) {
		progress_clear(&auditing->progress);
		progress_init(
		    &auditing->progress, stderr, true, step, clock_monotonic());
	}
	progress_update(
	    &auditing->progress, clock_monotonic(), done, done, total);
	if (interrupted == 0)
		return true;
	progress_clear(&auditing->progress);
	command_say("interrupted; what was done so far is kept: run this again "
		    "to go on");
	_exit((int)command_flush(EXIT_INTERRUPTED));
}

static void
append_key(GString *out, const struct audit_key *key)
{
	text_append_terminal(out, key->name);
	if (key->more_names)
		g_string_append(out, " (and other names)");
	if (key->type == KEY_TYPE_RSA)
		g_string_append_printf(out, "  RSA %u", key->numbers.bits);
	else
		g_string_append(out, "  Ed25519");
}

static void
write_text(GString *out, uint64_t number, const struct entry_key_health *health,
    const struct audit_key *key)
{
	g_string_append(out, health->result == HEALTH_BAD ? "BAD  " : "--   ");
	append_key(out, key);
	g_string_append(out, "  ");
	text_append_terminal(out, health->check);
	if (health->detail.n > 0) {
		g_string_append(out, ": ");
		text_append_terminal(out, health->detail);
	}
	if (health->since != TIMESTAMP_NONE) {
		g_string_append(out, "; since ");
		command_append_time(out, health->since, health->precision);
	}
	g_string_append_printf(out, "; entry %" PRIu64 "\n", number);
}

static void
write_json(GString *out, uint64_t number, const struct entry *entry,
    const struct audit_key *key)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_integer(&writer, "entry", (int64_t)number);
	json_write_raw(&writer, "log", entry->line);
	json_write_bool(&writer, "more_names", key->more_names);
	json_write_octets(&writer, "name", key->name);
	json_write_string(&writer, "schema", "keysnap-audit-finding 1");
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

static void
print_finding(void *user, uint64_t number, const struct entry *entry,
    const struct audit_key *key)
{
	struct auditing *auditing = user;

	if (auditing->given->json)
		write_json(auditing->out, number, entry, key);
	else
		write_text(auditing->out, number, &entry->key_health, key);
	command_print(auditing->out);
}

static void
print_result_json(
    const struct auditing *auditing, const struct audit_result *result)
{
	struct json_writer writer;

	json_writer_init(&writer, auditing->out);
	json_open_object(&writer, NULL);
	json_write_bool(&writer, "added", !result->nothing);
	json_write_integer(&writer, "bad", (int64_t)result->bad);
	if (!result->nothing) {
		json_write_integer(&writer, "below", (int64_t)result->below);
		json_write_integer(&writer, "entry", (int64_t)result->entry);
	}
	json_write_integer(&writer, "findings", (int64_t)result->findings);
	if (!result->nothing) {
		json_write_integer(&writer, "keys", (int64_t)result->keys);
		json_write_integer(
		    &writer, "new_keys", (int64_t)result->new_keys);
	}
	json_write_string(&writer, "schema", "keysnap-audit 1");
	json_close_object(&writer);
	g_string_append_c(auditing->out, '\n');
	command_print(auditing->out);
}

static void
print_result(const struct auditing *auditing, const struct audit_result *result)
{
	GString *out = auditing->out;

	if (auditing->given->json) {
		print_result_json(auditing, result);
		return;
	}
	text_append_terminal(
	    out, span_from_string(auditing->line->arguments[0]));
	if (result->nothing)
		g_string_append(out,
		    ": no observations that were not audited before, nothing "
		    "added\n");
	else
		g_string_append_printf(out,
		    ": %" PRIu64 " keys, %" PRIu64 " of them new; %" PRIu64
		    " findings added, %" PRIu64
		    " of them bad; audit is entry %" PRIu64 "\n",
		    result->keys, result->new_keys, result->findings,
		    result->bad, result->entry);
	command_print(out);
}

/* A count of octets: digits, and "K", "M" or "G" behind them. */
static bool
read_memory(const char *text, uint64_t *octets_out)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;
	guint64 number;

	if (*text < '0' || *text > '9')
		return false;
	number = g_ascii_strtoull(text, &end, 10);
	if (number > G_MAXINT64 >> 30)
		return false;
	if (*end != '\0') {
		unit = strchr(units, g_ascii_toupper(*end));
		if (unit == NULL || end[1] != '\0')
			return false;
		number <<= 10 * (unit - units + 1);
	}
	*octets_out = number;
	return number >= AUDIT_MEMORY_MIN;
}

static enum exit_code
read_options(struct auditing *auditing)
{
	const struct given *given = auditing->given;
	struct audit_request *request = &auditing->request;
	enum timestamp_precision ignored;

	request->memory = MEMORY_DEFAULT;
	if (given->memory != NULL &&
	    !read_memory(given->memory, &request->memory))
		return command_usage(auditing->line,
		    "--memory \"%s\" is not a size of 16M at least",
		    given->memory);
	if (given->jobs < 0 || given->jobs > WORKERS_MAX)
		return command_usage(auditing->line,
		    "--jobs is a number from 1 to %d", WORKERS_MAX);
	request->jobs = given->jobs > 0
	    ? (unsigned)given->jobs
	    : MIN(g_get_num_processors(), WORKERS_MAX);
	request->made = clock_now();
	if (given->made != NULL &&
	    !timestamp_parse_lenient(
		span_from_string(given->made), &request->made, &ignored))
		return command_usage(
		    auditing->line, "--made \"%s\" is not a time", given->made);
	request->again = given->again;
	return EXIT_DONE;
}

static enum exit_code
read_list(struct auditing *auditing, const char *path)
{
	size_t i = auditing->request.n_lists;
	struct audit_list *list = &auditing->lists[i];
	GError *error = NULL;
	size_t line;

	auditing->files[i] = file_read(path, EVIDENCE_MAX, &error);
	if (auditing->files[i] == NULL)
		return command_error(error, false);
	auditing->request.n_lists++;
	list->octets.p = g_bytes_get_data(auditing->files[i], &list->octets.n);
	digest_sha256(auditing->line->crypto, list->octets, list->sha256);
	list->list = weak_list_new(list->octets, &line);
	if (list->list != NULL)
		return EXIT_DONE;
	if (line == 0)
		command_say("%s: no key is on this list", path);
	else
		command_say("%s:%zu: neither a line of openssl-blacklist (20 "
			    "hex digits) nor one of badkeys' lookup.txt (16 "
			    "hex digits, \";\", a path)",
		    path, line);
	return EXIT_INPUT;
}

static enum exit_code
read_lists(struct auditing *auditing)
{
	char **files = auditing->given->debian_weak;
	enum exit_code code = EXIT_DONE;

	if (files == NULL)
		return EXIT_DONE;
	if (g_strv_length(files) > AUDIT_LISTS_MAX)
		return command_usage(
		    auditing->line, "more than %d lists", AUDIT_LISTS_MAX);
	for (; *files != NULL && code == EXIT_DONE; files++)
		code = read_list(auditing, *files);
	return code;
}

/* An audit that was taken up covers what was there when it was begun: the rest
 * is another one. */
static enum exit_code
run_all(struct auditing *auditing)
{
	struct audit_result result;
	GError *error = NULL;
	uint64_t bad = 0;
	bool first = true;

	do {
		if (!audit_run(auditing->store, auditing->line->crypto,
			&auditing->request, &result, &error)) {
			progress_clear(&auditing->progress);
			return command_error(
			    error, error->domain == STORE_ERROR);
		}
		progress_clear(&auditing->progress);
		if (result.went_on)
			command_say("went on with an audit that was begun "
				    "before");
		if (first || !result.nothing)
			print_result(auditing, &result);
		bad += result.bad;
		first = false;
	} while (result.went_on);
	return bad > 0 && auditing->given->exit_code ? EXIT_NO : EXIT_DONE;
}

static enum exit_code
audit(struct command_line *line, const struct given *given)
{
	struct auditing auditing = { .line = line,
		.given = given,
		.out = g_string_new(NULL),
		.request = { .tool = SPAN("keysnap " PROGRAM_VERSION),
		    .tick = tick,
		    .finding = print_finding } };
	GError *error = NULL;
	enum exit_code code;

	auditing.request.user = &auditing;
	auditing.request.lists = auditing.lists;
	code = read_options(&auditing);
	if (code == EXIT_DONE)
		code = read_lists(&auditing);
	if (code == EXIT_DONE) {
		auditing.store =
		    store_open(line->arguments[0], true, line->crypto, &error);
		if (auditing.store == NULL)
			code = command_error(error, false);
	}
	if (code == EXIT_DONE) {
		catch_signals();
		code = run_all(&auditing);
	}
	store_close(auditing.store);
	for (size_t i = 0; i < auditing.request.n_lists; i++) {
		weak_list_free(auditing.lists[i].list);
		g_bytes_unref(auditing.files[i]);
	}
	g_string_free(auditing.out, TRUE);
	return code;
}

static enum exit_code
run_audit(struct command_line *line)
{
	struct given given = { 0 };
	const GOptionEntry options[] = {
		{ "debian-weak", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &given.debian_weak,
		    "a list of weak moduli; may be repeated", "FILE" },
		{ "memory", 0, 0, G_OPTION_ARG_STRING, &given.memory,
		    "use at most so much, such as 500M or 4G; else 2G",
		    "SIZE" },
		{ "jobs", 'j', 0, G_OPTION_ARG_INT, &given.jobs,
		    "threads, else one for each processor", "N" },
		{ "again", 0, 0, G_OPTION_ARG_NONE, &given.again,
		    "check the keys of earlier audits, too", NULL },
		{ "exit-code", 0, 0, G_OPTION_ARG_NONE, &given.exit_code,
		    "exit with 1 when a key is found bad", NULL },
		{ "made", 0, 0, G_OPTION_ARG_STRING, &given.made,
		    "time of the audit, else now", "TIME" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &given.json,
		    "JSON lines, see keysnap(5)", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	code = command_parse(line, options) ? audit(line, &given) : line->code;
	g_strfreev(given.debian_weak);
	g_free(given.memory);
	g_free(given.made);
	return code;
}

const struct command command_audit = {
	.name = "audit",
	.arguments = "STORE",
	.summary = "check all keys: shared factors, known weak ones",
	.examples = "  keysnap audit keys.store\n"
		    "  keysnap audit keys.store --memory 8G -j4 "
		    "--debian-weak blacklist.RSA-1024",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_audit,
};
