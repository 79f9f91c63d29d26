/*
 * header_index.c - the header section, cut into fields (RFC 5322 2.2, 4.5).
 *
 * First the end of the section is looked for in the raw octets, then the
 * section is pushed through the reading into the arena, then cut.  Limits:
 * HEADER_SECTION_MAX, HEADER_FIELDS_MAX.
 */
#include "verifier/message/header_index.h"

#include "keysnap/base/octets16.h"

/* Where the section and the body lie in the raw octets. */
struct extent {
	size_t section_end; /* before the empty line */
	size_t body_at;
	bool terminated;
	size_t line_feeds; /* in the section: each may grow by a CR */
	size_t bare;       /* of these, without CR */
};

/* A sink that appends to memory known to be large enough. */
struct gather {
	struct sink sink; /* first */
	uint8_t *p;
	size_t n, size;
};

static void
gather_push(struct sink *sink, struct span span)
{
	struct gather *gather = (struct gather *)sink;

	g_assert(span.n <= gather->size - gather->n);
	memcpy(gather->p + gather->n, span.p, span.n);
	gather->n += span.n;
}

/* ---- the extent in the raw octets ---------------------------------------- */

/* Does an edit take away an octet of [at, at + n)? */
static bool
is_edited(const struct reading *reading, size_t at, size_t n)
{
	for (size_t i = 0; i < reading->n_edits; i++) {
		const struct edit *edit = &reading->edits[i];
		if (edit->at < at + n && edit->at + edit->remove > at)
			return true;
	}
	return false;
}

/* The octets of the empty line that begins at "rest", or 0. */
static size_t
empty_line(struct span rest, const struct reading *reading)
{
	if (span_starts_with(rest, SPAN("\r\n")))
		return 2;
	if (reading->line_ends == LINE_ENDS_CRLF && rest.n > 0 &&
	    rest.p[0] == '\n')
		return 1;
	return 0;
}

static struct extent
find_extent(struct span raw, const struct reading *reading)
{
	struct extent extent = { .section_end = raw.n, .body_at = raw.n };
	bool line_start = true;

	for (size_t at = 0; at < raw.n;) {
		struct span rest = span_from(raw, at);
		size_t n = line_start ? empty_line(rest, reading) : 0;
		if (n > 0 && !is_edited(reading, at, n)) {
			extent.section_end = at;
			extent.body_at = at + n;
			extent.terminated = true;
			break;
		}
		size_t lf = at + span_find(rest, '\n');
		if (lf == raw.n)
			break;
		bool crlf = lf > 0 && raw.p[lf - 1] == '\r';
		extent.line_feeds++;
		extent.bare += crlf ? 0 : 1;
		line_start = crlf || reading->line_ends == LINE_ENDS_CRLF;
		at = lf + 1;
	}
	return extent;
}

/* ---- the section as the reading has it ----------------------------------- */

/* Octets that edits may put into the section, each an LF that may become
 * CRLF. */
static size_t
inserted(const struct reading *reading, size_t section_end)
{
	size_t n = 0;

	for (size_t i = 0; i < reading->n_edits; i++) {
		if (reading->edits[i].at <= section_end)
			n += 2 * reading->edits[i].insert.n;
	}
	return n;
}

/* Is the section as the reading has it just as it is stored? */
static bool
is_unchanged(const struct reading *reading, const struct extent *extent)
{
	return reading->n_edits == 0 && reading->quoting == QUOTING_KEPT &&
	    (reading->line_ends == LINE_ENDS_KEPT ||
		(extent->bare == 0 && extent->terminated));
}

static struct span
read_section(struct arena *arena, uint8_t *buffer, struct span raw,
    const struct reading *reading, const struct extent *extent)
{
	struct gather gather = { .sink = { gather_push } };
	struct reading_stream stream;

	if (is_unchanged(reading, extent))
		return span_sub(raw, 0, extent->section_end);
	gather.size = extent->section_end + extent->line_feeds +
	    inserted(reading, extent->section_end) + 2;
	gather.p = arena_alloc(arena, gather.size);
	reading_start(&stream, reading, buffer, &gather.sink);
	reading_push(&stream, span_sub(raw, 0, extent->section_end));
	reading_finish(&stream,
	    !extent->terminated && reading->line_ends == LINE_ENDS_CRLF);
	return (struct span){ gather.p, gather.n };
}

/* ---- lines --------------------------------------------------------------- */

/* Octets of the first line of "rest", with its CRLF if it has one. */
static size_t
line_length(struct span rest)
{
	size_t at = 0;

	for (;;) {
		at += span_find(span_from(rest, at), '\n');
		if (at == rest.n)
			return at;
		if (at > 0 && rest.p[at - 1] == '\r')
			return at + 1;
		at++;
	}
}

static bool
is_continuation(struct span rest)
{
	return rest.n > 0 && rfc5234_is(rest.p[0], RFC5234_WSP);
}

/* Octets of the first line of "rest" and the lines that continue it. */
static size_t
folded_length(struct span rest, size_t *lines_out)
{
	size_t n = line_length(rest);

	*lines_out = 1;
	while (is_continuation(span_from(rest, n)) && n < rest.n) {
		n += line_length(span_from(rest, n));
		(*lines_out)++;
	}
	return n;
}

