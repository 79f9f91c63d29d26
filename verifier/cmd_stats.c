/*
 * cmd_stats.c - verifier stats: what a case holds, counted from its records.
 */
#include "verifier/cmd.h"
#include "verifier/report/person_senders.h"
#include "verifier/run/results.h"
#include "verifier/sandbox.h"

#include "keysnap/base/span_key.h"
#include "keysnap/base/text.h"

#include <stdio.h>
#include <string.h>

struct stats {
	struct command_line *line;
	gboolean json;
	const json_t *header; /* of the results */
	uint64_t messages;
	uint64_t verdicts[VERDICTS];
	GHashTable *domains; /* signing domain -> uint64_t[2]: signatures,
				passes */
	GHashTable *reasons; /* code -> uint64_t */
};

static uint64_t *
counter_of(GHashTable *table, const char *key, size_t n)
{
	uint64_t *counter = g_hash_table_lookup(table, key);

	if (counter == NULL) {
		counter = g_new0(uint64_t, n);
		g_hash_table_insert(table, g_strdup(key), counter);
	}
	return counter;
}

static void
count_signature(struct stats *stats, const json_t *signature)
{
	const char *domain = json_string_value(json_object_get(signature, "d"));
	const char *result =
	    json_string_value(json_object_get(signature, "result"));
	uint64_t *counter;

	if (domain == NULL || result == NULL)
		return;
	counter = counter_of(stats->domains, domain, 2);
	counter[0]++;
	counter[1] += strcmp(result, "pass") == 0;
}

static void
count_record(struct stats *stats, const struct record_view *view)
{
	const json_t *signatures = json_object_get(view->json, "signatures");
	const json_t *reasons = json_object_get(view->json, "reasons");

	stats->messages++;
	stats->verdicts[view->verdict]++;
	for (size_t i = 0; i < json_array_size(signatures); i++)
		count_signature(stats, json_array_get(signatures, i));
	for (size_t i = 0; i < json_array_size(reasons); i++) {
		const char *code =
		    json_string_value(json_array_get(reasons, i));

		if (code != NULL)
			counter_of(stats->reasons, code, 1)[0]++;
	}
}

