/*
 * entry.h - the entries of the log: what they hold and their leaf octets.
 *
 * The log is a sequence of entries, numbered from 0.  An entry is one line of
 * canonical JSON (base/json.h), an object with a member "type"; the leaf is
 * the line without its line feed.  Entries are never changed or removed: a
 * correction is a new entry.  An entry names others by number, and only
 * smaller ones.  Readers keep types and members that they do not know, and
 * give them no effect.
 *
 * Types and members ("?" optional; TIME is "2016-10-31T00:00:00Z", PRECISION
 * a word of timestamp.h, HASH 64 lower-case hex digits, OCTETS and TEXT the
 * \DDD escape of json.h, TEXT of ENTRY_TEXT_MAX octets at most, WORD letters,
 * digits and "-._/", NAME a canonical DNS name, N an entry's number, COUNT a
 * number from 1).  A list is never empty and has at most ENTRY_LIST_MAX
 * elements; one in braces, {X...}, is a set: ascending, each element once.
 * Times come as a pair "first" and "last" with one "precision" for both.
 *
 *  store        the first entry of every log, and only there
 *    format "keysnap-log 1", origin TEXT (so that the root covers the origin
 *    that the checkpoint states)
 *  source       what one import has in common
 *    file TEXT (base name as given), format WORD (the importer: said by the
 *    tool, never by the file), imported TIME, lineage? {OBSERVER...} (TEXT:
 *    observers that it derives from, itself not among them), observer TEXT
 *    (--source), operator? TEXT, sha256 HASH of the file, size, tool
 *    "keysnap VERSION", evidence? [HASH...] (the file itself, when it is
 *    kept)
 *  observation  an observer says that a name had this, at a time
 *    source N, name NAME, kind "present" | "nxdomain" | "nodata" |
 *    "recovered" (no DNS: an RSA key that was calculated from messages)
 *   what was seen:
 *    strings? [OCTETS...] (present only, and always then: the
 *    character-strings of ONE TXT record, exactly as seen), joined? "exact"
 *    (as on the wire; the default) | "source" (the source had joined them) |
 *    "ambiguous", public_key? BASE64 of the SubjectPublicKeyInfo and
 *    messages? [{corpus TEXT, custody? TEXT, sha256 HASH}...] (recovered
 *    only, and always then: two or more messages, ascending by sha256, each
 *    once), owner? NAME (where the TXT record lay, when a CNAME led there),
 *    cname? [NAME...], ttl? seconds, complete? true (the whole TXT RRset of
 *    the name was seen)
 *   when:
 *    first? TIME, last? TIME (equal for one sighting; both or none),
 *    precision? PRECISION (with them only), time_kind "observed" (the observer
 *    itself looked then) | "claimed" (a source says so: of an aggregate, gaps
 *    are unknown) | "zone" (zone file transfer, or date in the SOA) | "file"
 *    (of the file that held it) | "mail" (what the messages say of
 *    themselves) | "rrsig" (validity of the RRSIG over the RRset) | "none"
 *    (without times, and only then); count? COUNT of sightings claimed
 *    within, serial? of the SOA of its zone (master files)
 *   who, how, and where it stands:
 *    method WORD ("zonefile" | "dig" | "keyfile" | "archive" | "pasted" |
 *    "dns-wire" | "doh" | "axfr" | "pcap" | "pdns" | "gcd" | ...), observer?
 *    TEXT and lineage? {TEXT...} (where the line names its own, else the
 *    source's), vantage? {flags? {WORD...} (of the answer, lower case: "ad"
 *    "tc" ...), place? TEXT (where was asked from), server? TEXT (who
 *    answered, as the source has it), transport? WORD ("udp" "tcp" "tls"
 *    "https" ...)}, bailiwick? NAME (zone whose servers said it, by passive
 *    DNS), line? COUNT number of the line in the file, item? COUNT which
 *    record of the line or document, offset? octets before it (binary files),
 *    record? TEXT (its id or URI at the source), signer? HASH (SHA-256 of the
 *    SubjectPublicKeyInfo that the statement in the evidence was verified
 *    under, by the importer), evidence? [HASH...], warnings? {WORD...} (what
 *    was odd about the line: "truncated" "escapes" ...)
 *  sighting     the same seen again
 *    source N, of {N...} observations, first TIME, last TIME, precision,
 *    time_kind (as above, not "none"), and as above, of this sighting:
 *    complete? count? evidence? line? observer? ttl? vantage?
 *  annotation   a statement about entries, a key or a name
 *    kind "note" | "retract" | "compromise" | "private-key-published",
 *    made TIME, operator? TEXT, text? TEXT of ENTRY_NOTE_MAX octets at most,
 *    reason? WORD, evidence? [HASH...].  By kind:
 *    note     what it is about, at least one of: target? {N...}, key? HASH,
 *             name? NAME (with both: the key under this name alone); text
 *    retract  target {N...}: these entries no longer count, all observations
 *             of a retracted source neither; a retracted annotation (a
 *             retraction, too) has no effect.  The store entry cannot be
 *             retracted
 *    compromise, private-key-published
 *             key HASH (with name? NAME: under this name alone); since? TIME
 *             with precision: from then on others may have had the private
 *             key; without: it is not known since when
 *  anchor       proof from outside that a log state, or octets, existed
 *    kind "rfc3161" | "opentimestamps" | "note", and either size N and root
 *    HASH of this log's state (all entries below size), or digest HASH of
 *    other octets (a source file, evidence); time TIME, precision: it existed
 *    at the latest then; evidence [HASH...] (the proof itself first, then
 *    what it takes to check it), made TIME of the check, tool TEXT,
 *    authority? TEXT (who says so), until? TIME (end of its certificate)
 *  chain-result what keysnap found of a DNSSEC chain
 *    observation N, evidence [HASH...] (the chain), result "secure" |
 *    "insecure" | "bogus" | "indeterminate", from? TIME, until? TIME (both or
 *    none, always with "secure": all signatures of the chain are valid from
 *    and until then), reason? WORD, trust_anchor? TEXT (the DS record that it
 *    ends at), made TIME, tool TEXT
 *  key-health   what keysnap found of a key
 *    key HASH, check WORD ("modulus-size" "exponent" "small-factor"
 *    "close-primes" "perfect-power" "shared-factor" "debian-weak" "roca"
 *    "sample-key" "unrelated-domains" ...: keysnap.5 has all that audits
 *    write), result "good" | "bad" | "unknown",
 *    since? TIME with precision (forgeable since then, by public record),
 *    factor? lower-case hex of a proper factor of the modulus, without
 *    leading zeros ("bad" only), with? {HASH...} other keys concerned,
 *    detail? TEXT, evidence? [HASH...], made TIME, tool TEXT
 *  audit        checks of all keys, so that good keys need no entry each
 *    below N (entries smaller than this were looked at), checks {WORD...},
 *    keys (number of distinct ones), made TIME, tool TEXT, evidence? [HASH...]
 *    (lists that were used).  A key of these entries that no key-health entry
 *    speaks of was found good by these checks
 *
 * What concerns what.  An entry is found by a reader under its topics
 * (entry_topics()): a name, a key, or the number of an entry.
 *    observation             its name
 *    sighting                each entry of "of"
 *    annotation              each "target"; its name; without a name, its key
 *    anchor, audit           entry 0: they are about the whole log
 *    chain-result            its observation
 *    key-health              its key
 * All that bears on a name: the observations and annotations under it; the
 * statements about the keys in these observations; the entries about all of
 * these and about their sources, and so on.
 *
 * The evidence of a snapshot is exactly what its entries name.
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
#define ENTRY_LIST_MAX	  4096	    /* elements of any other list: a group of
				       messages may have thousands */
