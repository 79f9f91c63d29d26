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

#define IMPORT_LINE_MAX (1 << 20) /* octets of one line of input: room for a
				      TXT record of 64 KB, each octet escaped */
#define IMPORT_START_MAX 65536 /* octets that a format is known by */
#define IMPORT_WORD_MAX 64	  /* octets of a method */
#define IMPORT_TEXT_MAX 1024	  /* octets of an observer or operator */
#define IMPORT_KEYS_MAX (1 << 20) /* octets of a file of --jwks */

struct table_map;
struct trust_anchors;
struct ldns_struct_rr; /* a record, as ldns has it */

/* What the command line says about a file. */
struct import_options {
	struct span observer;	/* --source */
	struct span origin;	/* --domain: what relative names are under */
	int64_t observed_at;	/* --observed-at, or TIMESTAMP_NONE */
	enum timestamp_precision precision;
	bool file_time; /* "--observed-at file": observed_at is when the file
			   was last changed */
	bool no_time; /* "--observed-at none": no time is known, and that is
			 said; observed_at is TIMESTAMP_NONE then */
	struct span jwks;   /* octets of the file of --jwks, or empty */
	struct span issuer; /* --issuer, or empty */
	const struct crypto *crypto;
	const struct table_map *map; /* --map, or NULL */
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
	/* Keep "octets", at most EVIDENCE_MAX, for an observation that will
	 * name them by the SHA-256 that comes back. */
	void (*evidence)(void *user, struct span octets,
	    uint8_t sha256_out[32]);
	/* Is the key with this SHA-256 (of its SubjectPublicKeyInfo) in the
	 * store?  What is said of others would be of no use. */
	bool (*knows_key)(void *user, const uint8_t sha256[32]);
	/* One statement about a key; "made" and "operator" are not yet set.
	 * Borrowed for the call. */
	void (*annotation)(void *user,
	    const struct entry_annotation *annotation);
	/* One record that a DNSSEC chain can need (dnssec_chain.h), of any
	 * name; import_records.h calls it.  NULL: not wanted. */
	void (*record)(void *user, const struct ldns_struct_rr *record);
	/* Unless NULL: records that are text are not given to it, as reading
	 * them takes longer than all else; *signed_text becomes true when
	 * there is a signature among them, without which no chain needs them. */
	bool *signed_text;
};

struct importer {
	const char *name; /* of --format */
	const char *description;
	bool about_keys; /* speaks of keys in the store: a file that was
			    imported before is read again, as there may be
			    more of them now */
	/*
	 * Does a file that starts with these octets look like one of this
	 * format, and like no other?  "start" is without gzip and byte order
	 * mark, has IMPORT_START_MAX octets at most, and is the whole file when
	 * it has fewer.  NULL: cannot be told (--format auto never takes it).
	 */
	bool (*recognise)(struct span start);
	/*
	 * Read "path" (open for reading as "stream") to its end, front to back.
	 * A record without a time of its own, and without observed_at and
	 * no_time, is bad, with the reason naming --observed-at.  False with
	 * "error" set for trouble with reading, and when the file as a whole
	 * cannot be taken.
	 */
	bool (*read)(FILE *stream, const char *path,
	    const struct import_options *options,
	    const struct import_output *output, GError **error);
};

extern const struct importer *const importers[]; /* NULL-ended */

const struct importer *importer_get(const char *name);

/*
 * The formats that the file "path" looks like: a NULL-ended array, to be freed
 * with g_free(), empty when it looks like none.  NULL with "error" set when
 * it cannot be read.
 */
const struct importer **importer_recognise(const char *path,
    const struct crypto *crypto, GError **error);

/*
 * The times and their kind for a record that has none of its own, from the
 * options.  False when they give none either.
 */
bool import_default_time(const struct import_options *options,
    struct entry_observation *observation);

/* The reason of a record that import_default_time() has no time for. */
extern const char import_needs_time[];

struct import_request {
	const struct importer *importer;
	const char *path;
	struct import_options options;
	struct span operator;	 /* may be empty */
	struct entry_texts lineage; /* observers that the source derives from,
				       sorted, itself not among them */
	int64_t imported;	 /* time of import */
	bool skip_bad;
	bool keep_evidence;	 /* store the file itself when it is at most
				    EVIDENCE_MAX octets */
	const struct trust_anchors *anchors; /* for DNSSEC chains in it */
};

struct import_result {
	uint64_t observations, annotations; /* added */
	uint64_t bad, others;
	uint64_t chains;       /* DNSSEC chains found, and results added */
	uint64_t left_out;     /* records for chains past the limits */
	bool evidence_kept;
	uint64_t source;       /* index of the source entry */
	bool known;	       /* the same import was made before: nothing was
				  added, "source" is the earlier entry */
};

/*
 * Import one file, whole or not at all.  It must be a regular file, and may be
 * compressed with gzip; it is read twice through one descriptor, and an error
 * when it changed in between.  An import is known by the file's SHA-256 and
 * the options that decide what an observation says: format, --source,
 * --lineage, --observed-at, --domain, --map, --jwks and --issuer.  "complain" is called for each bad line
 * (at most IMPORT_COMPLAINTS_MAX times; all are counted).  With bad lines and
 * not skip_bad, or without any observation, nothing is added and false is
 * returned, with "error" set unless lines were bad.
 * DNSSEC records in the file give chain-result entries for its observations.
 */
#define IMPORT_COMPLAINTS_MAX 100
bool import_file(struct store *store, const struct crypto *crypto,
    const struct import_request *request,
    void (*complain)(void *user, uint64_t line, const char *reason),
    void *user, struct import_result *result_out, GError **error);

#endif
