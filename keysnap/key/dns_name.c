/*
 * dns_name.c - the names that keys live under.
 */
#include "keysnap/key/dns_name.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"

#include <glib.h>
#include <idn2.h>
#include <string.h>

/* More than this cannot become a name: DNS_NAME_MAX characters of at most
 * four octets each. */
#define INPUT_MAX (4 * DNS_NAME_MAX)

static bool
is_label_octet(uint8_t octet)
{
	return rfc5234_is(octet, RFC6376_HYPHENATED) || octet == '_';
}

/* What an octet of "label" says against it; U-labels may have UTF-8. */
static enum dns_name_status
check_octets(struct span label, bool *u_label_out)
{
	*u_label_out = false;
	if (label.n == 0)
		return DNS_NAME_EMPTY;
	for (size_t i = 0; i < label.n; i++) {
		if (rfc5234_is(label.p[i], RFC5234_UTF8))
			*u_label_out = true;
		else if (!is_label_octet(label.p[i]))
			return DNS_NAME_BAD_CHARACTER;
	}
	return DNS_NAME_OK;
}

/*
 * Append the A-label of "label".  What maps to plain ASCII (full-width
 * letters, soft hyphens) or to several labels (ideographic full stop) was no
 * U-label.
 */
static enum dns_name_status
append_a_label(GString *out, struct span label)
{
	g_autofree char *copy = NULL;
	uint8_t *found = NULL;
	struct span a_label;
	enum dns_name_status status = DNS_NAME_BAD_IDN;
	bool u_label;
	int rc;

	if (!text_is_utf8(label))
		return DNS_NAME_BAD_IDN;
	copy = span_dup(label); /* holds no NUL: it is no label octet */
	rc = idn2_lookup_u8((const uint8_t *)copy, &found,
	    IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
	a_label = span_from_string((const char *)found);
	if (rc == IDN2_TOO_BIG_LABEL || rc == IDN2_TOO_BIG_DOMAIN ||
	    rc == IDN2_PUNYCODE_BIG_OUTPUT)
		status = DNS_NAME_TOO_LONG;
	else if (rc == IDN2_OK && span_starts_with(a_label, SPAN("xn--")) &&
	    check_octets(a_label, &u_label) == DNS_NAME_OK && !u_label)
		status = DNS_NAME_OK;
	if (status == DNS_NAME_OK)
		g_string_append_len(
		    out, (const char *)a_label.p, (gssize)a_label.n);
	idn2_free(found);
	return status;
}

static enum dns_name_status
append_label(GString *out, struct span label)
{
	bool u_label;
	enum dns_name_status status = check_octets(label, &u_label);

	if (status != DNS_NAME_OK)
		return status;
	if (u_label)
		return append_a_label(out, label);
	if (label.n > DNS_LABEL_MAX)
		return DNS_NAME_TOO_LONG;
	g_string_append_len(out, (const char *)label.p, (gssize)label.n);
	for (size_t i = out->len - label.n; i < out->len; i++)
		out->str[i] = (char)rfc5234_lower((uint8_t)out->str[i]);
	return DNS_NAME_OK;
}

static enum dns_name_status
append_labels(GString *out, struct span text)
{
	for (size_t at = 0; at <= text.n;) {
		struct span rest = span_from(text, at);
		struct span label = span_sub(rest, 0, span_find(rest, '.'));
		enum dns_name_status status;

		if (at > 0)
			g_string_append_c(out, '.');
		status = append_label(out, label);
		if (status != DNS_NAME_OK)
			return status;
		at += label.n + 1;
	}
	return out->len > DNS_NAME_MAX ? DNS_NAME_TOO_LONG : DNS_NAME_OK;
}

enum dns_name_status
dns_name_canonical(struct arena *arena, struct span text, struct span *name_out)
{
	g_autoptr(GString) name = NULL;
	enum dns_name_status status;

	*name_out = (struct span){ NULL, 0 };
	if (text.n > INPUT_MAX)
		return DNS_NAME_TOO_LONG;
	if (span_ends_with(text, SPAN(".")))
		text.n--;
	name = g_string_sized_new(DNS_NAME_MAX + 1);
	status = append_labels(name, text);
	if (status == DNS_NAME_OK)
		*name_out = arena_copy(arena,
		    (struct span){ (const uint8_t *)name->str, name->len });
	return status;
}

/* Append the U-label of "label"; false, and the label as it is, when it is
 * none. */
static bool
append_u_label(GString *out, struct span label)
{
	g_autofree char *copy = span_dup(label); /* canonical: no NUL */
	g_autoptr(GString) back = g_string_new(NULL);
	char *found = NULL;
	struct span u_label;
	bool good;

	good = idn2_to_unicode_8z8z(copy, &found, 0) == IDN2_OK;
	u_label = span_from_string(found);
	good = good && !text_is_ascii(u_label) && u_label.n <= INPUT_MAX &&
	    append_label(back, u_label) == DNS_NAME_OK &&
	    span_equal(
		label, (struct span){ (const uint8_t *)back->str, back->len });
	if (!good)
		u_label = label;
	g_string_append_len(out, (const char *)u_label.p, (gssize)u_label.n);
	idn2_free(found);
	return good;
}

bool
dns_name_unicode(struct arena *arena, struct span name, struct span *text_out)
{
	g_autoptr(GString) text = g_string_sized_new(name.n + 1);
	bool good = true;

	for (size_t at = 0; at < name.n;) {
		struct span rest = span_from(name, at);
		struct span label = span_sub(rest, 0, span_find(rest, '.'));

		if (at > 0)
			g_string_append_c(text, '.');
		if (span_starts_with(label, SPAN("xn--")))
			good &= append_u_label(text, label);
		else
			g_string_append_len(
			    text, (const char *)label.p, (gssize)label.n);
		at += label.n + 1;
	}
	*text_out = arena_copy(
	    arena, (struct span){ (const uint8_t *)text->str, text->len });
	return good;
}

bool
dns_name_join_key(struct arena *arena, struct span selector, struct span domain,
    struct span *name_out)
{
	const struct span parts[] = { selector, SPAN("._domainkey."), domain };
	uint8_t *name, *end;
	size_t n = 0;

	*name_out = (struct span){ NULL, 0 };
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		n += parts[i].n;
	if (n > DNS_NAME_MAX)
		return false;
	name = end = arena_alloc(arena, n + 1);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		end = (uint8_t *)mempcpy(end, parts[i].p, parts[i].n);
	*name_out = (struct span){ name, n };
	return true;
}

enum dns_name_status
dns_name_of_key(struct arena *arena, struct span selector, struct span domain,
    struct span *name_out)
{
	enum dns_name_status status;

	*name_out = (struct span){ NULL, 0 };
	status = dns_name_canonical(arena, selector, &selector);
	if (status != DNS_NAME_OK)
		return status;
	status = dns_name_canonical(arena, domain, &domain);
	if (status != DNS_NAME_OK)
		return status;
	return dns_name_join_key(arena, selector, domain, name_out)
	    ? DNS_NAME_OK
	    : DNS_NAME_TOO_LONG;
}

bool
dns_name_split_key(
    struct span name, struct span *selector_out, struct span *domain_out)
{
	const struct span middle = SPAN("._domainkey.");

	for (size_t at = name.n; at-- > 1;) {
		struct span rest = span_from(name, at);

		if (span_starts_with(rest, middle) && rest.n > middle.n) {
			*selector_out = span_sub(name, 0, at);
			*domain_out = span_from(rest, middle.n);
			return true;
		}
	}
	return false;
}

struct span
dns_name_reversed(struct arena *arena, struct span name)
{
	uint8_t *out = arena_alloc(arena, name.n + 1);
	size_t end = name.n, n = 0;

	if (name.n == 0)
		return (struct span){ out, 0 };
	for (size_t at = name.n;; at--) {
		if (at > 0 && name.p[at - 1] != '.')
			continue;
		memcpy(out + n, name.p + at, end - at);
		n += end - at;
		out[n++] = '\0';
		if (at == 0)
			return (struct span){ out, n };
		end = at - 1;
	}
}

bool
dns_name_is_within(struct span name, struct span parent)
{
	if (span_equal(name, parent))
		return true;
	return name.n > parent.n && parent.n > 0 &&
	    span_ends_with(name, parent) &&
	    name.p[name.n - parent.n - 1] == '.';
}
