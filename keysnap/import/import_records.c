/*
 * import_records.c - records that DNSSEC chains are made of.
 */
#include "keysnap/import/import_records.h"

#include "keysnap/dnssec/dnssec_chain.h"

static bool
is_chain_type(struct span type)
{
	static const char *const types[] = { "TXT", "TYPE16", "CNAME", "DNAME",
		"SOA", "DNSKEY", "DS", "NSEC", "NSEC3", "RRSIG" };

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		if (span_equal_nocase(type, span_from_string(types[i])))
			return true;
	}
	return false;
}

static void
append(GString *out, struct span text)
{
	g_string_append_len(out, (const char *)text.p, (gssize)text.n);
}

/* The record as ldns reads it, when it does. */
static void
hand_on(
    const struct import_record_text *text, const struct import_output *output)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(ldns_rdf) origin = NULL;
	g_autoptr(ldns_rr) record = NULL;

	append(line, text->owner);
	if (!span_ends_with(text->owner, SPAN(".")))
		g_string_append_c(line, '.');
	g_string_append_printf(line, " %" PRId64 " IN ", MAX(text->ttl, 0));
	append(line, text->type);
	g_string_append_c(line, ' ');
	append(line, text->rdata);
	if (memchr(line->str, '\0', line->len) != NULL)
		return;
	origin = zone_name_new(text->origin);
	if (ldns_rr_new_frm_str(&record, line->str, 0, origin, NULL) !=
	    LDNS_STATUS_OK)
		record = NULL;
	else if (dnssec_chain_takes(record))
		output->record(output->user, record);
}

void
import_records_text(
    const struct import_record_text *text, const struct import_output *output)
{
	if (output->record == NULL || !is_chain_type(text->type) ||
	    text->owner.n + text->rdata.n > IMPORT_RECORD_MAX)
		return;
	if (output->signed_text == NULL)
		hand_on(text, output);
	else if (span_equal_nocase(text->type, SPAN("RRSIG")))
		*output->signed_text = true;
}

void
import_records_message(struct span message, const struct import_output *output)
{
	ldns_pkt *packet;
	ldns_rr_list *records;

	if (output->record == NULL ||
	    ldns_wire2pkt(&packet, message.p, message.n) != LDNS_STATUS_OK)
		return;
	records = ldns_pkt_all_noquestion(packet);
	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
		const ldns_rr *record = ldns_rr_list_rr(records, i);

		if (dnssec_chain_takes(record))
			output->record(output->user, record);
	}
	ldns_rr_list_deep_free(records);
	ldns_pkt_free(packet);
}
