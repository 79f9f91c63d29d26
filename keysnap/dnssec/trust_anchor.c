/*
 * trust_anchor.c - trust anchors from lines, from XML, and those built in.
 *
 * The XML of RFC 9718 is read with GLib's GMarkup: it knows neither document
 * types nor entities of the file's own, so a file can name no other file.
 */
#include "keysnap/dnssec/trust_anchor.h"
#include "keysnap/base/timestamp.h"

#include <string.h>

/* IANA's root-anchors.xml, as it was on 2026-10-04: KeyDigest with id,
 * validFrom, validUntil.  KSK-2010 signed until 2018-10-11 and was revoked on
 * 2019-01-11 at 14:00 UTC (dns-operations of that day); KSK-2017 signs since
 * 2018-10-11 16:00 UTC and was published before; KSK-2024 is in the zone since
 * 2025-01-11. */
static const char builtin[] =
    "<TrustAnchor><Zone>.</Zone>"
    "<KeyDigest id='Kjqmt7v' validFrom='2010-07-15T00:00:00+00:00'"
    " validUntil='2019-01-11T00:00:00+00:00'>"
    "<KeyTag>19036</KeyTag><Algorithm>8</Algorithm>"
    "<DigestType>2</DigestType><Digest>"
    "49AAC11D7B6F6446702E54A1607371607A1A41855200FD2CE1CDDE32F24E8FB5"
    "</Digest></KeyDigest>"
    "<KeyDigest id='Klajeyz' validFrom='2017-02-02T00:00:00+00:00'>"
    "<KeyTag>20326</KeyTag><Algorithm>8</Algorithm>"
    "<DigestType>2</DigestType><Digest>"
    "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"
    "</Digest></KeyDigest>"
    "<KeyDigest id='Kmyv6jo' validFrom='2024-07-18T00:00:00+00:00'>"
    "<KeyTag>38696</KeyTag><Algorithm>8</Algorithm>"
    "<DigestType>2</DigestType><Digest>"
    "683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16"
    "</Digest></KeyDigest></TrustAnchor>";

enum field {
	FIELD_ZONE,
	FIELD_TAG,
	FIELD_ALGORITHM,
	FIELD_TYPE,
	FIELD_DIGEST,
	FIELDS,
	FIELD_OTHER = FIELDS
};

static const char *const field_names[FIELDS] = { "Zone", "KeyTag", "Algorithm",
	"DigestType", "Digest" };

/* What GMarkup has come to. */
struct reading {
	struct trust_anchors *anchors;
	char *fields[FIELDS];
	enum field field;
	bool in_anchor, in_digest;
	int64_t from, until;
};

static void
free_anchor(gpointer user)
{
	struct trust_anchor *anchor = user;

	ldns_rr_free(anchor->ds);
	g_free(anchor);
}

static struct trust_anchors *
make_anchors(void)
{
	struct trust_anchors *anchors = g_new0(struct trust_anchors, 1);

	anchors->items = g_ptr_array_new_with_free_func(free_anchor);
	return anchors;
}

void
trust_anchors_free(struct trust_anchors *anchors)
{
	if (anchors == NULL)
		return;
	g_ptr_array_free(anchors->items, TRUE);
	g_free(anchors);
}

static size_t
digest_length(const ldns_rr *ds)
{
	switch (ldns_rdf2native_int8(ldns_rr_rdf(ds, 2))) {
	case LDNS_SHA256:
		return 32;
	case LDNS_SHA384:
		return 48;
	default:
		return 0;
	}
}

/* Add the record that "text" is; NULL, or why not. */
static const char *
add_anchor(struct trust_anchors *anchors, const char *text, int64_t from,
    int64_t until)
{
	struct trust_anchor *anchor;
	g_autoptr(ldns_rr) ds = NULL;

	if (ldns_rr_new_frm_str(&ds, text, 0, NULL, NULL) != LDNS_STATUS_OK) {
		ds = NULL;
		return "not a DS record";
	}
	if (ldns_rr_get_type(ds) != LDNS_RR_TYPE_DS ||
	    ldns_rr_get_class(ds) != LDNS_RR_CLASS_IN ||
	    ldns_rr_rd_count(ds) != 4)
		return "not a DS record";
	if (digest_length(ds) == 0)
		return "a digest that is neither SHA-256 (2) nor SHA-384 (4)";
	if (ldns_rdf_size(ldns_rr_rdf(ds, 3)) != digest_length(ds))
		return "a digest of the wrong length";
	if (anchors->items->len == TRUST_ANCHORS_MAX)
		return "more trust anchors than a file may have";
	anchor = g_new(struct trust_anchor, 1);
	*anchor = (struct trust_anchor){ ds, from, until };
	ds = NULL;
	g_ptr_array_add(anchors->items, anchor);
	return NULL;
}

