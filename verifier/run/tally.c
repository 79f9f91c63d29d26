/*
 * tally.c - the counts of a run.
 *
 * Each worker keeps its own; they are merged at the end.
 */
#include "verifier/run/tally.h"

#include "keysnap/base/span_key.h"
#include "keysnap/base/timestamp.h"

void
tally_init(struct tally *tally)
{
	*tally = (struct tally){ .wants = wants_new() };
	tally->counts.first_date = tally->counts.last_date = TIMESTAMP_NONE;
	tally->senders =
	    g_hash_table_new_full(span_key_hash, span_key_equal, g_free, NULL);
	tally->domains =
	    g_hash_table_new_full(span_key_hash, span_key_equal, g_free, NULL);
}

void
tally_clear(struct tally *tally)
{
	wants_free(tally->wants);
	g_hash_table_unref(tally->senders);
	g_hash_table_unref(tally->domains);
}

static void
add_to_set(GHashTable *set, struct span member)
{
	if (member.n > 0 && !g_hash_table_contains(set, &member))
		g_hash_table_add(set, span_key_new(member));
}

static void
add_dates(struct run_counts *counts, int64_t first, int64_t last)
{
	if (first != TIMESTAMP_NONE &&
	    (counts->first_date == TIMESTAMP_NONE ||
		first < counts->first_date))
		counts->first_date = first;
	if (last != TIMESTAMP_NONE && last > counts->last_date)
		counts->last_date = last;
}

void
tally_add_sender(struct tally *tally, struct span address)
{
	add_to_set(tally->senders, address);
}

void
tally_add_domain(struct tally *tally, struct span domain)
{
	add_to_set(tally->domains, domain);
}

void
tally_add(struct tally *tally, const struct judgement *judgement)
{
	struct run_counts *counts = &tally->counts;

	counts->messages++;
	counts->verdicts[judgement->verdict]++;
	counts->judged[judgement->how]++;
	add_dates(counts, judgement->date, judgement->date);
	tally_add_sender(tally, judgement->author);
	for (size_t i = 0; i < judgement->n_domains; i++)
		tally_add_domain(tally, judgement->domains[i]);
	for (size_t i = 0; i < judgement->n_wants; i++)
		wants_add(tally->wants, &judgement->wants[i]);
	counts->wanted_signatures += judgement->n_wants;
}

static void
merge_set(GHashTable *set, GHashTable *more)
{
	GHashTableIter iterator;
	gpointer member;

	g_hash_table_iter_init(&iterator, more);
	while (g_hash_table_iter_next(&iterator, &member, NULL))
		add_to_set(set, *(const struct span *)member);
}

void
tally_merge(struct tally *tally, struct tally *more)
{
	struct run_counts *counts = &tally->counts;

	counts->messages += more->counts.messages;
	for (int i = 0; i < VERDICTS; i++)
		counts->verdicts[i] += more->counts.verdicts[i];
	for (int i = 0; i <= JUDGED_REGRADED; i++)
		counts->judged[i] += more->counts.judged[i];
	counts->files += more->counts.files;
	counts->octets += more->counts.octets;
	counts->notes += more->counts.notes;
	counts->wanted_signatures += more->counts.wanted_signatures;
	add_dates(counts, more->counts.first_date, more->counts.last_date);
	merge_set(tally->senders, more->senders);
	merge_set(tally->domains, more->domains);
	wants_merge(tally->wants, more->wants);
	tally_clear(more);
	tally_init(more);
}

void
tally_finish(struct tally *tally)
{
	tally->counts.senders = g_hash_table_size(tally->senders);
	tally->counts.signing_domains = g_hash_table_size(tally->domains);
	tally->counts.wanted_names = wants_count(tally->wants);
}
