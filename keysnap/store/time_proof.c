/*
 * time_proof.c - one answer for the kinds of proofs: what it is over, since
 * when that exists, and who says so.
 */
#include "keysnap/store/time_proof.h"

#include "keysnap/base/digest.h"
#include "keysnap/base/text.h"
#include "keysnap/key/der.h"
#include "keysnap/store/ots_proof.h"
#include "keysnap/store/seal_timestamp.h"
#include "keysnap/store/seal_x509.h"

#include <stdarg.h>
#include <string.h>

#define URI_SHOWN 200 /* octets */

static const char *const state_names[] = { "counts", "expired", "untrusted",
	"unable", "broken" };

struct check {
	struct time_proof *proof;
	struct arena *arena;
	const struct crypto *crypto;
	const struct time_trust *trust;
	struct span octets;
};

const char *
time_proof_state_name(enum time_proof_state state)
{
	return state_names[state];
}

bool
time_proof_covers(const struct time_proof *proof, const uint8_t sha256[32])
{
	for (size_t i = 0; i < proof->n_digests; i++) {
		if (memcmp(proof->digests[i], sha256, 32) == 0)
			return true;
	}
	return false;
}

static const char *
keep(const struct check *check, const char *text)
{
	return (const char *)arena_copy(check->arena, span_from_string(text)).p;
}

