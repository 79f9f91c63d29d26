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

/* Append run.json with its line feed.  "inputs" is a canonical JSON array. */
void run_json_write(GString *out, const struct run_environment *environment,
    const struct run_counts *counts, struct span inputs,
    const struct run_output *outputs, size_t n_outputs);

#endif
