/*
 * import_zone.c - master files, output of dig, drill and delv, and the .txt
 * files of opendkim-genkey (RFC 1035 section 5.1).
 *
 * The text is cut into words by zone_text.c; ldns reads the octets of each
 * character-string, so escapes mean what they mean to name servers.  Records
 * are kept to the end of the file, or of the answer of dig, as the time and
 * what a CNAME leads to may come later.
 */
#include "keysnap/base/rfc5234.h"
#include "keysnap/import/import_records.h"
#include "keysnap/import/recognise.h"
#include "keysnap/import/zone_found.h"
#include "keysnap/import/zone_rr.h"
#include "keysnap/key/dns_name.h"

#include <string.h>

struct zone {
	struct zone_found found;
	struct zone_text text;
	GString *origin, *owner; /* absolute names, without the last dot */
	bool has_origin, has_owner;
	int64_t ttl;     /* of $TTL, or -1 */
	GString *apex;   /* owner of the last SOA, canonical; empty: none */
	uint32_t serial; /* of it */
	bool too_large;
};

/* The absolute form of a name, without the last dot.  False when it is
 * relative and no origin is known. */
static bool
make_absolute(const struct zone *zone, struct span text, GString *out)
{
	bool is_origin = span_equal(text, SPAN("@"));
	bool is_absolute = span_ends_with(text, SPAN("."));

	g_string_truncate(out, 0);
	if (!is_absolute && !zone->has_origin)
		return false;
	if (is_absolute)
		text.n--;
	if (!is_origin)
		g_string_append_len(out, (const char *)text.p, (gssize)text.n);
	if (!is_absolute && zone->origin->len > 0) {
		if (!is_origin)
			g_string_append_c(out, '.');
		g_string_append_len(
		    out, zone->origin->str, (gssize)zone->origin->len);
	}
	return true;
}

static struct span
span_of(const GString *string)
{
	return (struct span){ (const uint8_t *)string->str, string->len };
}

static const char *
read_txt(struct zone *zone, const struct zone_rr *rr, struct zone_item *item)
{
	const struct zone_token *tokens = rr->record->tokens + rr->rdata;
	size_t n = rr->record->n - rr->rdata, total = 0;

	if (n == 0)
		return "a TXT record without a string";
	if (!tokens[0].quoted && span_equal(tokens[0].text, SPAN("\\#")))
		return "RDATA in the notation of RFC 3597 is not read";
	if (n > ENTRY_STRINGS_MAX)
		return "more character-strings than a record can hold";
	item->strings = arena_alloc_array(
	    zone->found.items.arena, n, sizeof(*item->strings));
	item->n_strings = n;
	for (size_t i = 0; i < n; i++) {
		const char *fault = zone_string_read(
		    zone->found.items.arena, tokens[i].text, &item->strings[i]);

		if (fault != NULL)
			return fault;
		total += item->strings[i].n + 1;
	}
	return total > ENTRY_TXT_MAX ? "longer than a TXT record can be" : NULL;
}

static const char *
read_cname(struct zone *zone, const struct zone_rr *rr, struct zone_item *item)
{
	g_autoptr(GString) target = g_string_new(NULL);

	if (rr->record->n != rr->rdata + 1)
		return "a CNAME record without exactly one name";
	if (!make_absolute(zone, rr->record->tokens[rr->rdata].text, target))
		return "a relative name: give $ORIGIN or --domain";
	if (dns_name_canonical(zone->found.items.arena, span_of(target),
		&item->target) != DNS_NAME_OK)
		return "a CNAME to a name that no key name has";
	return NULL;
}

static bool
mentions_domainkey(const GString *name)
{
	g_autofree char *lower = g_ascii_strdown(name->str, -1);

	return strstr(lower, "_domainkey") != NULL;
}

/* A master file begins with its SOA (RFC 1035 section 5.2), and one from a
 * transfer ends with it, too. */
static void
take_soa(struct zone *zone, const struct zone_rr *rr)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span apex;

	g_string_truncate(zone->apex, 0);
	if (!zone->has_owner || !rr->is_internet ||
	    zone->found.answer.section != ZONE_SECTION_NONE ||
	    dns_name_canonical(arena, span_of(zone->owner), &apex) !=
		DNS_NAME_OK ||
	    !zone_serial_read(rr, &zone->serial))
		return;
	g_string_append_len(zone->apex, (const char *)apex.p, (gssize)apex.n);
}

/* The serial is that of the zone which the record lies in. */
static void
set_serial(const struct zone *zone, struct zone_item *item)
{
	item->has_serial = zone->apex->len > 0 &&
	    dns_name_is_within(item->name, span_of(zone->apex));
	item->serial = item->has_serial ? zone->serial : 0;
}

