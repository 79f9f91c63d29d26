/*
 * entry.h - the entries of the log: what they hold and their leaf octets.
 *
 * The log is a sequence of entries, numbered from 0.  An entry is one line of
 * canonical JSON (base/json.h), an object with a member "type"; the leaf is
 * the line without its line feed.  Entries are never changed or removed: a
 * correction is a new entry.  An entry names others by number, and only
 * smaller ones.  Readers keep types and members that they do not know.
 *
 * Types and members ("?" optional; TIME is "2016-10-31T00:00:00Z", PRECISION
 * a word of timestamp.h, HASH 64 lower-case hex digits, OCTETS and TEXT the
 * \DDD escape of json.h, WORD letters, digits and "-._/", NAME a canonical DNS
 * name, N an entry's number):
 *
 *  store        the first entry of every log, and only there
 *    format "keysnap-log 1", origin TEXT (so that the root covers the origin
 *    that the checkpoint states)
 *  source       what one import has in common
 *    file TEXT (base name as given), format WORD, imported TIME,
 *    lineage? [OBSERVER...], observer TEXT (--source), operator? TEXT,
 *    sha256 HASH of the file, size, tool "keysnap VERSION",
 *    evidence? [HASH...] (the file itself, when it is kept)
 *  observation  an observer says that a name had this, at a time
 *    source N, name NAME, kind "present" | "nxdomain" | "nodata",
 *    strings? [OCTETS...] (present only, and always then: the character-strings of ONE TXT record,
 *    exactly as seen), joined? "exact" (as on the wire; the default) | "source"
 *    (the source had joined them) | "ambiguous",
 *    first? TIME, last? TIME (equal for one sighting; both or none),
 *    precision? PRECISION (of first and last, with them only), time_kind "observed" |
 *    "claimed" | "file" | "none" (without times, and only then),
 *    method "zonefile" | "dig" | "keyfile" | "archive" | "pasted" | ...,
 *    observer? TEXT (where the line names its own, else the source's),
 *    line? number of the line in the file, from 1; owner? NAME (where the TXT
 *    record lay, when a CNAME led there), cname? [NAME...], ttl? seconds,
 *    count? sightings claimed, complete? true (the whole TXT RRset of the
 *    name was seen), evidence? [HASH...], warnings? [WORD...]
 *  sighting     the same seen again
 *    source N, of [N...] observations, first TIME, last TIME, precision
 *  annotation   a statement about entries, a key or a name
 *    kind "note" | "retract" | "compromise" | "private-key-published",
 *    target? [N...], key? HASH, name? NAME, since? TIME, precision?,
 *    text? TEXT, evidence? [HASH...], made TIME, operator? TEXT
 *  anchor       proof from outside that a log state, or evidence, existed
 *    kind "rfc3161" | "opentimestamps" | "note", size? and root? of a log
 *    state, or digest? HASH of evidence; time TIME, precision,
 *    evidence [HASH...], made TIME
 *  chain-result what keysnap found of a DNSSEC chain
 *    observation N, evidence [HASH], result "secure" | "insecure" | "bogus" |
 *    "indeterminate", from? TIME, until? TIME, reason? WORD, trust_anchor? ,
 *    tool
 *  key-health   what keysnap found of a key
 *    key HASH, check WORD, result "good" | "bad" | "unknown", since? TIME,
 *    detail? TEXT, tool, made TIME
 *
 * This version writes store, source and observation; the others are defined so that
 * later versions only add code.  Every entry may carry evidence; the evidence
 * of a snapshot is exactly what its entries name.
 */
#ifndef KEYSNAP_STORE_ENTRY_H
#define KEYSNAP_STORE_ENTRY_H

#include "keysnap/base/arena.h"
#include "keysnap/base/json.h"
#include "keysnap/base/timestamp.h"

#define ENTRY_LINE_MAX	  (1 << 20) /* octets of a line: 16 TXT records of 64 KB */
#define ENTRY_STRINGS_MAX 512	    /* a 64 KB TXT RDATA has at most 257 full
				       strings; more are hostile */
#define ENTRY_TXT_MAX	  65535	    /* octets of one TXT record, RFC 1035 */
#define ENTRY_NONE	  UINT64_MAX
#define ENTRY_LOG_FORMAT  "keysnap-log 1"

enum entry_type {
	ENTRY_STORE,
	ENTRY_SOURCE,
	ENTRY_OBSERVATION,
	ENTRY_SIGHTING,
	ENTRY_ANNOTATION,
	ENTRY_ANCHOR,
	ENTRY_CHAIN_RESULT,
	ENTRY_KEY_HEALTH,
	ENTRY_UNKNOWN /* kept, shown, without effect */
};

enum observation_kind {
	OBSERVATION_PRESENT,
	OBSERVATION_NXDOMAIN,
	OBSERVATION_NODATA
};

enum observation_join { JOIN_EXACT, JOIN_SOURCE, JOIN_AMBIGUOUS };

enum observation_time_kind {
	TIME_OBSERVED, /* the observer itself looked then */
	TIME_CLAIMED,  /* the source says so */
	TIME_FILE,     /* of the file that held it */
	TIME_NO_TIME
};

/* Member of the first entry. */
struct entry_store {
	struct span origin; /* decoded octets */
};

struct entry_source {
	struct span file, format, observer, tool;
	struct span operator; /* empty: absent */
	int64_t imported;
	uint8_t sha256[32];
	uint64_t size;
	const uint8_t (*evidence)[32];
	size_t n_evidence;
};

struct entry_observation {
	uint64_t source;
	struct span name;
	enum observation_kind kind;
	const struct span *strings; /* decoded octets */
	size_t n_strings;
	enum observation_join joined;
	int64_t first, last; /* TIMESTAMP_NONE: absent */
	enum timestamp_precision precision;
	enum observation_time_kind time_kind;
	struct span method;
	struct span observer; /* empty: the source's */
	uint64_t line;	      /* 0: absent */
	int64_t ttl;	      /* -1: absent */
	bool complete;
	const struct span *cname;
	size_t n_cname;
	struct span owner; /* empty: the name itself */
};

/* One entry, parsed.  "store", "source" and "observation" are set for these
 * types only.  Spans and arrays live in the arena. */
struct entry {
	enum entry_type type;
	struct span line; /* the leaf, borrowed */
	struct span name; /* what it is indexed under (an observation's, an
			     annotation's), or empty */
	struct entry_store store;
	struct entry_source source;
	struct entry_observation observation;
};

/* Append the canonical line of an entry, without line feed. */
void entry_write_store(GString *out, const struct entry_store *store);
void entry_write_source(GString *out, const struct entry_source *source);
void entry_write_observation(GString *out,
    const struct entry_observation *observation);

/*
 * Parse the leaf "line" of entry number "index".  False with *why_out when it
 * is not canonical JSON, lacks a member of its type, a member has the wrong
 * form, or it refers to an entry that is not smaller than "index".  Number 0,
 * and no other, is a store entry.
 */
bool entry_parse(struct entry *entry, struct arena *arena, struct span line,
    uint64_t index, const char **why_out);

/* Evidence digests that the leaf names, of any type, in the order of the
 * line; the array lives in "arena". */
size_t entry_evidence(struct arena *arena, struct span line,
    const uint8_t (**digests_out)[32]);

/* Joined octets of the strings of a present observation, in "arena". */
struct span entry_joined(struct arena *arena,
    const struct entry_observation *observation);

const char *entry_type_name(enum entry_type type);
const char *observation_kind_name(enum observation_kind kind);
const char *observation_time_kind_name(enum observation_time_kind kind);

#endif
