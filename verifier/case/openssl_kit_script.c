/*
 * openssl_kit_script.c - the script of openssl_kit.h.
 *
 * It uses what POSIX has in the shell itself and openssl(1) of version 3, and
 * writes no file.  Words that are put into it are numbers, hexadecimal digits
 * and names of ours; nothing of the mail.
 */
#include "verifier/case/openssl_kit.h"

/* Before the signatures.  check_body and check_* set "body" and "signature". */
static const char script_head[] =
    "set -u\n"
    "unset CDPATH\n"
    "case $0 in\n"
    "*/*) cd -- \"${0%/*}/\" || exit 2 ;;\n"
    "esac\n"
    "OPENSSL_CONF=/dev/null\n"
    "export OPENSSL_CONF\n"
    "openssl=${OPENSSL:-openssl}\n"
    "body=none signature=none\n"
    "\n"
    "unable()\n"
    "{\n"
    "\tprintf '%s\\n' \"check.sh: $1\" >&2\n"
    "\texit 2\n"
    "}\n"
    "\n"
    "# hash_of ALGORITHM FILE\n"
    "hash_of()\n"
    "{\n"
    "\thash=$(\"$openssl\" dgst -r \"-$1\" \"$2\") ||\n"
    "\t    unable \"openssl cannot hash $2\"\n"
    "\thash=${hash%% *}\n"
    "}\n"
    "\n"
    "# check_body ALGORITHM FILE: is bh= the hash of the body?\n"
    "check_body()\n"
    "{\n"
    "\thash_of \"$1\" \"$2\"\n"
    "\tif [ \"$hash\" = \"$3\" ]; then body=holds; else body=fails; fi\n"
    "}\n"
    "\n"
    "# check_rsa NUMBER ALGORITHM KEY...\n"
    "check_rsa()\n"
    "{\n"
    "\tnumber=$1 algorithm=$2 signature=fails\n"
    "\tshift 2\n"
    "\tfor key do\n"
    "\t\t\"$openssl\" pkey -pubin -in \"s$number-key$key.pem\" -noout ||\n"
    "\t\t    unable \"openssl cannot read s$number-key$key.pem\"\n"
    "\t\tif \"$openssl\" dgst \"-$algorithm\" -verify "
    "\"s$number-key$key.pem\" \\\n"
    "\t\t    -signature \"s$number-signature.bin\" "
    "\"s$number-signed.bin\" \\\n"
    "\t\t    >/dev/null 2>&1; then\n"
    "\t\t\tsignature=holds\n"
    "\t\t\tprintf 'signature %s: holds with key %s\\n' \"$number\" "
    "\"$key\"\n"
    "\t\tfi\n"
    "\tdone\n"
    "}\n"
    "\n"
    "# check_ed25519 NUMBER KEY...: signed is the SHA-256 hash (RFC 8463)\n"
    "check_ed25519()\n"
    "{\n"
    "\tnumber=$1 signature=fails\n"
    "\tshift\n"
    "\thash=$(\"$openssl\" dgst -sha256 -binary \"s$number-signed.bin\" |\n"
    "\t    \"$openssl\" base64)\n"
    "\t[ \"$hash\" = \"$(\"$openssl\" base64 -in \"s$number-hash.bin\")\" ] "
    "||\n"
    "\t    unable \"s$number-hash.bin is not the hash of "
    "s$number-signed.bin\"\n"
    "\tfor key do\n"
    "\t\t\"$openssl\" pkey -pubin -in \"s$number-key$key.pem\" -noout ||\n"
    "\t\t    unable \"openssl cannot read s$number-key$key.pem\"\n"
    "\t\tif \"$openssl\" pkeyutl -verify -rawin -pubin \\\n"
    "\t\t    -inkey \"s$number-key$key.pem\" \\\n"
    "\t\t    -sigfile \"s$number-signature.bin\" -in "
    "\"s$number-hash.bin\" \\\n"
    "\t\t    >/dev/null 2>&1; then\n"
    "\t\t\tsignature=holds\n"
    "\t\t\tprintf 'signature %s: holds with key %s\\n' \"$number\" "
    "\"$key\"\n"
    "\t\tfi\n"
    "\tdone\n"
    "}\n"
    "\n"
    "# settle NUMBER RULE EXPECTED: RULE is empty, or the rule that forbids\n"
    "settle()\n"
    "{\n"
    "\tif [ \"$signature\" = none ]; then\n"
    "\t\tresult=3\n"
    "\t\tprintf 'signature %s: nothing to check (%s)\\n' \"$1\" \"$2\"\n"
    "\telif [ \"$signature\" = fails ] || [ \"$body\" = fails ]; then\n"
    "\t\tresult=1\n"
    "\t\tprintf 'signature %s: FAILS: body hash %s, signature %s\\n' \\\n"
    "\t\t    \"$1\" \"$body\" \"$signature\"\n"
    "\telif [ -n \"$2\" ]; then\n"
    "\t\tresult=4\n"
    "\t\tprintf 'signature %s: the calculation holds, but a rule says no: "
    "%s\\n' \\\n"
    "\t\t    \"$1\" \"$2\"\n"
    "\telse\n"
    "\t\tresult=0\n"
    "\t\tprintf 'signature %s: HOLDS: body hash %s, signature %s\\n' \\\n"
    "\t\t    \"$1\" \"$body\" \"$signature\"\n"
    "\tfi\n"
    "\t[ \"$result\" = \"$3\" ] ||\n"
    "\t    printf 'signature %s: verifier found otherwise (%s)\\n' \"$1\" "
    "\"$3\"\n"
    "}\n";