/* Keep a TXT or CNAME record. */
static void
take_key_record(struct zone *zone, const struct zone_rr *rr, bool is_cname)
{
	struct zone_item item = { .line = rr->record->line,
		.ttl = rr->ttl,
		.in_answer = zone->found.answer.section == ZONE_SECTION_ANSWER,
		.validated = zone->found.answer.validated };
	const char *fault;

	if (!zone_items_count(&zone->found.items, zone->text.octets)) {
		zone->too_large = true;
		return;
	}
	if (!zone->has_owner) {
		zone_complain(&zone->found, item.line,
		    "a relative name: give $ORIGIN or --domain");
		return;
	}
	if (dns_name_canonical(zone->found.items.arena, span_of(zone->owner),
		&item.name) != DNS_NAME_OK) {
		/* "*.example.com" and the like hold no keys. */
		if (mentions_domainkey(zone->owner))
			zone_complain(&zone->found, item.line,
			    "not a name that a key can have");
		else
			zone_pass_over(&zone->found, item.line);
		return;
	}
	fault =
	    is_cname ? read_cname(zone, rr, &item) : read_txt(zone, rr, &item);
	if (fault != NULL && mentions_domainkey(zone->owner)) {
		zone_complain(&zone->found, item.line, fault);
	} else if (fault != NULL) {
		zone_pass_over(&zone->found, item.line);
	} else {
		set_serial(zone, &item);
		zone_items_add(&zone->found.items, &item);
	}
}

/* Hand on what DNSSEC chains can be made of, from any section. */
static void
hand_on(struct zone *zone, const struct zone_rr *rr)
{
	g_autoptr(GString) rdata = g_string_new(NULL);
	struct import_record_text text = {
		.owner = span_of(zone->owner),
		.type = rr->type,
		.origin = span_of(zone->origin),
		.ttl = rr->ttl,
	};

	if (!zone->has_owner || !rr->is_internet)
		return;
	for (size_t i = rr->rdata; i < rr->record->n; i++) {
		const struct zone_token *token = &rr->record->tokens[i];
		const char *quote = token->quoted ? "\"" : "";

		g_string_append(rdata, quote);
		g_string_append_len(
		    rdata, (const char *)token->text.p, (gssize)token->text.n);
		g_string_append_printf(rdata, "%s ", quote);
	}
	text.rdata = span_of(rdata);
	import_records_text(&text, zone->found.output);
}

static void
take_rr(struct zone *zone, const struct zone_rr *rr)
{
	bool is_cname = span_equal_nocase(rr->type, SPAN("CNAME"));
	bool is_txt = span_equal_nocase(rr->type, SPAN("TXT")) ||
	    span_equal_nocase(rr->type, SPAN("TYPE16"));
	bool in_answer = zone->found.answer.section == ZONE_SECTION_NONE ||
	    zone->found.answer.section == ZONE_SECTION_ANSWER;

	hand_on(zone, rr);
	if (span_equal_nocase(rr->type, SPAN("SOA"))) {
		zone->found.answer.soa |= !in_answer;
		take_soa(zone, rr);
	}
	if (in_answer && rr->is_internet && (is_txt || is_cname))
		take_key_record(zone, rr, is_cname);
	else
		zone_pass_over(&zone->found, rr->record->line);
}

static const char *
take_directive(struct zone *zone, const struct zone_record *record)
{
	struct span name = record->tokens[0].text;
	struct span value = record->tokens[1].text;
	g_autoptr(GString) origin = g_string_new(NULL);

	if (record->n < 2)
		return "a directive without its value";
	if (span_equal_nocase(name, SPAN("$ORIGIN"))) {
		if (!make_absolute(zone, value, origin))
			return "a relative $ORIGIN: give --domain";
		g_string_assign(zone->origin, origin->str);
		zone->has_origin = true;
		return NULL;
	}
	if (span_equal_nocase(name, SPAN("$TTL")))
		return zone_ttl_parse(value, &zone->ttl) ? NULL : "a bad $TTL";
	return "a directive that is not read: only $ORIGIN and $TTL are";
}

/* Set the owner from the first word, or keep the last one. */
static const char *
take_owner(struct zone *zone, const struct zone_record *record)
{
	if (record->continues)
		return zone->owner->len > 0 || zone->has_owner
		    ? NULL
		    : "no name before the first record";
	if (record->tokens[0].quoted)
		return "a string where a name should be";
	zone->has_owner =
	    make_absolute(zone, record->tokens[0].text, zone->owner);
	if (!zone->has_owner) /* for messages only */
		g_string_append_len(zone->owner,
		    (const char *)record->tokens[0].text.p,
		    (gssize)record->tokens[0].text.n);
	return NULL;
}

