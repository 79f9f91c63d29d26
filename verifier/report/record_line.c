/* record_line.c - see record_line.h. */
#include "verifier/report/record_line.h"

#include "keysnap/base/timestamp.h"

/* The first "most" octets of "text", without half a character at the end. */
struct span
line_cut(struct span text, size_t most)
{
	if (text.n <= most)
		return text;
	while (most > 0 && (text.p[most] & 0xc0) == 0x80)
		most--;
	return span_sub(text, 0, most);
}

/* Is the line too long to be kept? */
bool
line_is_full(const struct line *line)
{
	return line->json.out->len - line->start >= RECORD_LINE_MAX;
}

/* Sizes and offsets: files past 2^53-1 octets do not exist, but a sparse one
 * can pretend to; the number then stands at its end. */
void
line_put_count(struct line *line, const char *name, uint64_t count)
{
	uint64_t most = (uint64_t)JSON_INTEGER_MAX;

	json_write_integer(&line->json, name, (int64_t)MIN(count, most));
}

void
line_put_days(struct line *line, const char *name, int64_t days)
{
	if (days < 0)
		json_write_null(&line->json, name);
	else
		json_write_integer(&line->json, name, days);
}

/* Text of the mail, or null when it has none. */
void
line_put_text(
    struct line *line, const char *name, const char *name_b64, struct span text)
{
	if (text.p == NULL)
		json_write_null(&line->json, name);
	else
		json_write_text(&line->json, name, name_b64,
		    line_cut(text, line->text_max));
}

/* Canonical text of ours, or null when it is empty. */
void
line_put_name(
    struct line *line, const char *name, const char *name_b64, struct span text)
{
	line_put_text(
	    line, name, name_b64, text.n > 0 ? text : (struct span){ 0 });
}

void
line_put_string(struct line *line, const char *name, const char *string)
{
	if (string == NULL)
		json_write_null(&line->json, name);
	else
		json_write_string(&line->json, name, string);
}

void
line_put_sha256(struct line *line, const char *name, const uint8_t *sha256)
{
	if (sha256 == NULL)
		json_write_null(&line->json, name);
	else
		json_write_hex(&line->json, name,
		    (struct span){ sha256, DIGEST_SHA256_SIZE });
}

/* t= may have twelve digits: years past 9999 have no text. */
void
line_put_time(struct line *line, const char *name, int64_t at)
{
	bool known = at >= TIMESTAMP_MIN && at <= TIMESTAMP_MAX;

	json_write_time(&line->json, name, known ? at : TIMESTAMP_NONE);
}

void
line_put_spans(
    struct line *line, const char *name, const struct span *spans, size_t n)
{
	json_open_array(&line->json, name);
	for (size_t i = 0; i < MIN(n, line->list_max); i++) {
		if (line_is_full(line))
			break; /* written anew, so what is left matters not */
		json_write_text(&line->json, NULL, NULL,
		    line_cut(spans[i], line->item_max));
	}
	json_close_array(&line->json);
}

/* The codes of the reasons of one kind, in their order. */
void
line_put_reasons(struct line *line, const char *name,
    const struct reasons *reasons, enum reason_kind kind)
{
	json_open_array(&line->json, name);
	for (size_t i = 0; i < reasons->n; i++) {
		const struct reason_row *row = reason_row(reasons->list[i]);
		bool note = row->verdict == VERDICTS;

		if (kind == REASON_KIND_ANY ||
		    note == (kind == REASON_KIND_NOTE))
			json_write_string(&line->json, NULL, row->code);
	}
	json_close_array(&line->json);
}