/* The numbers of the keys that can check, each after a space. */
static void
put_keys(GString *out, const struct steps *steps)
{
	for (size_t i = 0; i < steps->facts->n_candidates; i++) {
		if (steps_is_checked(steps, i))
			g_string_append_printf(out, " %zu", i + 1);
	}
}

static const char *
algorithm_of(const struct signature *signature)
{
	return signature->digest == DIGEST_SHA1 ? "sha1" : "sha256";
}

static void
put_body_check(GString *out, const struct steps *steps)
{
	struct span wanted = steps->signature->body_hash;

	if (!steps_compare_body(steps))
		return;
	g_string_append_printf(out, "\tcheck_body %s s%zu-body.bin '",
	    algorithm_of(steps->signature), steps->number);
	for (size_t i = 0; i < wanted.n; i++)
		g_string_append_printf(out, "%02x", wanted.p[i]);
	g_string_append(out, "'\n");
}

static void
put_signature_check(GString *out, const struct steps *steps)
{
	if (steps->signature->algorithm == SIGNATURE_ED25519_SHA256)
		g_string_append_printf(
		    out, "\tcheck_ed25519 %zu", steps->number);
	else
		g_string_append_printf(out, "\tcheck_rsa %zu %s", steps->number,
		    algorithm_of(steps->signature));
	put_keys(out, steps);
	g_string_append_c(out, '\n');
}

/* What holds is not always all that was stored. */
static void
put_notes(GString *out, const struct steps *steps)
{
	const struct body_facts *body = &steps->facts->body;

	if (steps->attempt->repairs != NULL && steps->attempt->repairs->n > 0)
		g_string_append_printf(out,
		    "\tprintf '%%s\\n' 'signature %zu: of "
		    "message-judged.eml; message-stored.eml is another, as "
		    "edits.txt says'\n",
		    steps->number);
	if (steps_compare_body(steps) && body->covered < body->total)
		g_string_append_printf(out,
		    "\tprintf '%%s\\n' 'signature %zu: of the canonical body "
		    "the first %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
		    " octets are signed (l=)'\n",
		    steps->number, body->covered, body->total);
}

static void
put_signature(GString *out, const struct steps *steps)
{
	enum steps_outcome outcome = steps_outcome(steps);
	const struct reason_row *reason =
	    reason_row(steps->verdict->reasons.list[0]);
	bool passes = steps->verdict->result == RESULT_PASS;

	g_string_append_printf(out,
	    "\n# kind %s; verifier: result %s, reason %s\nsignature_%zu()\n{\n"
	    "\tbody=none signature=none\n",
	    signature_kind_name(steps->signature->kind),
	    result_name(steps->verdict->result), reason->code, steps->number);
	if (outcome != STEPS_NOTHING) {
		put_body_check(out, steps);
		put_signature_check(out, steps);
	}
	g_string_append_printf(out, "\tsettle %zu '%s' %d\n", steps->number,
	    passes ? "" : reason->code, (int)outcome);
	put_notes(out, steps);
	g_string_append(out, "}\n");
}

/* All of them, or the one that was asked for.  The exit code is that of the
 * signature that decides, or of the first. */
static void
put_tail(GString *out, const struct attempt *attempt)
{
	size_t n = attempt->verdict.n_signatures;
	ssize_t best = attempt->verdict.best;

	g_string_append_printf(out,
	    "\nif [ $# -gt 0 ]; then\n"
	    "\tcase $1 in\n"
	    "\t*[!0-9]*|''|0*|????*) unable 'usage: sh check.sh [NUMBER]' ;;\n"
	    "\tesac\n"
	    "\t[ \"$1\" -le %zu ] || unable \"there are %zu signatures\"\n"
	    "\t\"signature_$1\"\n"
	    "\texit \"$result\"\n"
	    "fi\n"
	    "decides=3\n",
	    n, n);
	for (size_t i = 0; i < n; i++) {
		bool decides = best < 0 ? i == 0 : (size_t)best == i;

		g_string_append_printf(out, "signature_%zu\n%s", i + 1,
		    decides ? "decides=$result\n" : "");
	}
	g_string_append(out, "exit \"$decides\"\n");
}

void
openssl_kit_script(
    GString *out, const struct attempt *attempt, const char *tool)
{
	g_string_append_printf(out,
	    "#!/bin/sh\n"
	    "# Written by %s.  Redoes its checks of one message with openssl "
	    "alone:\n"
	    "#	sh check.sh [NUMBER]\n"
	    "# Exit code, of the signature that decides or of the one named: "
	    "0 it holds,\n"
	    "# 1 it does not, 2 it could not be checked, 3 there is nothing to "
	    "check (no\n"
	    "# key, or the field cannot be processed), 4 the calculation "
	    "holds, but a rule\n"
	    "# that is no calculation forbids it.  OPENSSL names the program.\n",
	    tool);
	g_string_append(out, script_head);
	for (size_t i = 0; i < attempt->verdict.n_signatures; i++) {
		struct steps steps;

		steps_get(&steps, attempt, i);
		put_signature(out, &steps);
	}
	put_tail(out, attempt);
}