static void
take_record(struct zone *zone, const struct zone_record *record)
{
	struct zone_rr rr = { .record = record, .ttl = zone->ttl };
	const char *fault = record->bad;

	if (fault == NULL && !record->continues && !record->tokens[0].quoted &&
	    span_starts_with(record->tokens[0].text, SPAN("$"))) {
		fault = take_directive(zone, record);
	} else if (fault == NULL) {
		fault = take_owner(zone, record);
		if (fault == NULL &&
		    !zone_rr_read(&rr, record->continues ? 0 : 1))
			fault = "not a record: no type";
		if (fault == NULL)
			take_rr(zone, &rr);
	}
	if (fault != NULL)
		zone_complain(&zone->found, record->line, fault);
}

static void
take_comment(void *user, uint64_t line, struct span text)
{
	struct zone *zone = user;

	if (zone_answer_begins(&zone->found.answer, text)) {
		zone_found_flush(&zone->found);
		zone_answer_clear(&zone->found.answer);
		g_string_truncate(zone->apex, 0);
	}
	zone_answer_take(&zone->found.answer, line, text);
	zone_found_absent(&zone->found, line, text);
	if (span_starts_with(span_trim_wsp(text), SPAN("----- DKIM key ")))
		zone->found.is_keyfile = true;
}

static void
zone_init(struct zone *zone, FILE *stream, const struct import_options *options,
    const struct import_output *output)
{
	struct span origin = options->origin;

	*zone = (struct zone){
		.found = { .options = options, .output = output },
		.ttl = -1,
		.has_origin = origin.n > 0,
		.origin = g_string_new(NULL),
		.owner = g_string_new(NULL),
		.apex = g_string_new(NULL),
	};
	if (span_ends_with(origin, SPAN(".")))
		origin.n--;
	g_string_append_len(
	    zone->origin, (const char *)origin.p, (gssize)origin.n);
	zone_text_init(&zone->text, stream, take_comment, zone);
	zone_answer_init(&zone->found.answer);
	zone_items_init(&zone->found.items);
}

static void
zone_clear(struct zone *zone)
{
	zone_text_clear(&zone->text);
	zone_answer_clear(&zone->found.answer);
	zone_items_clear(&zone->found.items);
	g_string_free(zone->origin, TRUE);
	g_string_free(zone->owner, TRUE);
	g_string_free(zone->apex, TRUE);
}

static bool
read_zone(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autofree struct zone_record *record = g_new0(struct zone_record, 1);
	struct zone zone;
	bool ok;

	zone_init(&zone, stream, options, output);
	while (!zone.too_large && zone_text_next(&zone.text, arena, record)) {
		take_record(&zone, record);
		arena_reset(arena);
	}
	ok = !import_lines_failed(&zone.text.lines, path, error);
	if (ok && zone.too_large) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s holds more TXT records than can be read at once; "
		    "split it",
		    path);
		ok = false;
	}
	if (ok)
		zone_found_flush(&zone.found);
	zone_clear(&zone);
	return ok;
}

/* "owner [TTL] [class] type": the type is the second to fourth word. */
static bool
looks_like_record(struct span line)
{
	static const char *const types[] = { "TXT", "CNAME", "SOA", "NS",
		"TYPE16" };

	for (int word = 0; word < 4 && line.n > 0; word++) {
		size_t n = 0;

		while (n < line.n && !rfc5234_is(line.p[n], RFC5234_WSP))
			n++;
		for (size_t i = 0; word > 0 && i < G_N_ELEMENTS(types); i++) {
			if (span_equal_nocase(span_sub(line, 0, n),
				span_from_string(types[i])))
				return true;
		}
		line = span_trim_wsp(span_from(line, n));
	}
	return false;
}

static bool
recognise_zone(struct span start)
{
	struct span line;

	while (recognise_line(&start, &line)) {
		if (span_starts_with(line, SPAN("; <<>> DiG ")) ||
		    span_starts_with(line, SPAN(";; ->>HEADER<<-")))
			return true;
		if (line.p[0] != ';')
			return span_starts_with(line, SPAN("$ORIGIN")) ||
			    span_starts_with(line, SPAN("$TTL")) ||
			    looks_like_record(line);
	}
	return false;
}

const struct importer import_zone = {
	.name = "zone",
	.description = "master files, output of dig, drill and delv, "
		       "opendkim-genkey .txt files",
	.recognise = recognise_zone,
	.read = read_zone,
};
