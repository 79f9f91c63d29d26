/*
 * floor.c - what no verifier can do without, and nothing else: read the
 * octets; SHA-256 over each file; SHA-256 over each message where its wire
 * form is not the file; SHA-256 over the body, once for each way in which
 * its signatures want it; and the check of each signature.  Digests are
 * fetched once, contexts used again, keys ready before the clock starts.
 * Bodies are hashed as they stand: to canonicalise is not free, but it can
 * be done in the same pass.
 *
 *   floor mbox|maildir|eml INDEX PATH [PARTS]
 *
 * PARTS are some of "fwbc", for file, wire, body and check: what to do
 * besides reading.  Prints CPU seconds, user and system, of this work alone;
 * messages; signatures that hold; and a sum of the body hashes, which is the
 * same for all forms.
 */
#include <openssl/rsa.h>
#include <stdio.h>
#include <string.h>

#include "tests/bench/corpus.h"

#define DIGEST 32
#define KINDS  2 /* of canonicalisation of a body */

struct floor {
	const struct corpus *corpus;
	EVP_MD *sha256;
	EVP_MD_CTX *file, *wire, *body[KINDS];
	gboolean check;      /* do it */
	gboolean has[KINDS]; /* a signature that wants it */
	size_t header;       /* octets before the body still to come */
	void **checkers;     /* by key: EVP_PKEY_CTX, or EVP_MD_CTX */
	gboolean file_begun;
	guint good;
	uint64_t sum;
};

static void
start(struct floor *floor, EVP_MD_CTX *context)
{
	if (EVP_DigestInit_ex2(context, floor->sha256, NULL) != 1)
		g_error("SHA-256 cannot start");
}

static void
update(EVP_MD_CTX *context, const uint8_t *p, size_t n)
{
	if (EVP_DigestUpdate(context, p, n) != 1)
		g_error("SHA-256 failed");
}

/* The first octets of the digest. */
static uint64_t
finish(EVP_MD_CTX *context)
{
	uint8_t digest[DIGEST];
	uint64_t first;

	if (EVP_DigestFinal_ex(context, digest, NULL) != 1)
		g_error("SHA-256 failed");
	memcpy(&first, digest, sizeof(first));
	return first;
}

static void
on_file(void *data, const uint8_t *p, size_t n)
{
	struct floor *floor = data;

	if (!floor->file_begun)
		start(floor, floor->file);
	floor->file_begun = TRUE;
	update(floor->file, p, n);
}

static void
on_file_end(void *data)
{
	struct floor *floor = data;

	finish(floor->file);
	floor->file_begun = FALSE;
}

static const struct corpus_signature *
signature_of(
    const struct floor *floor, const struct corpus_message *message, guint i)
{
	return &g_array_index(floor->corpus->signatures,
	    struct corpus_signature, message->first + i);
}

static void
on_begin(void *data, const struct corpus_message *message)
{
	struct floor *floor = data;

	floor->header = message->header;
	if (floor->wire != NULL)
		start(floor, floor->wire);
	memset(floor->has, 0, sizeof(floor->has));
	for (guint i = 0; floor->body[0] && i < message->signatures; i++) {
		gboolean kind = signature_of(floor, message, i)->simple_body;
		if (!floor->has[kind])
			start(floor, floor->body[kind]);
		floor->has[kind] = TRUE;
	}
}

static void
on_octets(void *data, const uint8_t *p, size_t n)
{
	struct floor *floor = data;
	size_t skip = MIN(n, floor->header);

	if (floor->wire != NULL)
		update(floor->wire, p, n);
	floor->header -= skip;
	for (guint i = 0; i < KINDS; i++) {
		if (floor->has[i])
			update(floor->body[i], p + skip, n - skip);
	}
}

static void
check(struct floor *floor, const struct corpus_signature *signature)
{
	void *checker = floor->checkers[signature->key];
	EVP_PKEY *key =
	    g_array_index(floor->corpus->keys, EVP_PKEY *, signature->key);
	int holds = EVP_PKEY_is_a(key, "RSA")
	    ? EVP_PKEY_verify(checker, signature->octets, signature->n,
		  signature->digest, DIGEST)
	    : EVP_DigestVerify(checker, signature->octets, signature->n,
		  signature->digest, DIGEST);

	if (holds != 1)
		g_error("a signature does not hold");
	floor->good++;
}

