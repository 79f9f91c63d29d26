/*
 * importer.h - from a file of some source to observations in the store.
 *
 * One file per format, behind one vtable: adding a format is one file and
 * one line in the table of importer.c.  An importer turns a file into
 * observations and complaints; it does not know the store, the clock or the
 * network.
 */
#ifndef KEYSNAP_IMPORT_IMPORTER_H
#define KEYSNAP_IMPORT_IMPORTER_H

#include "keysnap/store/entry.h"
#include "keysnap/store/store.h"

#define IMPORT_LINE_MAX (1 << 20) /* octets of one line of input */

/* What the command line says about a file. */
struct import_options {
	struct span observer;	/* --source */
	struct span origin;	/* --domain: what relative names are under */
	int64_t observed_at;	/* --observed-at, or TIMESTAMP_NONE */
	enum timestamp_precision precision;
};

/* Where an importer puts what it finds. */
struct import_output {
	void *user;
	/* One observation; "source" is not yet set.  Borrowed for the call. */
	void (*observation)(void *user,
	    const struct entry_observation *observation);
	/* A line that cannot be taken: its number and the reason. */
	void (*bad)(void *user, uint64_t line, const char *reason);
	/* A line that holds no DKIM key and was passed over (another RR type,
	 * another name): counted, not an error. */
	void (*other)(void *user, uint64_t line);
};

struct importer {
	const char *name; /* of --format */
	const char *description;
	/*
	 * Read "path" (open for reading as "stream") to its end.  Without
	 * observed_at and without a time of its own a record is bad, with the
	 * reason naming --observed-at.  False with "error" set only for
	 * trouble with reading.
	 */
	bool (*read)(FILE *stream, const char *path,
	    const struct import_options *options,
	    const struct import_output *output, GError **error);
};

extern const struct importer *const importers[]; /* NULL-ended */

const struct importer *importer_get(const char *name);

/* The default evidence bound: larger files are named by hash only. */

struct import_request {
	const struct importer *importer;
	const char *path;
	struct import_options options;
	struct span operator;	 /* may be empty */
	int64_t imported;	 /* time of import */
	bool skip_bad;
	bool keep_evidence;	 /* store the file itself when it is at most
				    EVIDENCE_MAX octets */
};

struct import_result {
	uint64_t observations; /* added */
	uint64_t bad, others;
	bool evidence_kept;
	uint64_t source;       /* index of the source entry */
	bool known;	       /* the same import was made before: nothing was
				  added, "source" is the earlier entry */
};

/*
 * Import one file, whole or not at all.  "complain" is called for each bad
 * line (at most IMPORT_COMPLAINTS_MAX times; all are counted).  With bad
 * lines and not skip_bad, or without any observation, nothing is added and
 * false is returned without error set when lines were bad.
 */
#define IMPORT_COMPLAINTS_MAX 100
bool import_file(struct store *store, const struct crypto *crypto,
    const struct import_request *request,
    void (*complain)(void *user, uint64_t line, const char *reason),
    void *user, struct import_result *result_out, GError **error);

#endif