#define ENTRY_TEXT_MAX	  4096	    /* octets of a TEXT: names, URIs, words of
				       people; four times what importers take */
#define ENTRY_NOTE_MAX	  65536	    /* octets of an annotation's text */
#define ENTRY_KEY_MAX	  4096	    /* octets of a recovered key's base64: RSA of
				       16384 bits takes 2800 */
#define ENTRY_FACTOR_MAX  4096	    /* hex digits of a factor: 16384 bits */
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
	ENTRY_AUDIT,
	ENTRY_UNKNOWN /* kept, shown, without effect */
};

enum observation_kind {
	OBSERVATION_PRESENT,
	OBSERVATION_NXDOMAIN,
	OBSERVATION_NODATA,
	OBSERVATION_RECOVERED
};

enum observation_join { JOIN_EXACT, JOIN_SOURCE, JOIN_AMBIGUOUS };

enum observation_time_kind {
	TIME_OBSERVED, /* the observer itself looked then */
	TIME_CLAIMED,  /* the source says so */
	TIME_ZONE,     /* of a zone, or its SOA */
	TIME_FILE,     /* of the file that held it */
	TIME_MAIL,     /* what messages say of themselves */
	TIME_RRSIG,    /* validity of a signature over the RRset */
	TIME_NO_TIME
};

