/*
 * trust_anchor.h - the keys that DNSSEC chains must end at.
 *
 * The built-in ones are the key-signing keys of the root as IANA has published
 * them in root-anchors.xml (RFC 9718), with the times from and until which
 * they are said to be valid there: KSK-2010, KSK-2017 and KSK-2024.
 */
#ifndef KEYSNAP_DNSSEC_TRUST_ANCHOR_H
#define KEYSNAP_DNSSEC_TRUST_ANCHOR_H

#include "keysnap/dnssec/zone_name.h"

#define TRUST_ANCHORS_MAX     64	/* of one file; the root has had three */
#define TRUST_ANCHOR_FILE_MAX (1 << 20) /* octets; IANA's file has under 4096 */
#define TRUST_ANCHOR_LINE_MAX 1024	/* octets of a line */

struct trust_anchor {
	ldns_rr *ds;	      /* SHA-256 or SHA-384 */
	int64_t from, until; /* TIMESTAMP_NONE: open */
};

struct trust_anchors {
	GPtrArray *items; /* struct trust_anchor, in the order of the file */
};

struct trust_anchors *trust_anchors_builtin(void);

/*
 * Anchors from a file: lines with DS records (RFC 1035 section 5.1; comments
 * begin with ";" or "#"), or the XML of RFC 9718.  NULL with the reason, and
 * the line that it is about (0: the file as a whole), when it is neither, has
 * none, or a digest is SHA-1 or has the wrong length.
 */
struct trust_anchors *trust_anchors_read(struct span text, char **why_out,
    unsigned *line_out);
void trust_anchors_free(struct trust_anchors *anchors);

typedef struct trust_anchors trust_anchors_auto;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(trust_anchors_auto, trust_anchors_free)

/* The record in one spelling: ". IN DS 20326 8 2 e06d...", to be freed with
 * g_free(). */
char *trust_anchor_text(const struct trust_anchor *anchor);

/* Does this DNSKEY record have the digest of the DS record: same owner, tag,
 * algorithm and digest, of SHA-256 or SHA-384? */
bool trust_anchor_fits(const ldns_rr *ds, const ldns_rr *key);

#endif
