/*
 * run_json.c - run.json as octets.
 *
 * The results do not depend on anything here; this is the record of the
 * circumstances: when, on what, with which libraries and options.
 */
#include "verifier/run/run_json.h"

#include "keysnap/store/library.h"
#include "verifier/message/display.h"
#include "verifier/run/journal.h"

#include <idn2.h>
#include <libpsl.h>
#include <openssl/crypto.h>
#include <seccomp.h>
#include <string.h>
#include <sys/utsname.h>

static void
write_counts(struct json_writer *writer, const struct run_counts *counts)
{
	json_open_object(writer, "counts");
	json_write_integer(writer, "files", (int64_t)counts->files);
	json_write_time(writer, "first_date", counts->first_date);
	json_write_integer(writer, "items", (int64_t)counts->items);
	json_write_time(writer, "last_date", counts->last_date);
	json_write_integer(writer, "messages", (int64_t)counts->messages);
	json_write_integer(writer, "notes", (int64_t)counts->notes);
	json_write_integer(writer, "octets", (int64_t)counts->octets);
	json_write_integer(writer, "senders", (int64_t)counts->senders);
	json_write_integer(
	    writer, "signing_domains", (int64_t)counts->signing_domains);
	json_open_array(writer, "verdicts");
	for (int i = 0; i < VERDICTS; i++) {
		json_open_object(writer, NULL);
		json_write_integer(
		    writer, "count", (int64_t)counts->verdicts[i]);
		json_write_string(
		    writer, "verdict", verdict_row((enum verdict)i)->code);
		json_close_object(writer);
	}
	json_close_array(writer);
	json_write_integer(
	    writer, "wanted_names", (int64_t)counts->wanted_names);
	json_write_integer(
	    writer, "wanted_signatures", (int64_t)counts->wanted_signatures);
	json_close_object(writer);
}

/* Where the archive lay: absolute, so that it is found again from another
 * folder; what links stand for is left as it is named. */
static void
write_archive(
    struct json_writer *writer, const struct run_environment *environment)
{
	if (environment->n_archive == 0)
		return;
	json_open_array(writer, "archive");
	for (size_t i = 0; i < environment->n_archive; i++) {
		g_autofree char *path =
		    g_canonicalize_filename(environment->archive[i], NULL);

		json_open_object(writer, NULL);
		json_write_text(
		    writer, "path", "path_b64", span_from_string(path));
		json_close_object(writer);
	}
	json_close_array(writer);
}

/* How the records came about.  They do not depend on it. */
static void
write_update(struct json_writer *writer, const uint8_t *results,
    const uint64_t judged[JUDGED_REGRADED + 1])
{
	json_open_object(writer, "update");
	json_write_integer(writer, "again", (int64_t)judged[JUDGED_ANEW]);
	json_write_integer(
	    writer, "regraded", (int64_t)judged[JUDGED_REGRADED]);
	json_write_hex(writer, "results_sha256",
	    (struct span){ results, DIGEST_SHA256_SIZE });
	json_write_integer(writer, "stand", (int64_t)judged[JUDGED_BEFORE]);
	json_close_object(writer);
}

static void
write_environment(struct json_writer *writer,
    const struct run_environment *environment, const struct run_counts *counts)
{
	struct utsname system;

	json_open_object(writer, "environment");
	if (environment->header->anchors != NULL)
		json_write_time(writer, "anchors_as_of", environment->as_of);
	write_archive(writer, environment);
	json_open_array(writer, "arguments");
	for (size_t i = 0; i < environment->n_arguments; i++)
		json_write_text(writer, NULL, NULL,
		    span_from_string(environment->arguments[i]));
	json_close_array(writer);
	json_write_time(writer, "end", environment->end);
	json_write_integer(writer, "jobs", environment->jobs);
	if (uname(&system) == 0) {
		json_write_string(writer, "kernel", system.release);
		json_write_bool(writer, "landlock", environment->landlock);
		json_write_string(writer, "machine", system.machine);
	} else {
		json_write_bool(writer, "landlock", environment->landlock);
	}
	if (environment->resumed > 0)
		json_write_integer(
		    writer, "resumed", (int64_t)environment->resumed);
	json_write_bool(writer, "seccomp", true);
	json_write_time(writer, "start", environment->start);
	if (environment->updated != NULL)
		write_update(writer, environment->updated, counts->judged);
	json_close_object(writer);
}

static void
write_options(
    struct json_writer *writer, const struct run_environment *environment)
{
	json_open_object(writer, "options");
	if (environment->equivalences != NULL)
		json_write_hex(writer, "equivalences_sha256",
		    (struct span){
			environment->equivalences, DIGEST_SHA256_SIZE });
	json_write_integer(
	    writer, "max_gap_days", environment->policy->max_gap_days);
	json_write_string(
	    writer, "min_grade", grade_name(environment->policy->min_grade));
	json_write_string(
	    writer, "repairs", repair_scope_name(environment->policy->repairs));
	json_close_object(writer);
}