static gint
compare_keys(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

static GList *
sorted_keys(GHashTable *table)
{
	return g_list_sort(g_hash_table_get_keys(table), compare_keys);
}

static void
write_json(const struct stats *stats, GString *out)
{
	const json_t *list =
	    json_object_get(stats->header, "public_suffix_list");
	struct json_writer writer;
	g_autoptr(GList) domains = sorted_keys(stats->domains);
	g_autoptr(GList) reasons = sorted_keys(stats->reasons);

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_open_array(&writer, "domains");
	for (const GList *at = domains; at != NULL; at = at->next) {
		const uint64_t *counter =
		    g_hash_table_lookup(stats->domains, at->data);

		json_open_object(&writer, NULL);
		json_write_string(&writer, "domain", at->data);
		json_write_integer(&writer, "passes", (int64_t)counter[1]);
		json_write_integer(&writer, "signatures", (int64_t)counter[0]);
		json_close_object(&writer);
	}
	json_close_array(&writer);
	json_write_integer(&writer, "messages", (int64_t)stats->messages);
	if (list != NULL)
		json_write_value(&writer, "public_suffix_list", list);
	json_open_array(&writer, "reasons");
	for (const GList *at = reasons; at != NULL; at = at->next) {
		const uint64_t *counter =
		    g_hash_table_lookup(stats->reasons, at->data);

		json_open_object(&writer, NULL);
		json_write_integer(&writer, "count", (int64_t)counter[0]);
		json_write_string(&writer, "reason", at->data);
		json_close_object(&writer);
	}
	json_close_array(&writer);
	json_write_string(&writer, "schema", "verifier-stats/1");
	json_open_array(&writer, "verdicts");
	for (int i = 0; i < VERDICTS; i++) {
		json_open_object(&writer, NULL);
		json_write_integer(
		    &writer, "count", (int64_t)stats->verdicts[i]);
		json_write_string(
		    &writer, "verdict", verdict_row((enum verdict)i)->code);
		json_close_object(&writer);
	}
	json_close_array(&writer);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

static void
write_text(const struct stats *stats, GString *out)
{
	g_autoptr(GList) domains = sorted_keys(stats->domains);
	g_autoptr(GList) reasons = sorted_keys(stats->reasons);

	g_string_append_printf(out,
	    "%" G_GUINT64_FORMAT " messages\n\nverdicts\n", stats->messages);
	for (int i = 0; i < VERDICTS; i++)
		g_string_append_printf(out, "  %-22s %8" G_GUINT64_FORMAT "\n",
		    verdict_row((enum verdict)i)->code, stats->verdicts[i]);
	g_string_append(out, "\nreasons (deciding and qualifying)\n");
	for (const GList *at = reasons; at != NULL; at = at->next) {
		const uint64_t *counter =
		    g_hash_table_lookup(stats->reasons, at->data);

		g_string_append_printf(
		    out, "  %8" G_GUINT64_FORMAT "  ", counter[0]);
		text_append_terminal(out, span_from_string(at->data));
		g_string_append_c(out, '\n');
	}
	g_string_append(out, "\nsigning domains (signatures, passes)\n");
	for (const GList *at = domains; at != NULL; at = at->next) {
		const uint64_t *counter =
		    g_hash_table_lookup(stats->domains, at->data);

		g_string_append_printf(out,
		    "  %8" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT "  ",
		    counter[0], counter[1]);
		text_append_terminal(out, span_from_string(at->data));
		g_string_append_c(out, '\n');
	}
}

static void
write_list(const struct stats *stats, GString *out)
{
	const json_t *list =
	    json_object_get(stats->header, "public_suffix_list");

	g_string_append_c(out, '\n');
	person_append_suffix_list(out, record_get_string(list, "version"),
	    record_get_string(list, "sha256"));
}

static enum exit_code
count_all(struct stats *stats, struct results *results)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct record_view view;
	struct span line;
	GError *error = NULL;
	int got;

	while ((got = results_next(results, &view, &line, &error)) == 1)
		count_record(stats, &view);
	if (got < 0)
		return command_error(error, EXIT_INPUT);
	stats->header = results_header(results);
	if (stats->json) {
		write_json(stats, out);
	} else {
		write_text(stats, out);
		if (stats->header != NULL)
			write_list(stats, out);
	}
	command_print(out);
	return EXIT_DONE;
}

static enum exit_code
run_stats(struct command_line *line)
{
	struct stats stats = { .line = line };
	const GOptionEntry options[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &stats.json,
		    "print one JSON object", NULL },
		G_OPTION_ENTRY_NULL,
	};
	struct results *results;
	GError *error = NULL;
	enum exit_code code;

	if (!command_parse(line, options, &code))
		return code;
	results = results_open(line->arguments[0], line->crypto, &error);
	if (results == NULL)
		return command_error(error, EXIT_INPUT);
	sandbox_limit_files(NULL, NULL);
	stats.domains =
	    g_hash_table_new_full(string_key_hash, g_str_equal, g_free, g_free);
	stats.reasons =
	    g_hash_table_new_full(string_key_hash, g_str_equal, g_free, g_free);
	code = count_all(&stats, results);
	if (code == EXIT_DONE)
		code = command_check_results(results, line->arguments[0], code);
	g_hash_table_unref(stats.domains);
	g_hash_table_unref(stats.reasons);
	results_close(results);
	return code;
}

const struct command command_stats = {
	.name = "stats",
	.arguments = "CASE",
	.summary = "count what a case holds",
	.examples = "  verifier stats case1\n"
		    "  verifier stats case1 --json\n",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_stats,
};
