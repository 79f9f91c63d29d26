/*
 * signature_tags.c - the values of single tags, RFC 6376 section 3.5.
 */
#include "verifier/dkim/signature_tags.h"

#include "keysnap/base/rfc5234.h"

static const char *const algorithm_names[] = {
	[SIGNATURE_RSA_SHA1] = "rsa-sha1",
	[SIGNATURE_RSA_SHA256] = "rsa-sha256",
	[SIGNATURE_ED25519_SHA256] = "ed25519-sha256",
	[SIGNATURE_ALGORITHM_UNKNOWN] = "unknown",
};

const char *
signature_algorithm_name(enum signature_algorithm algorithm)
{
	return algorithm_names[algorithm];
}

enum signature_algorithm
signature_tag_algorithm(struct span value)
{
	int algorithm = SIGNATURE_RSA_SHA1;

	while (algorithm < SIGNATURE_ALGORITHM_UNKNOWN &&
	    !span_equal_nocase(
		value, span_from_string(algorithm_names[algorithm])))
		algorithm++;
	return (enum signature_algorithm)algorithm;
}

enum digest_algorithm
signature_algorithm_digest(enum signature_algorithm algorithm)
{
	return algorithm == SIGNATURE_RSA_SHA1 ? DIGEST_SHA1 : DIGEST_SHA256;
}

static bool
parse_canon_word(struct span word, enum canonicalization *canon_out)
{
	if (span_equal_nocase(word, SPAN("simple")))
		*canon_out = CANON_SIMPLE;
	else if (span_equal_nocase(word, SPAN("relaxed")))
		*canon_out = CANON_RELAXED;
	else
		return false;
	return true;
}

bool
signature_tag_canon(struct span value, enum canonicalization *header_out,
    enum canonicalization *body_out)
{
	size_t slash = span_find(value, '/');

	*body_out = CANON_SIMPLE;
	if (!parse_canon_word(span_sub(value, 0, slash), header_out))
		return false;
	return slash == value.n ||
	    parse_canon_word(span_from(value, slash + 1), body_out);
}

bool
signature_tag_canon_domainkeys(
    struct span value, enum canonicalization *canon_out)
{
	bool nofws = span_equal_nocase(value, SPAN("nofws"));

	*canon_out = nofws ? CANON_DK_NOFWS : CANON_DK_SIMPLE;
	return nofws || value.p == NULL ||
	    span_equal_nocase(value, SPAN("simple"));
}

bool
signature_tag_query(struct span value)
{
	struct span method;
	size_t at = 0;

	while (taglist_next_element(value, &at, &method))
		if (span_equal_nocase(method, SPAN("dns/txt")))
			return true;
	return false;
}

bool
signature_tag_number(struct span value, size_t most, uint64_t *number_out)
{
	uint64_t number = 0;

	if (value.n == 0 || value.n > most)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		uint64_t digit = (uint64_t)(value.p[i] - '0');

		if (!rfc5234_is(value.p[i], RFC5234_DIGIT))
			return false;
		if (number > (UINT64_MAX - digit) / 10)
			number = UINT64_MAX;
		else
			number = number * 10 + digit;
	}
	*number_out = number;
	return true;
}

static bool
is_name_octet(uint8_t octet)
{
	return rfc5234_is(octet, RFC5322_FTEXT) && octet != ';';
}

bool
signature_tag_name(struct span name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_name_octet(name.p[i]))
			return false;
	return name.n > 0;
}

/* The octet that "=XX" at the start of "text" stands for, or -1.  The grammar
 * has upper case; RFC 5234 2.3 makes that no difference. */
static int
hex_octet(struct span text)
{
	unsigned octet = 0;

	if (text.n < 3 || text.p[0] != '=')
		return -1;
	for (size_t i = 1; i < 3; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_HEXDIG))
			return -1;
		bool is_digit = rfc5234_is(text.p[i], RFC5234_DIGIT);
		octet = octet * 16 +
		    (is_digit ? text.p[i] - (unsigned)'0'
			      : rfc5234_lower(text.p[i]) - (unsigned)'a' + 10);
	}
	return (int)octet;
}

struct span
signature_tag_decode(struct arena *arena, struct span text)
{
	uint8_t *octets = arena_alloc(arena, text.n);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		int octet = hex_octet(span_from(text, i));

		if (octet >= 0) {
			octets[n++] = (uint8_t)octet;
			i += 2;
		} else if (!rfc5234_is(text.p[i], RFC5234_WSP | RFC5234_CRLF)) {
			octets[n++] = text.p[i];
		}
	}
	return (struct span){ octets, n };
}

/* sig-z-tag-copy = hdr-name [FWS] ":" qp-hdr-value */
static bool
is_copy(struct span copy)
{
	size_t colon = span_find(copy, ':');
	struct span name = span_trim_fws(span_sub(copy, 0, colon));

	if (colon == copy.n || !signature_tag_name(name))
		return false;
	for (size_t i = colon + 1; i < copy.n; i++)
		if (rfc5234_is(copy.p[i], RFC5234_UTF8) ||
		    (copy.p[i] == '=' && hex_octet(span_from(copy, i)) < 0))
			return false;
	return true;
}

bool
signature_tag_copied(struct span value)
{
	for (;;) {
		size_t bar = span_find(value, '|');

		if (!is_copy(span_sub(value, 0, bar)))
			return false;
		if (bar == value.n)
			return true;
		value = span_from(value, bar + 1);
	}
}
