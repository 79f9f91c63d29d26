/*
 * regrade_key.c - see regrade_key.h.
 *
 * Of a passing signature the verdict depends on what is known of the keys in
 * three ways: which key serves best (key_is_better), what speaks against it
 * (key_qualify), and what is noted (key_note).  All three must come out as
 * they did; then only "key" is another.
 */
#include "verifier/run/regrade_key.h"

#include "keysnap/store/provenance_equal.h"
#include "verifier/verdict/verdict_key.h"

#include <string.h>

/* The place of the key in the name; false when no record, or more than one,
 * has it: then it is not known which one made the signature. */
static bool
find_key(const struct known_name *known,
    const struct regrade_signature *signature, size_t *at_out)
{
	uint8_t sha256[DIGEST_SHA256_SIZE];
	struct span hex;
	size_t n = 0;

	if (!regrade_scan_text(signature->key, SPAN("sha256"), &hex) ||
	    !digest_from_hex(hex, sha256))
		return false;
	for (size_t i = 0; i < known->n_keys; i++) {
		const struct public_key *key = &known->keys[i].key;

		if (key->status != PUBLIC_KEY_MALFORMED &&
		    memcmp(key->sha256, sha256, sizeof(sha256)) == 0) {
			*at_out = i;
			n++;
		}
	}
	return n == 1;
}

static bool
is_better(const struct regrade_key *tools, const struct known_name *of_a,
    const struct known_name *of_b, size_t at,
    const struct time_interval *interval)
{
	const struct known_key *a = &of_a->keys[at], *b = &of_b->keys[at];
	struct time_standing at_a, at_b;

	key_standing(of_a, a, interval, &at_a);
	key_standing(of_b, b, interval, &at_b);
	return key_is_better(a, &at_a, b, &at_b, tools->policy);
}

/* The key that served best still does: it is no worse than it was, and no
 * other one is better or worse.  (Two keys may fit one signature: who knows
 * the signature can make the second.) */
static bool
serves_best(const struct regrade_key *tools, size_t at,
    const struct time_interval *interval)
{
	for (size_t i = 0; i < tools->now->n_keys; i++) {
		if (is_better(tools, tools->before, tools->now, i, interval) ||
		    (i != at &&
			is_better(
			    tools, tools->now, tools->before, i, interval)))
			return false;
	}
	return true;
}

static void
judge_key(const struct regrade_key *tools, const struct known_name *known,
    size_t at, const struct time_interval *interval,
    struct signature_verdict *verdict)
{
	*verdict = (struct signature_verdict){
		.known = known, .key = &known->keys[at], .interval = *interval
	};
	key_standing(known, verdict->key, interval, &verdict->standing);
	key_qualify(
	    &verdict->reasons, verdict->key, &verdict->standing, tools->policy);
	key_note(&verdict->reasons, verdict->key, &verdict->standing);
}

static bool
same_reasons(const struct reasons *a, const struct reasons *b)
{
	return a->n == b->n &&
	    memcmp(a->list, b->list, a->n * sizeof(a->list[0])) == 0;
}

bool
regrade_key(const struct regrade_key *tools,
    const struct regrade_signature *signature, GString *out)
{
	const struct time_interval interval = { .from = signature->from,
		.to = signature->to,
		.anchored = tools->anchored };
	struct signature_verdict before, now;
	size_t at, start = out->len;

	if (!span_equal(signature->result, SPAN("pass")) ||
	    !known_name_same_records(tools->before, tools->now) ||
	    !find_key(tools->now, signature, &at) ||
	    !serves_best(tools, at, &interval))
		return false;
	judge_key(tools, tools->before, at, &interval, &before);
	judge_key(tools, tools->now, at, &interval, &now);
	if (!same_reasons(&before.reasons, &now.reasons))
		return false;
	/* It must be what the record has: then the way here was right. */
	record_write_key(out, &before);
	if (!span_equal(signature->key,
		(struct span){
		    (const uint8_t *)out->str + start, out->len - start }))
		return false;
	g_string_truncate(out, start);
	record_write_key(out, &now);
	return true;
}
