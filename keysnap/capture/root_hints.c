/*
 * root_hints.c - where the servers of the root zone are.
 */
#include "keysnap/capture/root_hints.h"
#include "keysnap/dnssec/zone_name.h"

/* https://www.internic.net/domain/named.root, as of 2025 */
static const char builtin[] = ". 3600000 NS hints.\n"
			      "hints. 3600000 A 198.41.0.4\n"
			      "hints. 3600000 A 170.247.170.2\n"
			      "hints. 3600000 A 192.33.4.12\n"
			      "hints. 3600000 A 199.7.91.13\n"
			      "hints. 3600000 A 192.203.230.10\n"
			      "hints. 3600000 A 192.5.5.241\n"
			      "hints. 3600000 A 192.112.36.4\n"
			      "hints. 3600000 A 198.97.190.53\n"
			      "hints. 3600000 A 192.36.148.17\n"
			      "hints. 3600000 A 192.58.128.30\n"
			      "hints. 3600000 A 193.0.14.129\n"
			      "hints. 3600000 A 199.7.83.42\n"
			      "hints. 3600000 A 202.12.27.33\n"
			      "hints. 3600000 AAAA 2001:503:ba3e::2:30\n"
			      "hints. 3600000 AAAA 2801:1b8:10::b\n"
			      "hints. 3600000 AAAA 2001:500:2::c\n"
			      "hints. 3600000 AAAA 2001:500:2d::d\n"
			      "hints. 3600000 AAAA 2001:500:a8::e\n"
			      "hints. 3600000 AAAA 2001:500:2f::f\n"
			      "hints. 3600000 AAAA 2001:500:12::d0d\n"
			      "hints. 3600000 AAAA 2001:500:1::53\n"
			      "hints. 3600000 AAAA 2001:7fe::53\n"
			      "hints. 3600000 AAAA 2001:503:c27::2:30\n"
			      "hints. 3600000 AAAA 2001:7fd::1\n"
			      "hints. 3600000 AAAA 2001:500:9f::42\n"
			      "hints. 3600000 AAAA 2001:dc3::35\n";

static void
free_record(gpointer record)
{
	ldns_rr_free(record);
}

/* The records of a file, a line each; NULL with the line that is none. */
static GPtrArray *
read_records(struct span text, unsigned *bad_out)
{
	GPtrArray *records = g_ptr_array_new_with_free_func(free_record);

	for (*bad_out = 1; text.n > 0; ++*bad_out) {
		size_t end = span_find(text, '\n');
		struct span line = span_sub(text, 0, end);
		g_autofree char *copy = NULL;
		ldns_rr *record = NULL;

		text = span_from(text, end + 1);
		line = span_trim_fws(span_sub(line, 0, span_find(line, ';')));
		if (line.n == 0)
			continue;
		copy = g_strndup((const char *)line.p, line.n);
		if (ldns_rr_new_frm_str(&record, copy, 0, NULL, NULL) !=
		    LDNS_STATUS_OK) {
			g_ptr_array_free(records, TRUE);
			return NULL;
		}
		g_ptr_array_add(records, record);
	}
	*bad_out = 0;
	return records;
}

static bool
is_server(const GPtrArray *records, const ldns_rdf *host)
{
	for (guint i = 0; i < records->len; i++) {
		const ldns_rr *record = records->pdata[i];

		if (ldns_rr_get_type(record) == LDNS_RR_TYPE_NS &&
		    ldns_rr_rd_count(record) == 1 &&
		    zone_name_labels(ldns_rr_owner(record)) == 0 &&
		    zone_name_equal(ldns_rr_rdf(record, 0), host))
			return true;
	}
	return false;
}

size_t
root_hints_parse(struct span text, unsigned port, struct dns_server *servers,
    size_t max, unsigned *bad_out)
{
	GPtrArray *records = read_records(text, bad_out);
	size_t n = 0;

	if (records == NULL)
		return 0;
	for (guint i = 0; i < records->len && n < max; i++) {
		const ldns_rr *record = records->pdata[i];
		ldns_rr_type type = ldns_rr_get_type(record);
		const ldns_rdf *address = ldns_rr_rdf(record, 0);

		if ((type == LDNS_RR_TYPE_A || type == LDNS_RR_TYPE_AAAA) &&
		    address != NULL &&
		    is_server(records, ldns_rr_owner(record)) &&
		    dns_server_from_octets(
			(struct span){
			    ldns_rdf_data(address), ldns_rdf_size(address) },
			port, &servers[n]))
			n++;
	}
	g_ptr_array_free(records, TRUE);
	return n;
}

size_t
root_hints_builtin(unsigned port, struct dns_server *servers, size_t max)
{
	unsigned bad;

	return root_hints_parse(SPAN(builtin), port, servers, max, &bad);
}
