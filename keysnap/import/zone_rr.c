/*
 * zone_rr.c - the fields of a resource record (RFC 1035 section 5.1).
 */
#include "keysnap/import/zone_rr.h"
#include "keysnap/base/rfc5234.h"

#include <ldns/ldns.h>
#include <string.h>

#define TTL_MAX    INT64_C(2147483647) /* RFC 2181 section 8 */
#define SOA_SERIAL 2                   /* its place in the RDATA */

bool
zone_ttl_parse(struct span text, int64_t *ttl_out)
{
	static const char units[] = "smhdw";
	static const int64_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	int64_t total = 0, part = 0;
	bool digits = false;

	for (size_t i = 0; i < text.n; i++) {
		const char *unit;

		if (rfc5234_is(text.p[i], RFC5234_DIGIT)) {
			part = part * 10 + (text.p[i] - '0');
			digits = true;
		} else {
			unit = memchr(units, rfc5234_lower(text.p[i]), 5);
			if (unit == NULL || !digits)
				return false;
			total += part * seconds[unit - units];
			part = 0;
			digits = false;
		}
		if (part > TTL_MAX || total > TTL_MAX)
			return false;
	}
	*ttl_out = total + part;
	return text.n > 0 && *ttl_out <= TTL_MAX &&
	    rfc5234_is(text.p[0], RFC5234_DIGIT);
}

bool
zone_serial_read(const struct zone_rr *rr, uint32_t *serial_out)
{
	struct span text;
	uint64_t number = 0;

	if (rr->record->n <= rr->rdata + SOA_SERIAL)
		return false;
	text = rr->record->tokens[rr->rdata + SOA_SERIAL].text;
	for (size_t i = 0; i < text.n && number <= UINT32_MAX; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_DIGIT))
			return false;
		number = number * 10 + (uint64_t)(text.p[i] - '0');
	}
	*serial_out = (uint32_t)number;
	return text.n > 0 && number <= UINT32_MAX;
}

static bool
is_class(struct span text)
{
	return span_equal_nocase(text, SPAN("CH")) ||
	    span_equal_nocase(text, SPAN("HS")) ||
	    span_equal_nocase(text, SPAN("CS")) ||
	    span_equal_nocase(text, SPAN("ANY")) ||
	    (text.n > 5 &&
		span_equal_nocase(span_sub(text, 0, 5), SPAN("CLASS")) &&
		rfc5234_is(text.p[5], RFC5234_DIGIT));
}

bool
zone_rr_read(struct zone_rr *rr, size_t at)
{
	bool class = false, ttl = false;

	rr->is_internet = true;
	for (; at < rr->record->n && !rr->record->tokens[at].quoted; at++) {
		struct span text = rr->record->tokens[at].text;

		if (!class && span_equal_nocase(text, SPAN("IN"))) {
			class = true;
		} else if (!class && is_class(text)) {
			class = true;
			rr->is_internet =
			    span_equal_nocase(text, SPAN("CLASS1"));
		} else if (!ttl && zone_ttl_parse(text, &rr->ttl)) {
			ttl = true;
		} else {
			rr->type = text;
			rr->rdata = at + 1;
			return true;
		}
	}
	return false;
}

const char *
zone_string_read(struct arena *arena, struct span text, struct span *octets_out)
{
	ldns_rdf *rdf = NULL;
	ldns_status status = ldns_str2rdf_str(&rdf, (const char *)text.p);

	if (status == LDNS_STATUS_INVALID_STR)
		return "a character-string over 255 octets";
	if (status != LDNS_STATUS_OK)
		return "a character-string with a bad escape";
	/* The RDATA of a string is its length octet and its octets. */
	*octets_out = arena_copy(arena,
	    (struct span){ ldns_rdf_data(rdf) + 1, ldns_rdf_size(rdf) - 1 });
	ldns_rdf_deep_free(rdf);
	return NULL;
}
