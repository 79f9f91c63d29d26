/*
 * openssl_kit.h - the checks of a message as files and a script: openssl(1)
 * and a POSIX shell redo them without this program.
 *
 *	check.sh		run it: sh check.sh [NUMBER]
 *	explain.txt		the steps in words
 *	message-stored.eml	the message as it is stored
 *	message-judged.eml	with its repairs, where it was repaired
 *	edits.txt		these: offset, octets taken away, hex put in
 *	sN-signed.bin		what signature N is over
 *	sN-hash.bin		the hash of that (Ed25519 signs the hash)
 *	sN-body.bin		the canonical body that bh= is the hash of
 *	sN-signature.bin	b= decoded
 *	sN-keyK.pem		the public key of record K
 *	sN-recordK.txt		the key record
 *
 * File names are ours.  Of the mail nothing goes into the script but hashes,
 * in hexadecimal digits: those that this program computed, and bh=.
 */
#ifndef VERIFIER_CASE_OPENSSL_KIT_H
#define VERIFIER_CASE_OPENSSL_KIT_H

#include "verifier/archive/archive.h"
#include "verifier/case/steps.h"

#define OPENSSL_KIT_SCRIPT "check.sh"

/*
 * Write the files for "attempt", the one at "item", into the empty folder
 * "path"; the script last.  "explained" is the text of explain.txt; "tool" our
 * name and version; "arena" is scratch.  False with "error" (G_FILE_ERROR)
 * when that fails; what was written stays, without the script.
 */
bool openssl_kit_write(const char *path, const struct attempt *attempt,
    const struct item *item, const char *tool, struct span explained,
    struct arena *arena, GError **error);

/* Append the script alone; for openssl_kit.c. */
void openssl_kit_script(
    GString *out, const struct attempt *attempt, const char *tool);

#endif
