/*
 * dns_case.h - make DNS messages.  Names are text without escapes, each label
 * written out; the caller frees with g_string_free().
 */
#ifndef TESTS_UNIT_DNS_CASE_H
#define TESTS_UNIT_DNS_CASE_H

#include "keysnap/base/span.h"

#include <glib.h>

enum dns_case_section { DNS_CASE_ANSWER = 1, DNS_CASE_AUTHORITY,
	DNS_CASE_ADDITIONAL };

#define DNS_CASE_TXT   16
#define DNS_CASE_CNAME 5
#define DNS_CASE_SOA   6
#define DNS_CASE_OPT   41

/* A message with one question. */
GString *dns_case_new(unsigned id, unsigned flags, const char *name,
    unsigned type);

/* Add a record of class IN; sections in order. */
void dns_case_add(GString *message, enum dns_case_section section,
    const char *owner, unsigned type, unsigned ttl, struct span rdata);

/* A TXT record of strings that "|" stands between; a CNAME; in the authority
 * section, a SOA. */
void dns_case_add_txt(GString *message, const char *owner, const char *strings);
void dns_case_add_cname(GString *message, const char *owner,
    const char *target);
void dns_case_add_soa(GString *message, const char *owner);

struct span dns_case_span(const GString *message);

/* Add "message" to "out" in hex digits, or behind its length. */
void dns_case_add_hex(GString *out, const GString *message);
void dns_case_add_frame(GString *out, const GString *message);

#endif
