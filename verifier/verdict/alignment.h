/*
 * alignment.h - does the signing domain belong to the authors?
 *
 * The organisational domain is the public suffix plus one label (libpsl, with
 * the list shipped in data/, whose hash is recorded).  Aligned: the
 * organisational domain of every author address equals the signing domain's.
 */
#ifndef VERIFIER_VERDICT_ALIGNMENT_H
#define VERIFIER_VERDICT_ALIGNMENT_H

#include "keysnap/base/digest.h"
#include "verifier/message/from.h"

#define ALIGNMENT_LIST_MAX	   (16u << 20) /* the list has 250 kB */
#define ALIGNMENT_EQUIVALENCES_MAX (1u << 20)  /* octets of the file */
#define ALIGNMENT_VERSION_MAX	   64 /* octets of a version that is read */

struct alignment;

/*
 * Load the public suffix list "path" and "equivalences" (NULL for none); NULL
 * with "error".  Free with alignment_close(), which takes NULL too.
 * Thread-safe to use.
 *
 * A line of the equivalences is "PATTERN ORGANISATION", empty, or begins with
 * "#".  PATTERN is a signing domain, or "*." and a domain that it lies below.
 * ORGANISATION is the domain of the authors that it stands for; or "*", with
 * a pattern "*.": then the first label of the signing domain names the
 * tenant, dots written as hyphens (example-com.20150623.gappssmtp.com):
 *
 *	*.20150623.gappssmtp.com *
 *	contoso.onmicrosoft.com contoso.com
 */
struct alignment *alignment_open(const char *path, const char *equivalences,
    const struct crypto *crypto, GError **error);
void alignment_close(struct alignment *alignment);

/* SHA-256 of the list file, and of the equivalences (NULL for none). */
const uint8_t *alignment_sha256(const struct alignment *alignment);
const uint8_t *alignment_equivalences_sha256(const struct alignment *alignment);

/* Which list it is, for records; lives as long as the alignment. */
struct suffix_list {
	const uint8_t *sha256;
	/* What it says of itself in its first lines, "// VERSION: 2024..." and
	 * "// COMMIT: 1a2b...": printable ASCII; NULL where it does not. */
	const char *version, *commit;
};
const struct suffix_list *alignment_list(const struct alignment *alignment);

/* Does the last label of the canonical "domain" stand in the list?  A name in
 * running text that ends otherwise (Node.js) is no domain of the Internet. */
bool alignment_is_public(const struct alignment *alignment,
    struct span domain);

/* Organisational domain of the canonical "domain", a part of it; empty when
 * it is itself a public suffix (or has none). */
struct span alignment_organisation(const struct alignment *alignment,
    struct span domain);

enum alignment_state {
	ALIGNED,
	ALIGNED_BY_EQUIVALENCE,
	UNALIGNED,
	UNALIGNED_FROM,	  /* no or unparsable From */
	UNALIGNED_SUFFIX  /* the signing domain is a public suffix */
};

/* The word of the record: "aligned", "equivalent", "unaligned", "no-author",
 * "public-suffix". */
const char *alignment_state_name(enum alignment_state state);

/* "domain" canonical; "from" of the one From field. */
enum alignment_state alignment_check(const struct alignment *alignment,
    const struct from_list *from, struct span domain);

#endif