static enum field
field_of(const char *name)
{
	for (int i = 0; i < FIELDS; i++) {
		if (strcmp(name, field_names[i]) == 0)
			return (enum field)i;
	}
	return FIELD_OTHER;
}

static void
set_bad(GError **error, const char *why)
{
	g_set_error(
	    error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "%s", why);
}

static bool
read_time(const char *text, int64_t *at_out)
{
	enum timestamp_precision precision;

	return text == NULL ||
	    timestamp_parse_lenient(span_from_string(text), at_out, &precision);
}

static void
begin_digest(struct reading *reading, const char *const *names,
    const char *const *values, GError **error)
{
	const char *from = NULL, *until = NULL;

	for (; *names != NULL; names++, values++) {
		if (strcmp(*names, "validFrom") == 0)
			from = *values;
		else if (strcmp(*names, "validUntil") == 0)
			until = *values;
	}
	reading->in_digest = true;
	reading->from = reading->until = TIMESTAMP_NONE;
	for (int i = FIELD_TAG; i < FIELDS; i++)
		g_clear_pointer(&reading->fields[i], g_free);
	if (!read_time(from, &reading->from) ||
	    !read_time(until, &reading->until))
		set_bad(error, "validFrom or validUntil is not a time");
}

static void
begin_element(GMarkupParseContext *context, const char *name,
    const char **names, const char **values, gpointer user, GError **error)
{
	struct reading *reading = user;
	bool is_root =
	    g_markup_parse_context_get_element_stack(context)->next == NULL;

	reading->field = field_of(name);
	if (is_root != (strcmp(name, "TrustAnchor") == 0))
		set_bad(error, "not TrustAnchor of RFC 9718");
	else if (strcmp(name, "KeyDigest") == 0)
		begin_digest(reading, names, values, error);
}

static void
take_text(GMarkupParseContext *context, const char *text, gsize n,
    gpointer user, GError **error)
{
	struct reading *reading = user;
	g_autofree char *copy = g_strstrip(g_strndup(text, n));

	(void)context;
	if (reading->field == FIELD_OTHER || *copy == '\0')
		return;
	if (reading->fields[reading->field] != NULL &&
	    reading->field != FIELD_ZONE)
		set_bad(error, "an element of KeyDigest is there twice");
	/* Words only, so that what is put together is one record. */
	else if (strspn(copy,
		     "0123456789abcdefghijklmnopqrstuvwxyz"
		     "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_") != strlen(copy))
		set_bad(error, "text that no DS record has");
	g_free(reading->fields[reading->field]);
	reading->fields[reading->field] = g_steal_pointer(&copy);
}

static void
end_element(GMarkupParseContext *context, const char *name, gpointer user,
    GError **error)
{
	struct reading *reading = user;
	g_autofree char *text = NULL;
	const char *why;

	(void)context;
	reading->field = FIELD_OTHER;
	if (strcmp(name, "KeyDigest") != 0)
		return;
	for (int i = 0; i < FIELDS; i++) {
		if (reading->fields[i] == NULL) {
			set_bad(error, "KeyDigest lacks an element");
			return;
		}
	}
	text = g_strdup_printf("%s IN DS %s %s %s %s", reading->fields[0],
	    reading->fields[1], reading->fields[2], reading->fields[3],
	    reading->fields[4]);
	why = add_anchor(reading->anchors, text, reading->from, reading->until);
	if (why != NULL)
		set_bad(error, why);
}

static const char *
read_xml(struct trust_anchors *anchors, struct span text, char **why_out)
{
	static const GMarkupParser parser = { .start_element = begin_element,
		.end_element = end_element,
		.text = take_text };
	struct reading reading = { .anchors = anchors, .field = FIELD_OTHER };
	GMarkupParseContext *context = g_markup_parse_context_new(
	    &parser, G_MARKUP_DEFAULT_FLAGS, &reading, NULL);
	g_autoptr(GError) error = NULL;

	if (!g_markup_parse_context_parse(
		context, (const char *)text.p, (gssize)text.n, &error) ||
	    !g_markup_parse_context_end_parse(context, &error))
		*why_out = g_strdup(error->message);
	g_markup_parse_context_free(context);
	for (int i = 0; i < FIELDS; i++)
		g_free(reading.fields[i]);
	return *why_out;
}

