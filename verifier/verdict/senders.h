/*
 * senders.h - who a message names as its senders, and what is odd about them.
 *
 * Facts that change no verdict: the organisational domains of the authors, of
 * Sender and of Reply-To; names that show another address; domains that look
 * like others of the same message.  A finding says what stands there, never
 * why: mailing lists, services and families with two domains give findings as
 * well as forgers do.
 *
 * A pure function of the header, the signing domains and the public suffix
 * list.  Work is linear in the header but for pairs of domains, of which there
 * are at most SENDERS_DOMAINS_MAX.
 */
#ifndef VERIFIER_VERDICT_SENDERS_H
#define VERIFIER_VERDICT_SENDERS_H

#include "verifier/message/header_index.h"
#include "verifier/verdict/alignment.h"

#define SENDERS_DOMAINS_MAX  32 /* distinct ones; real mail has under 5 */
#define SENDERS_FINDINGS_MAX 32
#define SENDERS_LISTED_MAX   16  /* addresses of a field that a record has */
#define SENDERS_TEXT_MAX     256 /* octets of a name in a finding */
#define SENDERS_ADDRESS_MAX  320 /* RFC 5321 4.5.3.1: 64, "@" and 255 */

enum sender_field {
	SENDER_FROM,
	SENDER_SENDER,
	SENDER_REPLY_TO,
	SENDER_NO_FIELD /* of the message as a whole */
};

/* In the order in which people are told. */
enum sender_code {
	SENDER_NAME_ADDRESS,     /* the name has an address elsewhere */
	SENDER_NAME_ADDRESS_VIA, /* the same, and the word "via" */
	SENDER_NAME_DOMAIN,      /* the name reads as a domain elsewhere */
	SENDER_NAME_HIDES,       /* the name has characters not shown */
	SENDER_LOCAL_ADDRESS,    /* the local part has an address elsewhere */
	SENDER_FIELDS,           /* the field is there more than once */
	SENDER_UNPARSABLE,
	SENDER_UNCLEAR_DOMAINS, /* and names several organisations */
	SENDER_SEVERAL,         /* several addresses in From or Sender */
	SENDER_GROUP,
	SENDER_ROUTE,
	SENDER_ELSEWHERE,   /* Sender, Reply-To: not the authors' */
	SENDER_LOOK_ALIKE,  /* two domains look alike */
	SENDER_LOOKS_ASCII, /* other letters that look like ASCII */
	SENDER_MIXED_SCRIPTS,
	SENDER_BAD_A_LABEL,
	SENDER_CODES
};

struct sender_finding {
	enum sender_code code;
	enum sender_field field;
	struct span text;   /* what is shown, UTF-8; p NULL for none */
	struct span domain; /* that it is about, canonical; empty for none */
	struct span other;  /* domain that it is not, or looks like */
};

struct sender_address {
	struct span address;      /* as written */
	struct span domain;       /* canonical */
	struct span organisation; /* empty: a public suffix */
};

/* A field with addresses. */
struct sender_list {
	size_t fields; /* of the name; the last From is read, the first other */
	enum from_status status; /* with "fields" 0: FROM_EMPTY */
	struct sender_address *addresses;
	size_t n;
};

/* A domain with A-labels, for people. */
struct sender_idn {
	struct span domain;     /* canonical */
	struct span shown;      /* with U-labels, UTF-8; escape it */
	struct span looks_like; /* in ASCII; p NULL: not all of it does */
};

struct senders {
	struct sender_list lists[SENDER_NO_FIELD];
	struct sender_idn *idn;
	size_t n_idn;
	struct sender_finding *findings;
	size_t n_findings;
	bool cut; /* there were more domains, findings or text than are kept */
};

/*
 * Look at "header"; "authors" is its last From field, parsed, when there is
 * one.  "signers" are canonical signing domains.  Everything lives in "arena"
 * or is borrowed from what is given.
 */
struct senders *senders_find(struct arena *arena,
    const struct alignment *alignment, const struct header_index *header,
    const struct from_list *authors, const struct span *signers,
    size_t n_signers);

/* The words of the record ("name-address"; "from"), and the sentence for
 * people, which ends without a full stop. */
const char *sender_code_name(enum sender_code code);
const char *sender_code_text(enum sender_code code);
bool sender_code_from_name(struct span name, enum sender_code *code_out);
const char *sender_field_name(enum sender_field field);

/* "parsed", "empty", "unparsable", "too-many"; "missing" without the field. */
const char *sender_list_state(const struct sender_list *list);

#endif
