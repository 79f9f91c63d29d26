/*
 * facts_body.c - body hashes, RFC 6376 section 3.7 step 1.
 *
 * One pass over the body feeds at most one canonicaliser of a kind, and each feeds one
 * digest per (hash algorithm, l=) that some signature asks for; signatures
 * that ask for the same share it.  A signature over header and body at once
 * (facts_whole.h) has one of its own.  SIGNATURES_ALL_MAX bounds the digests.
 */
#include "verifier/dkim/facts.h"

#include "verifier/dkim/facts_whole.h"

#include <glib.h>
#include <string.h>

/* One hash over the first "limit" canonical octets. */
struct job {
	enum digest_algorithm algorithm;
	uint64_t limit; /* UINT64_MAX: all */
	struct digest *digest;
	uint8_t hash[DIGEST_MAX_SIZE];
	struct signature_facts *whole; /* whose alone it is, or NULL */
};

struct body_hasher {
	const struct crypto *crypto;
	struct canon_body canons[CANONS]; /* by canonicalization */
	/* By algorithm; made when first needed. */
	struct digest digests[2][SIGNATURES_ALL_MAX];
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

/* The body's octets go to all branches, and to "also". */
struct tee {
	struct sink sink; /* first */
	struct arena *arena;
	struct body_hasher *hasher;
	size_t n;                       /* signatures */
	struct branch branches[CANONS]; /* by enum canonicalization */
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
	    signature->canon_known && signature->kind != SIGNATURE_ARC_SEAL;
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
		if (branch->jobs[i].whole == NULL &&
		    branch->jobs[i].algorithm == signature->digest &&
		    branch->jobs[i].limit == limit_of(signature))
			return &branch->jobs[i];
	return NULL;
}

static struct digest *
take_digest(struct body_hasher *hasher, enum digest_algorithm algorithm)
{
	size_t at = hasher->used[algorithm]++;
	struct digest *digest = &hasher->digests[algorithm][at];

	g_assert(at < SIGNATURES_ALL_MAX);
	if (digest->context == NULL)
		digest_init(digest, hasher->crypto, algorithm);
	else
		digest_reset(digest);
	return digest;
}

static struct job *
add_job(struct tee *tee, const struct signature *signature)
{
	struct branch *branch = &tee->branches[signature->body_canon];
	struct job *job;

	if (branch->canon == NULL) {
		branch->sink.push = push_canonical;
		branch->jobs =
		    arena_alloc_array(tee->arena, tee->n, sizeof(*job));
		branch->canon = &tee->hasher->canons[signature->body_canon];
		canon_body_start(
		    branch->canon, signature->body_canon, &branch->sink);
	}
	job = &branch->jobs[branch->n_jobs++];
	job->algorithm = signature->digest;
	job->limit = limit_of(signature);
	job->digest = take_digest(tee->hasher, job->algorithm);
	return job;
}

static void
add_facts(struct tee *tee, struct signature_facts *facts,
    const struct message *message)
{
	const struct signature *signature = facts->signature;
	struct branch *branch = &tee->branches[signature->body_canon];

	if (!can_hash(signature))
		return;
	if (signature_is_whole(signature)) {
		struct job *job = add_job(tee, signature);
		job->whole = facts;
		facts_whole_start(facts, tee->arena, message, job->digest);
	} else if (find_job(branch, signature) == NULL) {
		add_job(tee, signature);
	}
}

static void
finish(struct branch *branch)
{
	if (branch->canon == NULL)
		return;
	canon_body_finish(branch->canon);
	for (size_t i = 0; i < branch->n_jobs; i++) {
		struct job *job = &branch->jobs[i];

		if (job->whole != NULL)
			facts_whole_finish(job->whole, job->digest);
		else
			digest_finish(job->digest, job->hash);
	}
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

/* The canonical body begins with the empty line before it. */
static bool
has_separator(const struct signature *signature)
{
	return signature->kind == SIGNATURE_DOMAINKEYS;
}

static void
fill(struct body_facts *body, const struct signature *signature,
    struct branch *branch)
{
	*body = (struct body_facts){ .state = BODY_NOT_HASHED };
	if (signature->kind == SIGNATURE_ARC_SEAL)
		body->state = BODY_NOT_SIGNED;
	if (!can_hash(signature))
		return;
	body->total = branch->total;
	if (has_separator(signature) && body->total > 0)
		body->total -= 2;
	body->covered = MIN(limit_of(signature), body->total);
	if (signature_is_whole(signature)) {
		body->state = BODY_IN_SIGNATURE;
		return;
	}
	const struct job *job = find_job(branch, signature);
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
	for (size_t i = 0; i < SIGNATURES_ALL_MAX; i++) {
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
	struct tee tee = { .sink = { push_body },
		.arena = arena,
		.hasher = hasher,
		.n = n,
		.also = also };
	bool wanted = also != NULL;

	memset(hasher->used, 0, sizeof(hasher->used));
	for (size_t i = 0; i < n; i++)
		add_facts(&tee, &facts[i], message);
	for (size_t i = 0; i < CANONS; i++)
		wanted = wanted || tee.branches[i].canon != NULL;
	if (wanted)
		message_push_body(message, &tee.sink);
	for (size_t i = 0; i < CANONS; i++)
		finish(&tee.branches[i]);
	for (size_t i = 0; i < n; i++)
		fill(&facts[i].body, facts[i].signature,
		    &tee.branches[facts[i].signature->body_canon]);
}