static void say(const struct check *check, enum time_proof_state state,
    const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
say(const struct check *check, enum time_proof_state state, const char *format,
    ...)
{
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	check->proof->state = state;
	check->proof->text = keep(check, text);
}

static void
set_digest(const struct check *check, const uint8_t sha256[32])
{
	uint8_t(*digests)[32] = arena_alloc(check->arena, 32);

	memcpy(digests[0], sha256, 32);
	check->proof->digests = (const uint8_t(*)[32])digests;
	check->proof->n_digests = 1;
}

/* The time that is stated, and by how much it may be off. */
static void
set_time(const struct check *check, int64_t stated, int64_t slack)
{
	check->proof->stated = stated;
	check->proof->time = timestamp_clamp(stated + slack);
}

bool
time_trust_is_pem(const struct crypto *crypto, struct span pem)
{
	STACK_OF(X509) *read = seal_certificates_read(crypto, pem);

	seal_certificates_free(read);
	return read != NULL;
}

bool
time_trust_is_crls(const struct crypto *crypto, struct span pem)
{
	STACK_OF(X509_CRL) *read = seal_crls_read(crypto, pem);

	seal_crls_free(read);
	return read != NULL;
}

/* Certificates as seals keep them: in our own spelling. */
static bool
spell_certificates(const struct check *check, GString *out)
{
	STACK_OF(X509) *read =
	    seal_certificates_read(check->crypto, check->trust->certificates);
	bool ok = read != NULL && seal_certificates_append(out, read);

	seal_certificates_free(read);
	return ok;
}

static bool
spell_crls(const struct check *check, GString *out)
{
	STACK_OF(X509_CRL) *read =
	    seal_crls_read(check->crypto, check->trust->crls);
	bool ok = read != NULL && seal_crls_append(out, read);

	seal_crls_free(read);
	return ok;
}

/* The seal that the token would be, alone. */
static void
check_token(const struct check *check, const GString *pem, const GString *crl,
    struct seal *seal_out)
{
	const struct seal_trust trust = { .tsa_ca = check->trust->tsa_ca,
		.now = check->trust->now };
	struct seal_file files[3] = { { "0001.tsr", check->octets } };
	struct seal_question question = { .crypto = check->crypto,
		.any_content = true,
		.set = { files, 1 },
		.trust = &trust };

	if (pem->len > 0)
		files[question.set.n++] = (struct seal_file){ "0001.pem",
			{ (const uint8_t *)pem->str, pem->len } };
	if (crl->len > 0)
		files[question.set.n++] = (struct seal_file){ "0001.crl",
			{ (const uint8_t *)crl->str, crl->len } };
	seal_check(&question, check->arena, &files[0], seal_out);
}

static void
say_token(const struct check *check, const struct seal *seal,
    const struct seal_timestamp_content *content)
{
	struct time_proof *proof = check->proof;
	char at[TIMESTAMP_SIZE], until[TIMESTAMP_SIZE];

	proof->authority = seal->authority;
	proof->until = seal->expires;
	set_digest(check, content->sha256);
	set_time(check, seal->time, content->accuracy);
	timestamp_format(seal->time, at);
	timestamp_format(seal->expires, until);
	if (seal->state == SEAL_UNTRUSTED)
		say(check, TIME_PROOF_UNTRUSTED,
		    "a time stamp of %s under a certificate that says %s; "
		    "whether that is so needs its --tsa-ca",
		    at, seal->authority);
	else if (check->trust->now > seal->expires)
		say(check, TIME_PROOF_EXPIRED,
		    "a time stamp of %s by %s; its certificate was good until "
		    "%s only: it counts no more, unless another time stamp "
		    "covered it before",
		    at, seal->authority, until);
	else
		say(check, TIME_PROOF_COUNTS,
		    "a time stamp of %s by %s, whose certificate is good until "
		    "%s",
		    at, seal->authority, until);
}

static void
check_timestamp(const struct check *check)
{
	g_autoptr(GString) pem = g_string_new(NULL);
	g_autoptr(GString) crl = g_string_new(NULL);
	struct seal_timestamp_content content;
	struct seal seal;

	check->proof->kind = ANCHOR_RFC3161;
	if ((check->trust->certificates.n > 0 &&
		!spell_certificates(check, pem)) ||
	    (check->trust->crls.n > 0 && !spell_crls(check, crl))) {
		say(check, TIME_PROOF_BROKEN,
		    "what was given with it is no certificates, or lists of "
		    "revoked ones, in PEM");
		return;
	}
	check_token(check, pem, crl, &seal);
	if (seal.state != SEAL_HOLDS && seal.state != SEAL_UNTRUSTED)
		say(check, TIME_PROOF_BROKEN, "%s", seal.text);
	else if (!seal_timestamp_read(check->crypto, check->octets, &content) ||
	    !content.is_sha256)
		say(check, TIME_PROOF_UNABLE,
		    "it is over another digest than SHA-256");
	else
		say_token(check, &seal, &content);
}

/* The block of an attestation, in the files of headers that were given. */
static bool
find_block(const struct check *check, const struct ots_attestation *attestation,
    struct bitcoin_block *block_out)
{
	if (attestation->kind != OTS_BITCOIN || attestation->why != NULL ||
	    attestation->message.n != 32)
		return false;
	for (size_t i = 0; i < check->trust->n_headers; i++) {
		if (!bitcoin_headers_find(&check->trust->headers[i],
			check->crypto, attestation->message.p,
			attestation->height, block_out))
			continue;
		check->proof->headers = &check->trust->headers[i];
		check->proof->header = check->proof->headers->octets.p +
		    block_out->before * BITCOIN_HEADER_SIZE;
		return true;
	}
	return false;
}

/* The height is the proof's word, and the header that of whoever gave it, unless
 * it has its place behind the first block. */
static const char *
name_block(const struct check *check, const struct ots_attestation *attestation,
    const struct bitcoin_block *block)
{
	char hash[DIGEST_HEX_SIZE];
	g_autofree char *name = NULL;

	digest_to_hex((struct span){ block->hash, 32 }, hash);
	name = block->height_checked
	    ? g_strdup_printf("Bitcoin block %" PRIu64
			      " %s, in headers from the first block on",
		  attestation->height, hash)
	    : g_strdup_printf("Bitcoin block %s, its header taken on trust, "
			      "its height said to be %" PRIu64,
		  hash, attestation->height);
	return keep(check, name);
}

static void
say_block(const struct check *check, const struct ots_attestation *attestation,
    const struct bitcoin_block *block)
{
	struct time_proof *proof = check->proof;
	char at[TIMESTAMP_SIZE];

	set_time(check, block->time, BITCOIN_TIME_SLACK);
	proof->authority = name_block(check, attestation, block);
	timestamp_format(block->time, at);
	say(check, TIME_PROOF_COUNTS,
	    "it leads%s to a block of %s (blocks' times may be off by two "
	    "hours), for which about 2^%u hashes were tried: %s",
	    attestation->sha1 ? " by way of SHA-1 or RIPEMD-160" : "", at,
	    block->work, proof->authority);
}

/* What a proof without a block that was given comes to. */
static void
say_no_block(const struct check *check, const struct ots_proof *ots)
{
	const struct ots_attestation *block = NULL, *pending = NULL;

	for (size_t i = ots->n; i-- > 0;) {
		if (ots->attestations[i].kind == OTS_BITCOIN)
			block = &ots->attestations[i];
		else if (ots->attestations[i].kind == OTS_PENDING)
			pending = &ots->attestations[i];
	}
	if (block != NULL && block->why != NULL)
		say(check, TIME_PROOF_UNABLE, "%s", block->why);
	else if (block != NULL)
		say(check, TIME_PROOF_UNTRUSTED,
		    "it leads to the block %" PRIu64
		    " of Bitcoin; no header that was given has its Merkle root",
		    block->height);
	else if (pending != NULL) {
		g_autoptr(GString) uri = g_string_new(NULL);

		text_append_terminal(uri, span_sub(pending->uri, 0, URI_SHOWN));
		say(check, TIME_PROOF_UNTRUSTED,
		    "it has no more than the promise of the calendar %s: it "
		    "must be completed (ots upgrade)",
		    uri->str);
	} else {
		say(check, TIME_PROOF_UNABLE,
		    "it leads to no block of Bitcoin");
	}
}

static void
check_ots(const struct check *check)
{
	struct ots_proof ots;
	const char *why;
	size_t offset;
	bool found = false;

	check->proof->kind = ANCHOR_OPENTIMESTAMPS;
	if (!ots_proof_parse(&ots, check->arena, check->crypto, check->octets,
		&why, &offset)) {
		say(check, TIME_PROOF_BROKEN, "%s (offset %zu)", why, offset);
		return;
	}
	if (ots.hash != OTS_SHA256) {
		say(check, TIME_PROOF_UNABLE,
		    "it is over a digest of %s; only SHA-256 is taken",
		    ots_hash_name(ots.hash));
		return;
	}
	set_digest(check, ots.digest.p);
	/* Of several blocks the earliest. */
	for (size_t i = 0; i < ots.n; i++) {
		struct bitcoin_block block;
		const struct bitcoin_headers *headers = check->proof->headers;
		const uint8_t *header = check->proof->header;

		if (!find_block(check, &ots.attestations[i], &block))
			continue;
		if (!found || block.time < check->proof->stated) {
			say_block(check, &ots.attestations[i], &block);
			found = true;
			continue;
		}
		check->proof->headers = headers;
		check->proof->header = header;
	}
	if (!found)
		say_no_block(check, &ots);
}

/* The line at the front of "rest", without its line feed. */
static bool
take_line(struct span *rest, struct span *line_out)
{
	size_t n = span_find(*rest, '\n');

	if (n == rest->n)
		return false;
	*line_out = span_sub(*rest, 0, n);
	*rest = span_from(*rest, n + 1);
	return true;
}

/* "HEX  NAME" */
static bool
read_line(struct span line, uint8_t sha256_out[32])
{
	return line.n > 66 &&
	    digest_from_hex(span_sub(line, 0, 64), sha256_out) &&
	    line.p[64] == ' ' && (line.p[65] == ' ' || line.p[65] == '*');
}

static bool
is_note(struct span octets)
{
	return span_starts_with(octets, SPAN("keysnap-time "));
}

/* The text of a note; false when it is not as time_proof.h has it. */
static bool
read_statement(const struct check *check, struct span text)
{
	struct time_proof *proof = check->proof;
	struct span rest = text, line;
	uint8_t(*digests)[32] =
	    arena_alloc_array(check->arena, text.n / 67 + 1, 32);
	int64_t at;

	if (!take_line(&rest, &line) ||
	    !span_equal(line, SPAN("keysnap-time 1")) ||
	    !take_line(&rest, &line) || !timestamp_parse(line, &at))
		return false;
	while (take_line(&rest, &line)) {
		if (!read_line(line, digests[proof->n_digests]))
			return false;
		proof->n_digests++;
	}
	proof->digests = (const uint8_t(*)[32])digests;
	set_time(check, at, 0);
	return proof->n_digests > 0 && rest.n == 0;
}

/* The key given that signed the note; NULL, and said, when none did, or a
 * signature of one does not hold. */
static const struct note_key *
find_signer(const struct check *check, const struct note *note)
{
	const struct time_trust *trust = check->trust;
	const struct note_key *signer = NULL;

	for (size_t i = 0; i < trust->n_keys; i++) {
		for (size_t j = 0; j < note->n_signatures; j++) {
			enum note_check result =
			    note_check(note, j, check->crypto, &trust->keys[i]);

			if (result == NOTE_CHECK_BAD) {
				say(check, TIME_PROOF_BROKEN,
				    "the signature of %s does not hold",
				    trust->keys[i].name);
				return NULL;
			}
			if (result == NOTE_CHECK_GOOD && signer == NULL)
				signer = &trust->keys[i];
		}
	}
	if (signer == NULL)
		say(check, TIME_PROOF_UNTRUSTED,
		    "a note that no --anchor-key given has signed");
	return signer;
}

static void
check_note(const struct check *check)
{
	const struct note_key *signer;
	g_autoptr(GString) name = g_string_new(NULL);
	char at[TIMESTAMP_SIZE];
	struct note note;
	const char *why;

	check->proof->kind = ANCHOR_NOTE;
	if (check->octets.n > NOTE_MAX) {
		say(check, TIME_PROOF_BROKEN, "it is larger than a note");
		return;
	}
	if (!note_parse(&note, check->arena, check->octets, &why)) {
		say(check, TIME_PROOF_BROKEN, "no note: %s", why);
		return;
	}
	if (!read_statement(check, note.text)) {
		check->proof->n_digests = 0;
		say(check, TIME_PROOF_BROKEN,
		    "its text is no statement on the time of files");
		return;
	}
	signer = find_signer(check, &note);
	if (signer == NULL)
		return;
	text_append_terminal(name, span_from_string(signer->name));
	check->proof->authority = keep(check, name->str);
	timestamp_format(check->proof->stated, at);
	say(check, TIME_PROOF_COUNTS, "%s says with its signature: seen at %s",
	    name->str, at);
}

bool
time_proof_check(struct time_proof *proof, struct arena *arena,
    const struct crypto *crypto, const struct time_trust *trust,
    struct span octets)
{
	const struct check check = { proof, arena, crypto, trust, octets };

	memset(proof, 0, sizeof(*proof));
	proof->stated = TIMESTAMP_NONE;
	proof->time = TIMESTAMP_NONE;
	proof->until = TIMESTAMP_NONE;
	if (ots_proof_is(octets))
		check_ots(&check);
	else if (is_note(octets))
		check_note(&check);
	else if (octets.n > 0 && octets.p[0] == DER_SEQUENCE)
		check_timestamp(&check);
	else {
		say(&check, TIME_PROOF_BROKEN,
		    "it is no time stamp (RFC 3161), no OpenTimestamps proof "
		    "and no note on the time of files");
		return false;
	}
	return true;
}
