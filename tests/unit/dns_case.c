/*
 * dns_case.c - make DNS messages.
 */
#include "tests/unit/dns_case.h"

#include <string.h>

static void
add_16(GString *out, unsigned value)
{
	g_string_append_c(out, (char)(value >> 8 & 0xff));
	g_string_append_c(out, (char)(value & 0xff));
}

static void
add_name(GString *out, const char *name)
{
	g_auto(GStrv) labels = g_strsplit(name, ".", -1);

	for (size_t i = 0; labels[i] != NULL && *labels[i] != '\0'; i++) {
		g_string_append_c(out, (char)strlen(labels[i]));
		g_string_append(out, labels[i]);
	}
	g_string_append_c(out, '\0');
}

GString *
dns_case_new(unsigned id, unsigned flags, const char *name, unsigned type)
{
	GString *message = g_string_new(NULL);

	add_16(message, id);
	add_16(message, flags);
	add_16(message, 1);
	for (size_t i = 0; i < 3; i++)
		add_16(message, 0);
	add_name(message, name);
	add_16(message, type);
	add_16(message, 1);
	return message;
}

void
dns_case_add(GString *message, enum dns_case_section section, const char *owner,
    unsigned type, unsigned ttl, struct span rdata)
{
	message->str[5 + 2 * section]++; /* at most 127 in these tests */
	add_name(message, owner);
	add_16(message, type);
	add_16(message, 1);
	add_16(message, ttl >> 16);
	add_16(message, ttl & 0xffff);
	add_16(message, (unsigned)rdata.n);
	g_string_append_len(message, (const char *)rdata.p, (gssize)rdata.n);
}

void
dns_case_add_txt(GString *message, const char *owner, const char *strings)
{
	g_auto(GStrv) parts = g_strsplit(strings, "|", -1);
	g_autoptr(GString) rdata = g_string_new(NULL);

	for (size_t i = 0; parts[i] != NULL; i++) {
		g_string_append_c(rdata, (char)strlen(parts[i]));
		g_string_append(rdata, parts[i]);
	}
	dns_case_add(message, DNS_CASE_ANSWER, owner, DNS_CASE_TXT, 300,
	    dns_case_span(rdata));
}

void
dns_case_add_cname(GString *message, const char *owner, const char *target)
{
	g_autoptr(GString) rdata = g_string_new(NULL);

	add_name(rdata, target);
	dns_case_add(message, DNS_CASE_ANSWER, owner, DNS_CASE_CNAME, 60,
	    dns_case_span(rdata));
}

void
dns_case_add_soa(GString *message, const char *owner)
{
	g_autoptr(GString) rdata = g_string_new(NULL);

	add_name(rdata, "ns.x.org");
	add_name(rdata, "admin.x.org");
	for (unsigned i = 0; i < 5; i++) {
		add_16(rdata, 0);
		add_16(rdata, i);
	}
	dns_case_add(message, DNS_CASE_AUTHORITY, owner, DNS_CASE_SOA, 60,
	    dns_case_span(rdata));
}

struct span
dns_case_span(const GString *message)
{
	return (struct span){ (const uint8_t *)message->str, message->len };
}

void
dns_case_add_hex(GString *out, const GString *message)
{
	for (size_t i = 0; i < message->len; i++)
		g_string_append_printf(out, "%02x", (uint8_t)message->str[i]);
}

void
dns_case_add_frame(GString *out, const GString *message)
{
	add_16(out, (unsigned)message->len);
	g_string_append_len(out, message->str, (gssize)message->len);
}