/* field-name, WSP (obsolete syntax, RFC 5322 4.5), ":". */
static bool
parse_field(struct header_field *field, struct span whole)
{
	size_t name = 0, colon;

	while (name < whole.n && rfc5234_is(whole.p[name], RFC5322_FTEXT))
		name++;
	for (colon = name; colon < whole.n; colon++) {
		if (!rfc5234_is(whole.p[colon], RFC5234_WSP))
			break;
	}
	if (name == 0 || colon == whole.n || whole.p[colon] != ':')
		return false;
	field->whole = whole;
	field->name = span_sub(whole, 0, name);
	field->value = span_from(whole, colon + 1);
	if (span_ends_with(field->value, SPAN("\r\n")))
		field->value.n -= 2;
	field->name_hash = header_name_hash(field->name);
	return true;
}

/* The From_ line that a mailbox left on top is no defect of the message. */
static bool
is_from_line(struct span line)
{
	return span_starts_with(line, SPAN("From ")) ||
	    span_starts_with(line, SPAN(">From "));
}

/* The section into fields, of which there is room for "most"; one more is
 * counted.  Lines that are none are only counted. */
static void
cut(struct header_index *index, size_t most)
{
	struct span rest = index->section;

	while (rest.n > 0 && index->n <= most) {
		struct header_field field;
		size_t lines, length = folded_length(rest, &lines);
		struct span whole = span_sub(rest, 0, length);
		if (parse_field(&field, whole)) {
			if (index->n < most)
				index->fields[index->n] = field;
			index->n++;
		} else if (index->n > 0 || !is_from_line(whole)) {
			index->no_field_lines += lines;
		}
		rest = span_from(rest, length);
	}
}

/* Is the octet at "at" a CR without LF, an LF without CR, or NUL? */
static bool
is_stray(struct span section, size_t at)
{
	const uint8_t *p = section.p + at;

	if (*p == '\r')
		return at + 1 == section.n || p[1] != '\n';
	if (*p == '\n')
		return at == 0 || p[-1] != '\r';
	return *p == '\0';
}

/* Is one of the OCTETS16 octets at "p" stray?  Reads one more on each side. */
static bool
block_has_stray(const uint8_t *p)
{
	octets16 here = octets16_load(p);
	octets16 cr = octets16_equal(here, '\r');
	octets16 lf = octets16_equal(here, '\n');
	octets16 lf_behind = octets16_equal(octets16_load(p + 1), '\n');
	octets16 cr_before = octets16_equal(octets16_load(p - 1), '\r');

	return octets16_any(
	    (cr & ~lf_behind) | (lf & ~cr_before) | octets16_equal(here, '\0'));
}

static size_t
count_stray_octets(struct span section)
{
	size_t count = 0;

	for (size_t at = 0; at < section.n;) {
		if (at > 0 && section.n - at > OCTETS16 &&
		    !block_has_stray(section.p + at)) {
			at += OCTETS16;
			continue;
		}
		size_t end = MIN(at + OCTETS16, section.n);
		for (; at < end; at++)
			count += is_stray(section, at) ? 1 : 0;
	}
	return count;
}

/* ---- public -------------------------------------------------------------- */

enum header_status
header_index_build(struct header_index *index, struct arena *arena,
    uint8_t *buffer, struct span raw, const struct reading *reading,
    size_t *body_out)
{
	struct extent extent = find_extent(raw, reading);

	*index = (struct header_index){ .terminated = extent.terminated };
	*body_out = extent.body_at;
	if (extent.section_end > HEADER_SECTION_MAX)
		return HEADER_TOO_LARGE;
	index->section = read_section(arena, buffer, raw, reading, &extent);
	index->leading_bom =
	    span_starts_with(index->section, SPAN("\xef\xbb\xbf"));
	index->stray_octets = count_stray_octets(index->section);
	size_t most = MIN(HEADER_FIELDS_MAX,
	    1 + extent.line_feeds + inserted(reading, extent.section_end));
	struct header_field *fields =
	    arena_alloc_array(arena, most, sizeof(*fields));
	index->fields = fields;
	cut(index, most);
	if (index->n > 0 && index->n <= most)
		return HEADER_OK;
	bool none = index->n == 0;
	index->fields = NULL;
	index->n = 0;
	return none ? HEADER_EMPTY : HEADER_TOO_MANY;
}

static bool
has_name(const struct header_field *field, struct span name, uint32_t hash)
{
	return field->name_hash == hash && span_equal_nocase(field->name, name);
}

struct span
header_name_lower(struct arena *arena, struct span name)
{
	uint8_t *text = arena_alloc(arena, name.n + 1);

	for (size_t i = 0; i < name.n; i++)
		text[i] = rfc5234_lower(name.p[i]);
	return (struct span){ text, name.n };
}

size_t
header_count(const struct header_index *index, struct span name)
{
	uint32_t hash = header_name_hash(name);
	size_t count = 0;

	for (size_t i = 0; i < index->n; i++) {
		if (has_name(&index->fields[i], name, hash))
			count++;
	}
	return count;
}

const struct header_field *
header_get(const struct header_index *index, struct span name, size_t nth)
{
	uint32_t hash = header_name_hash(name);

	for (size_t i = 0; i < index->n; i++) {
		if (has_name(&index->fields[i], name, hash) && nth-- == 0)
			return &index->fields[i];
	}
	return NULL;
}