enum annotation_kind {
	ANNOTATION_NOTE,
	ANNOTATION_RETRACT,
	ANNOTATION_COMPROMISE,
	ANNOTATION_PRIVATE_KEY_PUBLISHED
};

enum anchor_kind { ANCHOR_RFC3161, ANCHOR_OPENTIMESTAMPS, ANCHOR_NOTE };

enum chain_status {
	CHAIN_SECURE,
	CHAIN_INSECURE,
	CHAIN_BOGUS,
	CHAIN_INDETERMINATE
};

enum health_result { HEALTH_GOOD, HEALTH_BAD, HEALTH_UNKNOWN };

/* Lists, borrowed or in the arena.  A zeroed one is absent. */
struct entry_texts {
	const struct span *items; /* decoded octets */
	size_t n;
};
struct entry_numbers {
	const uint64_t *items;
	size_t n;
};
struct entry_hashes {
	const uint8_t (*items)[32];
	size_t n;
};

/* In all structs below: an empty span is an absent member, TIMESTAMP_NONE an
 * absent time, 0 an absent COUNT; "precision" is read with a time only. */

/* The first entry. */
struct entry_store {
	struct span origin; /* decoded octets */
};

struct entry_source {
	struct span file, format, observer, tool;
	struct span operator;
	struct entry_texts lineage; /* a set */
	int64_t imported;
	uint8_t sha256[32];
	uint64_t size;
	const uint8_t (*evidence)[32];
	size_t n_evidence;
};

/* How a resolver or server was asked, and what its answer said. */
struct entry_vantage {
	struct entry_texts flags; /* a set of words */
	struct span place, server, transport;
};

/* A message that a recovered key was calculated from. */
struct entry_message {
	struct span corpus, custody;
	uint8_t sha256[32]; /* of the message's wire form */
};

struct entry_observation {
	uint64_t source;
	struct span name;
	enum observation_kind kind;
	const struct span *strings; /* decoded octets */
	size_t n_strings;
	enum observation_join joined;
	int64_t first, last;
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
	struct entry_texts lineage; /* a set; with its own observer only */
	uint64_t count, item;
	bool has_serial, has_offset; /* of the next two */
	uint32_t serial;
	uint64_t offset;
	struct entry_vantage vantage;
	struct span bailiwick, record;
	bool has_signer;
	uint8_t signer[32];
	struct entry_hashes evidence;
	struct entry_texts warnings; /* a set of words */
	struct span public_key;	     /* recovered: base64 */
	const struct entry_message *messages;
	size_t n_messages;
};

struct entry_sighting {
	uint64_t source;
	struct entry_numbers of; /* a set */
	int64_t first, last;
	enum timestamp_precision precision;
	enum observation_time_kind time_kind;
	struct span observer;
	uint64_t count, line;
	int64_t ttl; /* -1: absent */
	bool complete;
	struct entry_vantage vantage;
	struct entry_hashes evidence;
};

struct entry_annotation {
	enum annotation_kind kind;
	struct entry_numbers target; /* a set */
	bool has_key;
	uint8_t key[32]; /* SHA-256 of the SubjectPublicKeyInfo */
	struct span name;
	int64_t since;
	enum timestamp_precision precision; /* of "since" */
	struct span text, reason, operator;
	int64_t made;
	struct entry_hashes evidence;
};

