/*
 * facts_body.c - body hashes, RFC 6376 section 3.7 step 1.
 *
 * One pass over the body feeds at most two canonicalisers, and each feeds one
 * digest per (hash algorithm, l=) that some signature asks for; signatures
 * that ask for the same share it.  SIGNATURES_MAX bounds the digests.
 */
#include "verifier/dkim/facts.h"

#include <glib.h>
#include <string.h>

/* One hash over the first "limit" canonical octets. */
struct job {
	enum digest_algorithm algorithm;
	uint64_t limit; /* UINT64_MAX: all */
	struct digest *digest;
	uint8_t hash[DIGEST_MAX_SIZE];
};

struct body_hasher {
	const struct crypto *crypto;
	struct canon_body canons[2];              /* by canonicalization */
	struct digest digests[2][SIGNATURES_MAX]; /* by algorithm; made
							when first needed */
	size_t used[2];
};

/* One canonicalisation and what hangs on it. */
struct branch {
	struct sink sink;         /* first; takes the canonical octets */
	struct canon_body *canon; /* NULL: nobody asks for it */
	uint64_t total;
	struct job *jobs;
	size_t n_jobs;
};

/* The body's octets go to both branches, and to "also". */
struct tee {
	struct sink sink;          /* first */
	struct branch branches[2]; /* by enum canonicalization */
	struct sink *also;
};

static void
push_canonical(struct sink *self, struct span span)
{
	struct branch *branch = (struct branch *)self;

	for (size_t i = 0; i < branch->n_jobs; i++) {
		struct job *job = &branch->jobs[i];
		uint64_t left =
		    job->limit > branch->total ? job->limit - branch->total : 0;

		sink_push(&job->digest->sink,
		    span_sub(span, 0, (size_t)MIN(left, span.n)));
	}
	branch->total += span.n;
}

static void
push_body(struct sink *self, struct span span)
{
	struct tee *tee = (struct tee *)self;

	for (size_t i = 0; i < G_N_ELEMENTS(tee->branches); i++)
		if (tee->branches[i].canon != NULL)
			sink_push(&tee->branches[i].canon->sink, span);
	if (tee->also != NULL)
		sink_push(tee->also, span);
}

static bool
can_hash(const struct signature *signature)
{
	return signature->algorithm != SIGNATURE_ALGORITHM_UNKNOWN &&
	    !(signature->defects & SIGNATURE_UNKNOWN_CANON);
}

static uint64_t
limit_of(const struct signature *signature)
{
	return signature->has_length ? signature->length : UINT64_MAX;
}

/* The job that "signature" asks for, or NULL when it is not there yet. */
static struct job *
find_job(struct branch *branch, const struct signature *signature)
{
	for (size_t i = 0; i < branch->n_jobs; i++)
		if (branch->jobs[i].algorithm == signature->digest &&
		    branch->jobs[i].limit == limit_of(signature))
			return &branch->jobs[i];
	return NULL;
}

static struct digest *
take_digest(struct body_hasher *hasher, enum digest_algorithm algorithm)
{
	size_t at = hasher->used[algorithm]++;
	struct digest *digest = &hasher->digests[algorithm][at];

	g_assert(at < SIGNATURES_MAX);
	if (digest->context == NULL)
		digest_init(digest, hasher->crypto, algorithm);
	else
		digest_reset(digest);
	return digest;
}

static void
add_job(struct branch *branch, struct body_hasher *hasher,
    const struct signature *signature)
{
	struct job *job = &branch->jobs[branch->n_jobs];

	if (branch->canon == NULL) {
		branch->canon = &hasher->canons[signature->body_canon];
		canon_body_start(
		    branch->canon, signature->body_canon, &branch->sink);
	}
	job->algorithm = signature->digest;
	job->limit = limit_of(signature);
	job->digest = take_digest(hasher, job->algorithm);
	branch->n_jobs++;
}

static void
start(struct tee *tee, struct arena *arena, struct body_hasher *hasher,
    const struct signature_facts *facts, size_t n)
{
	tee->sink.push = push_body;
	memset(hasher->used, 0, sizeof(hasher->used));
	for (size_t i = 0; i < G_N_ELEMENTS(tee->branches); i++) {
		tee->branches[i].sink.push = push_canonical;
		tee->branches[i].jobs =
		    arena_alloc_array(arena, n, sizeof(struct job));
	}
	for (size_t i = 0; i < n; i++) {
		const struct signature *signature = facts[i].signature;
		struct branch *branch = &tee->branches[signature->body_canon];

		if (can_hash(signature) && find_job(branch, signature) == NULL)
			add_job(branch, hasher, signature);
	}
}

static void
finish(struct branch *branch)
{
	if (branch->canon == NULL)
		return;
	canon_body_finish(branch->canon);
	for (size_t i = 0; i < branch->n_jobs; i++)
		digest_finish(branch->jobs[i].digest, branch->jobs[i].hash);
}

/* No octet but CRLFs: "simple" makes that one CRLF, "relaxed" nothing. */
static bool
is_missing(const struct signature *signature, uint64_t total)
{
	return total <= (signature->body_canon == CANON_SIMPLE ? 2 : 0);
}

static enum body_state
state_of(const struct signature *signature, const struct body_facts *body)
{
	struct span hash = { body->hash, body->hash_n };

	if (signature->body_hash.n == 0)
		return BODY_NOT_HASHED;
	if (signature->has_length && signature->length > body->total)
		return BODY_TOO_SHORT;
	if (span_equal(hash, signature->body_hash))
		return BODY_MATCH;
	return is_missing(signature, body->total) ? BODY_MISSING
						  : BODY_MISMATCH;
}

static void
fill(struct body_facts *body, const struct signature *signature,
    struct branch *branch)
{
	*body = (struct body_facts){ .state = BODY_NOT_HASHED };
	if (!can_hash(signature))
		return;
	const struct job *job = find_job(branch, signature);
	body->total = branch->total;
	body->covered = MIN(job->limit, branch->total);
	body->hash_n = digest_size(job->algorithm);
	memcpy(body->hash, job->hash, body->hash_n);
	body->state = state_of(signature, body);
}

struct body_hasher *
body_hasher_new(const struct crypto *crypto)
{
	struct body_hasher *hasher = g_new0(struct body_hasher, 1);

	hasher->crypto = crypto;
	return hasher;
}

void
body_hasher_free(struct body_hasher *hasher)
{
	if (hasher == NULL)
		return;
	for (size_t i = 0; i < SIGNATURES_MAX; i++) {
		digest_clear(&hasher->digests[DIGEST_SHA256][i]);
		digest_clear(&hasher->digests[DIGEST_SHA1][i]);
	}
	g_free(hasher);
}

void
facts_hash_body(struct signature_facts *facts, size_t n, struct arena *arena,
    struct body_hasher *hasher, const struct message *message,
    struct sink *also)
{
	struct tee tee = { .also = also };

	start(&tee, arena, hasher, facts, n);
	if (also != NULL || tee.branches[CANON_SIMPLE].canon != NULL ||
	    tee.branches[CANON_RELAXED].canon != NULL)
		message_push_body(message, &tee.sink);
	finish(&tee.branches[CANON_SIMPLE]);
	finish(&tee.branches[CANON_RELAXED]);
	for (size_t i = 0; i < n; i++)
		fill(&facts[i].body, facts[i].signature,
		    &tee.branches[facts[i].signature->body_canon]);
}