static void
on_end(void *data, const struct corpus_message *message)
{
	struct floor *floor = data;

	if (floor->wire != NULL)
		finish(floor->wire);
	for (guint i = 0; i < KINDS; i++) {
		if (floor->has[i])
			floor->sum += finish(floor->body[i]);
	}
	for (guint i = 0; floor->check && i < message->signatures; i++)
		check(floor, signature_of(floor, message, i));
}

/* A context that checks signatures under "key", again and again. */
static void *
make_checker(EVP_PKEY *key)
{
	if (!EVP_PKEY_is_a(key, "RSA")) {
		EVP_MD_CTX *context = EVP_MD_CTX_new();
		if (EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) != 1)
			g_error("no Ed25519");
		return context;
	}
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	if (EVP_PKEY_verify_init(context) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) != 1)
		g_error("no RSA");
	return context;
}

/* What a key costs the first time is not part of the work. */
static void
warm_checker(struct floor *floor, guint key)
{
	for (guint i = 0; i < floor->corpus->signatures->len; i++) {
		const struct corpus_signature *signature = &g_array_index(
		    floor->corpus->signatures, struct corpus_signature, i);
		if (signature->key != key)
			continue;
		check(floor, signature);
		floor->good--;
		return;
	}
}

static struct floor *
floor_new(const struct corpus *corpus, const char *parts)
{
	struct floor *floor = g_new0(struct floor, 1);

	floor->corpus = corpus;
	floor->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (strchr(parts, 'f') != NULL)
		floor->file = EVP_MD_CTX_new();
	if (strchr(parts, 'w') != NULL && corpus->form != CORPUS_EML)
		floor->wire = EVP_MD_CTX_new();
	for (guint i = 0; i < KINDS && strchr(parts, 'b') != NULL; i++)
		floor->body[i] = EVP_MD_CTX_new();
	floor->check = strchr(parts, 'c') != NULL;
	floor->checkers = g_new0(void *, corpus->keys->len);
	for (guint i = 0; i < corpus->keys->len; i++) {
		floor->checkers[i] =
		    make_checker(g_array_index(corpus->keys, EVP_PKEY *, i));
		warm_checker(floor, i);
	}
	return floor;
}

static void
floor_free(struct floor *floor)
{
	for (guint i = 0; i < floor->corpus->keys->len; i++) {
		if (EVP_PKEY_is_a(
			g_array_index(floor->corpus->keys, EVP_PKEY *, i),
			"RSA"))
			EVP_PKEY_CTX_free(floor->checkers[i]);
		else
			EVP_MD_CTX_free(floor->checkers[i]);
	}
	EVP_MD_CTX_free(floor->file);
	EVP_MD_CTX_free(floor->wire);
	for (guint i = 0; i < KINDS; i++)
		EVP_MD_CTX_free(floor->body[i]);
	EVP_MD_free(floor->sha256);
	g_free(floor->checkers);
	g_free(floor);
}

int
main(int argc, char **argv)
{
	double user, system, user_end, system_end;

	if (argc != 4 && argc != 5)
		return 2;
	struct corpus *corpus = corpus_load(argv[1], argv[2]);
	struct floor *floor = floor_new(corpus, argc == 5 ? argv[4] : "fwbc");
	const struct corpus_visitor visitor = {
		.file = floor->file != NULL ? on_file : NULL,
		.file_end = floor->file != NULL ? on_file_end : NULL,
		.begin = on_begin,
		.octets =
		    floor->wire || floor->body[0] != NULL ? on_octets : NULL,
		.end = on_end,
	};
	corpus_times(&user, &system);
	corpus_read(corpus, argv[3], &visitor, floor);
	corpus_times(&user_end, &system_end);
	printf("%.6f %.6f %u %u %016" G_GINT64_MODIFIER "x\n", user_end - user,
	    system_end - system, corpus->messages->len, floor->good,
	    floor->sum);
	floor_free(floor);
	corpus_free(corpus);
	return 0;
}
