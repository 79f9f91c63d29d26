/*
 * originals_plan.h - which records of a case are looked for, and where their
 * copies are; inside of originals.c.
 */
#ifndef VERIFIER_CASE_ORIGINALS_PLAN_H
#define VERIFIER_CASE_ORIGINALS_PLAN_H

#include "verifier/case/originals.h"
#include "verifier/case/same_parts.h"
#include "verifier/dkim/signature.h"
#include "verifier/repair/guess.h"

/* A body that was signed, by the record that has it. */
struct body_found {
	size_t signature; /* among the signatures of the record */
	uint64_t record;
};

/* A signature of a record that passes, of kind DKIM. */
struct passing {
	size_t signature; /* among the signatures of the record */
	enum verdict verdict;
};

struct same_id;

/* A record with a Message-ID that is looked for. */
struct copy {
	uint64_t seq;
	char sha256[DIGEST_HEX_SIZE]; /* identity */
	char *path;		      /* of the file, for people */
	struct same_id *group;
	bool header_open, body_open; /* looked for */
	enum verdict verdict;	     /* of the message */
	/* Those that hold for what is stored; SAME_SIGNERS_MAX at most. */
	struct passing passing[SAME_SIGNERS_MAX];
	size_t n_passing;
	bool repaired; /* another holds after repairs only */
	/* l= of signatures whose body is looked for, as verifier.5 has it; NULL:
	 * there is none. */
	json_t *lengths;
	/* From originals_take(): */
	bool taken;
	struct header_index header;
	struct signatures signatures;
	/* From originals_search(): */
	json_t *record;	 /* judged anew, where something was found; or NULL */
	GArray *bodies;	 /* struct body_found; or NULL */
	struct parts_seen *parts; /* NULL: not looked at */
};

/* The records with one Message-ID. */
struct same_id {
	GPtrArray *copies; /* struct copy *, in the order of the records */
	bool wanted;	   /* one is looked for, and there is another */
	bool body_wanted;  /* the same, of bodies */
	struct same_parts *same; /* from originals_search(); or NULL */
};

struct originals_plan {
	GHashTable *ids;   /* struct span * -> struct same_id * */
	GPtrArray *copies; /* struct copy *, of all, in their order */
	struct originals_counts counts;
	struct arena *arena; /* keys of "ids" */
};

/* Read the results of "folder" twice. */
struct originals_plan *originals_plan_new(
    const char *folder, const struct crypto *crypto, GError **error);
void originals_plan_free(struct originals_plan *plan);

/* Is the signed body of "copy" not there, but a part of the one that it has? */
bool copy_has_parts(const struct copy *copy);

/* The plan of "originals". */
const struct originals_plan *originals_get_plan(
    const struct originals *originals);

#endif
