/*
 * dns_answer.c - what the answer to a question for TXT records says of a key.
 *
 * Only records on the way from the name that was asked for, through CNAMEs,
 * to its end are an answer (RFC 1034 section 3.6.2).  Anything else beside
 * them is refused whole: it is no message of an honest server.
 */
#include "keysnap/import/dns_answer.h"

/* An answer on its way. */
struct chain {
	struct span *names; /* without the one that was asked for */
	size_t n;
	struct span end;
};

/* The CNAME of "owner"; empty when it has none.  False when it has two. */
static bool
find_cname(
    const struct dns_answer *answer, struct span owner, struct span *target_out)
{
	*target_out = (struct span){ NULL, 0 };
	for (size_t i = 0; i < answer->n_records; i++) {
		const struct dns_answer_record *record = &answer->records[i];

		if (record->target.n == 0 || !span_equal(record->owner, owner))
			continue;
		if (target_out->n > 0 &&
		    !span_equal(*target_out, record->target))
			return false;
		*target_out = record->target;
	}
	return true;
}

static const char *
follow(
    struct arena *arena, const struct dns_answer *answer, struct chain *chain)
{
	struct span target;

	*chain = (struct chain){
		.names = arena_alloc_array(
		    arena, DNS_ANSWER_CHAIN_MAX, sizeof(*chain->names)),
		.end = answer->name,
	};
	for (;;) {
		if (!find_cname(answer, chain->end, &target))
			return "two CNAME records of one name";
		if (target.n == 0)
			return NULL;
		if (chain->n == DNS_ANSWER_CHAIN_MAX)
			return "a chain of CNAMEs that is too long, or a "
			       "circle";
		chain->names[chain->n++] = target;
		chain->end = target;
	}
}

static bool
is_link(const struct dns_answer *answer, const struct chain *chain,
    struct span owner)
{
	bool found = chain->n > 0 && span_equal(owner, answer->name);

	for (size_t i = 0; i + 1 < chain->n && !found; i++)
		found = span_equal(owner, chain->names[i]);
	return found;
}

/* Does every record belong to the answer? */
static const char *
check_records(
    const struct dns_answer *answer, const struct chain *chain, size_t *txt_out)
{
	*txt_out = 0;
	for (size_t i = 0; i < answer->n_records; i++) {
		const struct dns_answer_record *record = &answer->records[i];

		if (record->target.n > 0) {
			if (!is_link(answer, chain, record->owner))
				return "a CNAME that does not belong to the "
				       "name asked for";
		} else if (span_equal(record->owner, chain->end)) {
			++*txt_out;
		} else {
			return "a TXT record that does not belong to the "
			       "name asked for";
		}
	}
	if (*txt_out > 0 && answer->rcode == DNS_RCODE_NXDOMAIN)
		return "NXDOMAIN with a TXT record";
	return NULL;
}

static void
emit_present(const struct dns_answer *answer, const struct chain *chain,
    struct entry_observation *observation, const struct import_output *output)
{
	observation->kind = OBSERVATION_PRESENT;
	observation->complete = (answer->flags & DNS_FLAG_TC) == 0;
	if (chain->n > 0)
		observation->owner = chain->end;
	for (size_t i = 0; i < answer->n_records; i++) {
		const struct dns_answer_record *record = &answer->records[i];

		if (record->target.n > 0)
			continue;
		observation->strings = record->strings;
		observation->n_strings = record->n_strings;
		observation->joined = record->joined;
		observation->ttl = record->ttl;
		observation->warnings = record->warnings;
		output->observation(output->user, observation);
	}
}

/* True when the answer says that there is nothing. */
static bool
emit_absent(const struct dns_answer *answer,
    struct entry_observation *observation, const struct import_output *output)
{
	if ((answer->flags & DNS_FLAG_TC) != 0)
		return false;
	if (answer->rcode == DNS_RCODE_NXDOMAIN)
		observation->kind = OBSERVATION_NXDOMAIN;
	else if (answer->rcode == DNS_RCODE_NOERROR && answer->soa)
		observation->kind = OBSERVATION_NODATA;
	else
		return false;
	observation->ttl = -1;
	output->observation(output->user, observation);
	return true;
}

const char *
dns_answer_emit(struct arena *arena, const struct dns_answer *answer,
    const struct entry_observation *observation,
    const struct import_output *output, size_t *n_out)
{
	struct entry_observation whole = *observation;
	struct chain chain;
	const char *fault;

	*n_out = 0;
	if (answer->rcode != DNS_RCODE_NOERROR &&
	    answer->rcode != DNS_RCODE_NXDOMAIN)
		return NULL;
	fault = follow(arena, answer, &chain);
	if (fault == NULL)
		fault = check_records(answer, &chain, n_out);
	if (fault != NULL)
		return fault;
	whole.name = answer->name;
	whole.cname = chain.names;
	whole.n_cname = chain.n;
	whole.vantage.flags = dns_flags_texts(arena, answer->flags);
	if (*n_out > 0)
		emit_present(answer, &chain, &whole, output);
	else if (emit_absent(answer, &whole, output))
		*n_out = 1;
	return NULL;
}
