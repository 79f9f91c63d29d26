/*
 * dns_hops.c - one answer in several messages.
 */
#include "keysnap/import/dns_hops.h"
#include "keysnap/import/dns_message.h"
#include "keysnap/key/dns_name.h"

static bool
is_within(struct span name, struct span zone)
{
	return zone.n == 0 || span_equal(name, zone) ||
	    (name.n > zone.n && name.p[name.n - zone.n - 1] == '.' &&
		span_equal(span_from(name, name.n - zone.n), zone));
}

static bool
is_target(const GArray *records, struct span name)
{
	for (guint i = 0; i < records->len; i++) {
		if (span_equal(
			g_array_index(records, struct dns_answer_record, i)
			    .target,
			name))
			return true;
	}
	return false;
}

static const char *
read_hop(struct arena *arena, const struct dns_hop *hop, bool first,
    GArray *records, struct dns_answer *answer_out)
{
	const char *fault = NULL;

	switch (first
		? dns_message_read(arena, hop->message, answer_out, &fault)
		: dns_message_read_any(
		      arena, hop->message, answer_out, &fault)) {
	case DNS_MESSAGE_BAD:
		return fault;
	case DNS_MESSAGE_OTHER:
		return "not about the TXT records of a name";
	case DNS_MESSAGE_KEY:
		break;
	}
	if (!first && !is_target(records, answer_out->name))
		return "about a name that no alias leads to";
	for (size_t i = 0; i < answer_out->n_records; i++) {
		if (is_within(answer_out->records[i].owner, hop->zone))
			g_array_append_val(records, answer_out->records[i]);
	}
	return NULL;
}

const char *
dns_hops_emit(struct arena *arena, const struct dns_hop *hops, size_t n,
    const struct entry_observation *observation,
    const struct import_output *output, size_t *n_out)
{
	g_autoptr(GArray) records =
	    g_array_new(FALSE, FALSE, sizeof(struct dns_answer_record));
	struct dns_answer answer = { .n_records = 0 };
	struct span name = { NULL, 0 };
	const char *fault;

	*n_out = 0;
	for (size_t i = 0; i < n; i++) {
		fault = read_hop(arena, &hops[i], i == 0, records, &answer);
		if (fault != NULL)
			return fault;
		if (i == 0)
			name = answer.name;
	}
	answer.name = name;
	answer.records =
	    (const struct dns_answer_record *)(const void *)records->data;
	answer.n_records = records->len;
	fault = dns_answer_emit(arena, &answer, observation, output, n_out);
	if (fault != NULL)
		*n_out = 0;
	return fault;
}
