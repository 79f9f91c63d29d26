/*
 * peer_getdns.c - a second opinion on a DNSSEC chain, by libgetdns.
 *
 *   peer_getdns CHAIN ANCHORS TIME
 *
 * CHAIN is a file of RFC 9102 octets, ANCHORS one of DS records, TIME seconds
 * since 1970.  Prints secure, insecure, bogus or indeterminate.  What is
 * validated are the TXT, CNAME and DNAME records; all others support them, but
 * libgetdns wants the denials that a wildcard needs beside the answer.
 */
#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_MAX  (1 << 20)
#define TYPE_TXT   16
#define TYPE_RRSIG 46

static int
is_answer(uint32_t type)
{
	return type == TYPE_TXT || type == GETDNS_RRTYPE_CNAME ||
	    type == GETDNS_RRTYPE_DNAME;
}

static int
is_denial(uint32_t type)
{
	return type == GETDNS_RRTYPE_NSEC || type == GETDNS_RRTYPE_NSEC3;
}

static void
add(getdns_list *list, const getdns_dict *record)
{
	size_t n;

	getdns_list_get_length(list, &n);
	getdns_list_set_dict(list, n, record);
}

/* Has an RRSIG fewer labels than its owner? */
static int
is_expanded(const getdns_dict *record)
{
	getdns_bindata *name = NULL;
	uint32_t labels = 0, n = 0;

	getdns_dict_get_int(record, "/rdata/labels", &labels);
	getdns_dict_get_bindata(record, "name", &name);
	for (size_t at = 0;
	     name != NULL && at < name->size && name->data[at] != 0;
	     at += 1u + name->data[at])
		n++;
	return labels < n;
}

static void
take(getdns_list *answers, getdns_list *support, const getdns_dict *record)
{
	static int expanded; /* the answer comes first */
	uint32_t type = 0, covered = 0;

	getdns_dict_get_int(record, "type", &type);
	if (type == TYPE_RRSIG)
		getdns_dict_get_int(record, "/rdata/type_covered", &covered);
	expanded |= is_answer(covered) && is_expanded(record);
	if (is_answer(type) || is_answer(covered) ||
	    (expanded && (is_denial(type) || is_denial(covered))))
		add(answers, record);
	if (!is_answer(type) && !is_answer(covered))
		add(support, record);
}

static int
read_chain(const char *path, getdns_list *answers, getdns_list *support)
{
	static uint8_t octets[CHAIN_MAX];
	const uint8_t *at = octets;
	FILE *in = fopen(path, "rb");
	size_t left;

	if (in == NULL)
		return -1;
	left = fread(octets, 1, sizeof(octets), in);
	fclose(in);
	while (left > 0) {
		getdns_dict *record;

		if (getdns_wire2rr_dict_scan(&at, &left, &record) !=
		    GETDNS_RETURN_GOOD)
			return -1;
		take(answers, support, record);
		getdns_dict_destroy(record);
	}
	return 0;
}

static int
read_anchors(const char *path, getdns_list *anchors)
{
	char line[1024];
	FILE *in = fopen(path, "r");
	int n = 0;

	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		getdns_dict *record;

		if (getdns_str2rr_dict(line, &record, NULL, 3600) !=
		    GETDNS_RETURN_GOOD)
			continue;
		add(anchors, record);
		getdns_dict_destroy(record);
		n++;
	}
	if (in != NULL)
		fclose(in);
	return n;
}

static const char *
name_of(getdns_return_t status)
{
	switch ((int)status) {
	case GETDNS_DNSSEC_SECURE:
		return "secure";
	case GETDNS_DNSSEC_INSECURE:
		return "insecure";
	case GETDNS_DNSSEC_BOGUS:
		return "bogus";
	case GETDNS_DNSSEC_INDETERMINATE:
		return "indeterminate";
	default:
		return "error";
	}
}

int
main(int argc, char **argv)
{
	getdns_list *answers = getdns_list_create();
	getdns_list *support = getdns_list_create();
	getdns_list *anchors = getdns_list_create();

	if (argc != 4 || read_anchors(argv[2], anchors) == 0 ||
	    read_chain(argv[1], answers, support) != 0) {
		fprintf(stderr, "peer_getdns: cannot read its files\n");
		return 2;
	}
	printf("%s\n",
	    name_of(getdns_validate_dnssec2(answers, support, anchors,
		(time_t)strtoll(argv[3], NULL, 10), 0)));
	getdns_list_destroy(anchors);
	getdns_list_destroy(support);
	getdns_list_destroy(answers);
	return 0;
}
