/*
 * run_json.h - run.json as octets; verifier.5 is normative.
 */
#ifndef VERIFIER_RUN_RUN_JSON_H
#define VERIFIER_RUN_RUN_JSON_H

#include "verifier/run/case_folder.h"

#define RUN_SCHEMA	"verifier-run/1"
#define RUN_OUTPUTS_MAX 8

struct run_output {
	const char *name; /* static */
	uint8_t sha256[DIGEST_SHA256_SIZE];
};

struct run_json {
	const struct run_environment *environment;
	const struct run_counts *counts;
	const struct run_output *outputs;
	size_t n_outputs;
};

/* run.json with its line feed, in three pieces: before the array of the
 * inputs, before that of the notes, and behind that.  The arrays may be larger
 * than memory and are written between them. */
#define RUN_JSON_PIECES 3
void run_json_write(
    GString *const pieces[RUN_JSON_PIECES], const struct run_json *json);

/* A run as a whole, as run.json tells it. */
struct run_whole {
	const struct record_header *header;
	const struct run_counts *counts;
	const struct premises *premises;
};

/* Append an object with the members "counts", "premises", "premises_left_out"
 * and "snapshot", without line feed. */
void run_json_write_whole(GString *out, const struct run_whole *whole);

/* The member "versions": of the libraries that are loaded, not those that the
 * program was built with. */
void run_json_write_versions(struct json_writer *writer);

#endif
