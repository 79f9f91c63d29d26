/*
 * zone_found.c - what the records of a zone file, or of one answer of dig,
 * say of keys.
 *
 * An answer is a statement about the name that was asked for, so NXDOMAIN
 * and NODATA (RFC 2308 section 2) become observations; any other status is
 * none.
 */
#include "keysnap/import/zone_found.h"
#include "keysnap/import/dns_flags.h"
#include "keysnap/key/dns_name.h"

static const struct span ambiguous_zone[] = {
	{ (const uint8_t *)"ambiguous-zone", 14 },
};

void
zone_complain(const struct zone_found *found, uint64_t line, const char *reason)
{
	found->output->bad(found->output->user, line, reason);
}

void
zone_pass_over(const struct zone_found *found, uint64_t line)
{
	found->output->other(found->output->user, line);
}

/* The time of an observation: of the answer, or of the options. */
static const char *
set_time(const struct zone_found *found, struct entry_observation *observation)
{
	if (found->answer.when != TIMESTAMP_NONE) {
		observation->first = observation->last = found->answer.when;
		observation->precision = TIMESTAMP_SECOND;
		observation->time_kind = TIME_OBSERVED;
		return NULL;
	}
	if (found->answer.has_when)
		observation->warnings =
		    (struct entry_texts){ ambiguous_zone, 1 };
	if (import_default_time(found->options, observation))
		return NULL;
	return found->answer.has_when
	    ? "WHEN names a time zone that can mean several: give the time "
	      "with --observed-at"
	    : import_needs_time;
}

static void
emit(struct zone_found *found, struct entry_observation *observation,
    bool validated)
{
	const struct zone_answer *answer = &found->answer;
	unsigned flags = answer->flags | (validated ? DNS_FLAG_VALIDATED : 0);
	const char *fault = set_time(found, observation);

	observation->method = answer->dig ? SPAN("dig")
	    : found->is_keyfile           ? SPAN("keyfile")
					  : SPAN("zonefile");
	observation->vantage = (struct entry_vantage){
		.flags = dns_flags_texts(found->items.arena, flags),
		.server = span_from_string(answer->server),
		.transport = span_from_string(answer->transport),
	};
	if (fault != NULL)
		zone_complain(found, observation->line, fault);
	else
		found->output->observation(found->output->user, observation);
}

static bool
is_truncated(const struct zone_answer *answer)
{
	return (answer->flags & DNS_FLAG_TC) != 0;
}

/* The TXT record "item", seen at "name" (its own, or one with a CNAME). */
static void
emit_item(struct zone_found *found, struct zone_item *item,
    const struct zone_item *start, struct span *chain, size_t n_chain)
{
	struct entry_observation observation = {
		.name = start->name,
		.kind = OBSERVATION_PRESENT,
		.strings = item->strings,
		.n_strings = item->n_strings,
		.joined = JOIN_EXACT,
		.line = item->line,
		.ttl = item->ttl,
		.has_serial = item->has_serial,
		.serial = item->serial,
		/* The whole RRset, if the server had room for it. */
		.complete = found->answer.status == ZONE_STATUS_NOERROR &&
		    item->in_answer && !is_truncated(&found->answer),
		.cname = chain,
		.n_cname = n_chain,
	};

	if (n_chain > 0)
		observation.owner = item->name;
	item->used = true;
	/* Of a longer chain the links in between are not looked at. */
	emit(found, &observation,
	    item->validated && start->validated && n_chain <= 1);
}

static void
emit_cname(struct zone_found *found, struct zone_item *item)
{
	struct span *chain;
	size_t n = zone_items_follow(&found->items, item, &chain);
	struct zone_item *txt;

	if (n == 0)
		return;
	item->used = true;
	txt = zone_items_of_name(&found->items, chain[n - 1]);
	for (size_t i = 0; txt != NULL; i++) {
		if (i == ZONE_RRSET_MAX) {
			zone_complain(found, item->line,
			    "a CNAME to more TXT records than an answer holds");
			return;
		}
		if (txt->target.n == 0)
			emit_item(found, txt, item, chain, n);
		txt = zone_items_next(&found->items, txt);
	}
}

/* The canonical name of a key; false when it is none. */
static bool
read_key_name(struct zone_found *found, struct span text, struct span *name_out)
{
	struct span selector, domain;

	return dns_name_canonical(found->items.arena, text, name_out) ==
	    DNS_NAME_OK &&
	    dns_name_split_key(*name_out, &selector, &domain);
}

/* An answer that says that there is no such name, or no TXT record. */
static void
emit_absent(struct zone_found *found)
{
	const struct zone_answer *answer = &found->answer;
	struct entry_observation observation = { .line = answer->line,
		.ttl = -1 };
	size_t n_items = found->items.items->len;
	struct span *chain;

	if (answer->question == NULL || is_truncated(answer))
		return;
	if (answer->status == ZONE_STATUS_NXDOMAIN)
		observation.kind = OBSERVATION_NXDOMAIN;
	else if (answer->status == ZONE_STATUS_NOERROR && answer->soa)
		observation.kind = OBSERVATION_NODATA;
	else
		return;
	if (!read_key_name(
		found, span_from_string(answer->question), &observation.name))
		return;
	/* With CNAMEs it is the end of the chain that is absent (RFC 6604
	 * section 3); each record must be a link of it. */
	observation.n_cname =
	    zone_items_trail(&found->items, observation.name, &chain);
	observation.cname = chain;
	if (observation.n_cname != n_items)
		return;
	for (size_t i = 0; i < n_items; i++)
		zone_items_at(&found->items, i)->used = true;
	emit(found, &observation, false);
}

/* An answer that failed, or that says that there is nothing, has no TXT. */
static bool
is_usable(const struct zone_found *found, const struct zone_item *item)
{
	return !item->in_answer ||
	    found->answer.status == ZONE_STATUS_NOERROR ||
	    found->answer.status == ZONE_STATUS_NONE;
}

static void
flush_item(struct zone_found *found, struct zone_item *item)
{
	struct span selector, domain;

	if (!dns_name_split_key(item->name, &selector, &domain))
		return;
	if (!is_usable(found, item) && item->target.n == 0) {
		item->used = true;
		zone_complain(found, item->line,
		    "a record in an answer whose status says that there is "
		    "none");
	} else if (is_usable(found, item) && item->target.n > 0) {
		emit_cname(found, item);
	} else if (item->target.n == 0) {
		emit_item(found, item, item, NULL, 0);
	}
}

void
zone_found_flush(struct zone_found *found)
{
	for (size_t i = 0; i < found->items.items->len; i++)
		flush_item(found, zone_items_at(&found->items, i));
	emit_absent(found);
	for (size_t i = 0; i < found->items.items->len; i++) {
		const struct zone_item *item = zone_items_at(&found->items, i);

		if (!item->used)
			zone_pass_over(found, item->line);
	}
	zone_items_reset(&found->items);
}

void
zone_found_absent(struct zone_found *found, uint64_t line, struct span comment)
{
	struct entry_observation observation = { .line = line, .ttl = -1 };
	struct span text;

	if (!found->answer.dig || found->answer.status != ZONE_STATUS_NONE ||
	    !zone_absent_parse(comment, &text, &observation.kind))
		return;
	if (read_key_name(found, text, &observation.name))
		emit(found, &observation, found->answer.validated);
	else
		zone_pass_over(found, line);
}