static void
write_outputs(
    struct json_writer *writer, const struct run_output *outputs, size_t n)
{
	json_open_array(writer, "outputs");
	for (size_t i = 0; i < n; i++) {
		json_open_object(writer, NULL);
		json_write_string(writer, "path", outputs[i].name);
		json_write_hex(writer, "sha256",
		    (struct span){ outputs[i].sha256, DIGEST_SHA256_SIZE });
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void
write_snapshot(struct json_writer *writer, const struct record_header *header)
{
	json_open_object(writer, "snapshot");
	json_write_integer(writer, "entries", (int64_t)header->entries);
	json_write_text(writer, "origin", "origin_b64", header->origin);
	json_write_hex(
	    writer, "root", (struct span){ header->root, DIGEST_SHA256_SIZE });
	json_write_string(writer, "vouched", header->vouched);
	json_close_object(writer);
}

static void
write_premises(struct json_writer *writer, const struct premises *premises)
{
	json_open_array(writer, "premises");
	for (size_t i = 0; i < premises->n; i++) {
		const struct premise *premise = &premises->list[i];

		json_open_object(writer, NULL);
		json_write_bool(writer, "broken", premise->broken);
		json_write_string(writer, "code", premise->code);
		if (premise->detail.n > 0)
			json_write_text(
			    writer, "detail", "detail_b64", premise->detail);
		json_write_text(writer, "path", "path_b64", premise->path);
		json_close_object(writer);
	}
	json_close_array(writer);
	json_write_integer(
	    writer, "premises_left_out", (int64_t)premises->n_more);
}

static void
write_suffix_list(
    struct json_writer *writer, const struct run_environment *environment)
{
	const struct suffix_list *list = environment->header->suffix_list;

	if (list != NULL && list->commit != NULL)
		json_write_string(
		    writer, "public_suffix_list_commit", list->commit);
	json_write_hex(writer, "public_suffix_list_sha256",
	    (struct span){
		environment->public_suffix_list, DIGEST_SHA256_SIZE });
	if (list != NULL && list->version != NULL)
		json_write_string(
		    writer, "public_suffix_list_version", list->version);
}

void
run_json_write_versions(struct json_writer *writer)
{
	const struct scmp_version *seccomp = seccomp_version();
	g_autofree char *glib = g_strdup_printf("%u.%u.%u", glib_major_version,
	    glib_minor_version, glib_micro_version);
	g_autofree char *filter = g_strdup_printf(
	    "%u.%u.%u", seccomp->major, seccomp->minor, seccomp->micro);
	g_autofree char *gmime = display_library_version();

	json_open_object(writer, "versions");
	json_write_string(writer, "glib", glib);
	json_write_string(writer, "gmime", gmime);
	json_write_string(writer, "jansson", jansson_version_str());
	json_write_string(writer, "libidn2", idn2_check_version(NULL));
	json_write_string(writer, "libpsl", psl_get_version());
	json_write_string(writer, "libseccomp", filter);
	json_write_string(writer, "lmdb", store_library_version());
	json_write_string(writer, "openssl", OpenSSL_version(OPENSSL_VERSION));
	json_close_object(writer);
}

void
run_json_write(
    GString *const pieces[RUN_JSON_PIECES], const struct run_json *json)
{
	const struct span nothing = { NULL, 0 };
	const struct anchors_given *anchors =
	    json->environment->header->anchors;
	struct json_writer writer;

	json_writer_init(&writer, pieces[0]);
	json_open_object(&writer, NULL);
	if (anchors != NULL)
		anchors_write_given(&writer, anchors);
	journal_write_basis(&writer, json->environment->run);
	json_write_bool(&writer, "complete", json->environment->complete);
	write_counts(&writer, json->counts);
	write_environment(&writer, json->environment, json->counts);
	if (anchors != NULL)
		anchors_write_lists(&writer, anchors);
	json_write_raw(&writer, "inputs", nothing);
	writer.out = pieces[1];
	json_write_bool(&writer, "interrupted", json->counts->interrupted);
	json_write_raw(&writer, "notes", nothing);
	writer.out = pieces[2];
	write_options(&writer, json->environment);
	write_outputs(&writer, json->outputs, json->n_outputs);
	write_premises(&writer, json->environment->premises);
	write_suffix_list(&writer, json->environment);
	json_write_string(&writer, "schema", RUN_SCHEMA);
	write_snapshot(&writer, json->environment->header);
	json_write_string(&writer, "tool", json->environment->header->tool);
	if (anchors != NULL)
		anchors_write_trusted(&writer, anchors);
	run_json_write_versions(&writer);
	json_close_object(&writer);
	g_string_append_c(pieces[2], '\n');
}

void
run_json_write_whole(GString *out, const struct run_whole *whole)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	write_counts(&writer, whole->counts);
	write_premises(&writer, whole->premises);
	write_snapshot(&writer, whole->header);
	json_close_object(&writer);
}
