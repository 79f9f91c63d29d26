/*
 * run_file.h - run.json of a case, read back.
 *
 * Its lists of inputs and notes may be larger than memory, so the file is gone
 * through once for where its members stand, and these are read when they are
 * asked for.  Any file may be given: nothing is believed of it.
 */
#ifndef VERIFIER_RUN_RUN_FILE_H
#define VERIFIER_RUN_RUN_FILE_H

#include "keysnap/base/digest.h"
#include "keysnap/base/json.h"

#define RUN_FILE_MEMBERS_MAX 64		/* we write 19 */
#define RUN_FILE_VALUE_MAX   (64u << 20) /* octets of a member, or of an
					    element of a list */

struct run_file;

/* NULL with "error" when it cannot be read, or is not one JSON object in
 * canonical form. */
struct run_file *run_file_open(const char *path, GError **error);
void run_file_close(struct run_file *file);

/* Member "name", which the caller owns; NULL when there is none, or it is too
 * large or no JSON. */
json_t *run_file_get(struct run_file *file, const char *name);

/* Has "outputs", that member, the file "name" with this SHA-256? */
bool run_outputs_have(const json_t *outputs, const char *name,
    const uint8_t sha256[DIGEST_SHA256_SIZE]);

/* The elements of the list "name", one after the other. */
struct run_list;
struct run_list *run_list_open(
    struct run_file *file, const char *name, GError **error);
void run_list_close(struct run_list *list);

/* The text of the present element, until run_list_next(); false at the end,
 * and where the list is broken. */
bool run_list_get(const struct run_list *list, struct span *text_out);
void run_list_next(struct run_list *list);

#endif