/* One line, with its comment and white space around it. */
static const char *
read_line(struct trust_anchors *anchors, struct span line)
{
	g_autofree char *copy = NULL;

	line = span_sub(line, 0, span_find(line, ';'));
	line = span_trim_fws(span_sub(line, 0, span_find(line, '#')));
	if (line.n == 0)
		return NULL;
	if (line.n > TRUST_ANCHOR_LINE_MAX)
		return "a line that is too long";
	if (memchr(line.p, '\0', line.n) != NULL)
		return "not a DS record";
	copy = span_dup(line);
	return add_anchor(anchors, copy, TIMESTAMP_NONE, TIMESTAMP_NONE);
}

static const char *
read_lines(struct trust_anchors *anchors, struct span text, unsigned *line_out)
{
	while (text.n > 0) {
		size_t n = span_find(text, '\n');
		const char *why = read_line(anchors, span_sub(text, 0, n));

		++*line_out;
		if (why != NULL)
			return why;
		text = span_from(text, n + 1);
	}
	*line_out = 0;
	return NULL;
}

struct trust_anchors *
trust_anchors_read(struct span text, char **why_out, unsigned *line_out)
{
	g_autoptr(trust_anchors_auto) anchors = make_anchors();
	struct span start = span_trim_fws(text);
	const char *why;

	*why_out = NULL;
	*line_out = 0;
	if (text.n > TRUST_ANCHOR_FILE_MAX) {
		*why_out = g_strdup("larger than such a file may be");
		return NULL;
	}
	if (span_starts_with(start, SPAN("<"))) {
		read_xml(anchors, start, why_out);
	} else {
		why = read_lines(anchors, text, line_out);
		*why_out = g_strdup(why);
	}
	if (*why_out == NULL && anchors->items->len == 0)
		*why_out = g_strdup("no trust anchor in it");
	return *why_out == NULL ? g_steal_pointer(&anchors) : NULL;
}

struct trust_anchors *
trust_anchors_builtin(void)
{
	char *why;
	unsigned line;
	struct trust_anchors *anchors = trust_anchors_read(
	    (struct span){ (const uint8_t *)builtin, sizeof(builtin) - 1 },
	    &why, &line);

	g_assert(anchors != NULL);
	return anchors;
}

char *
trust_anchor_text(const struct trust_anchor *anchor)
{
	g_autofree char *zone = zone_name_text(ldns_rr_owner(anchor->ds));
	const ldns_rdf *digest = ldns_rr_rdf(anchor->ds, 3);
	GString *out = g_string_new(NULL);

	g_string_printf(out, "%s IN DS %u %u %u ", zone,
	    ldns_rdf2native_int16(ldns_rr_rdf(anchor->ds, 0)),
	    ldns_rdf2native_int8(ldns_rr_rdf(anchor->ds, 1)),
	    ldns_rdf2native_int8(ldns_rr_rdf(anchor->ds, 2)));
	for (size_t i = 0; i < ldns_rdf_size(digest); i++)
		g_string_append_printf(out, "%02x", ldns_rdf_data(digest)[i]);
	return g_string_free(out, FALSE);
}

bool
trust_anchor_fits(const ldns_rr *ds, const ldns_rr *key)
{
	g_autoptr(ldns_rr) made = NULL;

	if (digest_length(ds) == 0 ||
	    !zone_name_equal(ldns_rr_owner(ds), ldns_rr_owner(key)) ||
	    ldns_rdf2native_int16(ldns_rr_rdf(ds, 0)) !=
		ldns_calc_keytag(key) ||
	    ldns_rdf2native_int8(ldns_rr_rdf(ds, 1)) !=
		ldns_rdf2native_int8(ldns_rr_dnskey_algorithm(key)))
		return false;
	made = ldns_key_rr2ds(
	    key, (ldns_hash)ldns_rdf2native_int8(ldns_rr_rdf(ds, 2)));
	return made != NULL &&
	    ldns_rdf_compare(ldns_rr_rdf(ds, 3), ldns_rr_rdf(made, 3)) == 0;
}
