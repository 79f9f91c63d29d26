/*
 * look_alike.h - names that look like others: confusable characters and mixed
 * scripts (Unicode Technical Standard #39, sections 4 and 5).
 *
 * The texts are domain names in UTF-8 as dns_name_unicode() gives them.
 */
#ifndef VERIFIER_VERDICT_LOOK_ALIKE_H
#define VERIFIER_VERDICT_LOOK_ALIKE_H

#include "keysnap/base/arena.h"
#include "keysnap/base/span.h"

/*
 * "text" with each character that looks like an ASCII letter written as that
 * letter, in "arena".  Characters that are in no row of the table stay: so the
 * result is ASCII only when everything in "text" looks like ASCII.
 */
struct span look_alike_letters(struct arena *arena, struct span text);

/*
 * What two names have in common that are hard to tell apart: the letters as
 * above, and of these "0" as "o", "1" and "i" as "l" (a capital I looks like
 * it), "rn" as "m" and "vv" as "w".  Only to be compared, never shown.
 */
struct span look_alike_skeleton(struct arena *arena, struct span text);

/*
 * Does one label of "text" mix scripts?  Han may stand with Hiragana and
 * Katakana, with Bopomofo, or with Hangul, and each of these with Latin
 * ("highly restrictive", section 5.2); characters of no script of their own,
 * and ASCII digits and hyphens, go with all.
 */
bool look_alike_mixes_scripts(struct span text);

#endif