struct entry_anchor {
	enum anchor_kind kind;
	bool of_state;	  /* size and root, else digest */
	uint64_t size;	  /* of the log; from 1 */
	uint8_t root[32];
	uint8_t digest[32];
	int64_t time;
	enum timestamp_precision precision; /* of "time" */
	int64_t until;
	struct span authority, tool;
	int64_t made;
	struct entry_hashes evidence; /* one or more */
};

struct entry_chain_result {
	uint64_t observation;
	enum chain_status result;
	int64_t from, until;
	struct span reason, trust_anchor, tool;
	int64_t made;
	struct entry_hashes evidence; /* one or more */
};

struct entry_key_health {
	uint8_t key[32]; /* SHA-256 of the SubjectPublicKeyInfo */
	struct span check;
	enum health_result result;
	int64_t since;
	enum timestamp_precision precision; /* of "since" */
	struct span factor;		    /* hex digits */
	struct entry_hashes with;	    /* a set */
	struct span detail, tool;
	int64_t made;
	struct entry_hashes evidence;
};

struct entry_audit {
	uint64_t below, keys;
	struct entry_texts checks; /* a set of words */
	struct span tool;
	int64_t made;
	struct entry_hashes evidence;
};

/* One entry, parsed.  Of the union, the member of its type is set, and only
 * that may be read.  Spans and arrays live in the arena. */
struct entry {
	enum entry_type type;
	struct span line; /* the leaf, borrowed */
	struct span name; /* what it is indexed under (an observation's, an
			     annotation's), or empty */
	union {
		struct entry_store store;
		struct entry_source source;
		struct entry_observation observation;
		struct entry_sighting sighting;
		struct entry_annotation annotation;
		struct entry_anchor anchor;
		struct entry_chain_result chain_result;
		struct entry_key_health key_health;
		struct entry_audit audit;
	};
};

/* An entry of a type with its times, ttl and numbers absent. */
void entry_init(struct entry *entry, enum entry_type type);

/*
 * Would the entry, as number "index", be read back as it is?  False with
 * *why_out (in "arena") when it has not what its type asks for, a member of
 * the wrong form or too long, or a set that is none.  The writers below trust
 * that it would; store_append() asks first.
 */
bool entry_check(const struct entry *entry, struct arena *arena,
    uint64_t index, const char **why_out);

/* Append the canonical line of an entry, without line feed.  An unknown one
 * is written as it was read. */
void entry_write(GString *out, const struct entry *entry);
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

/* Under what an entry is found; all borrowed from it. */
struct entry_topics {
	struct span name;	    /* empty: under none */
	const uint8_t *key;	    /* 32 octets, or NULL */
	struct entry_numbers about; /* entries */
};
void entry_topics(const struct entry *entry, struct entry_topics *topics_out);

/*
 * The entries that an entry builds on, and which types they may have (bits
 * 1 << enum entry_type).  What entry_parse() cannot know of them is checked by
 * whoever has the log.
 */
struct entry_references {
	struct entry_numbers source, others;
	unsigned other_types;
};
void entry_references(const struct entry *entry,
    struct entry_references *references_out);

/* The text of a key record: the joined strings of a present observation; of a
 * recovered one, "v=DKIM1; k=rsa; p=" and its key.  In "arena". */
struct span entry_joined(struct arena *arena,
    const struct entry_observation *observation);

/* Make a set: sort by octets and leave out what is there twice; the number
 * that is left.  Elements of an array of texts, numbers, hashes. */
size_t entry_sort_texts(struct span *items, size_t n);
size_t entry_sort_numbers(uint64_t *items, size_t n);
size_t entry_sort_hashes(uint8_t (*items)[32], size_t n);

const char *entry_type_name(enum entry_type type);
const char *observation_kind_name(enum observation_kind kind);
const char *observation_time_kind_name(enum observation_time_kind kind);
const char *annotation_kind_name(enum annotation_kind kind);
const char *anchor_kind_name(enum anchor_kind kind);
const char *chain_status_name(enum chain_status status);
const char *health_result_name(enum health_result result);

#endif
