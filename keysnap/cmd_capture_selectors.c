/*
 * cmd_capture_selectors.c - lines of a list of selectors that stand for dates.
 */
#include "keysnap/cmd_capture_selectors.h"

#include <glib.h>
#include <string.h>

/* A part of a date in a line, and where it stands in "2016-10-31". */
static const struct part {
	const char *letters;
	size_t at;
	enum timestamp_precision precision;
} parts[] = {
	{ "YYYY", 0, TIMESTAMP_YEAR }, /* before the next one */
	{ "YY", 2, TIMESTAMP_YEAR },
	{ "MM", 5, TIMESTAMP_MONTH },
	{ "DD", 8, TIMESTAMP_DAY_PRECISION },
};

bool
capture_dates_parse(struct span text, struct capture_dates *dates_out)
{
	size_t dots = span_find(text, '.');
	enum timestamp_precision precision;

	return span_starts_with(span_from(text, dots), SPAN("..")) &&
	    timestamp_parse_lenient(
		span_sub(text, 0, dots), &dates_out->first, &precision) &&
	    timestamp_parse_lenient(
		span_from(text, dots + 2), &dates_out->last, &precision) &&
	    (dates_out->last = timestamp_end(dates_out->last, precision)) >=
	    dates_out->first;
}

struct capture_dates
capture_dates_until(int64_t now)
{
	struct timestamp_fields fields = { .month = 1, .day = 1 };
	struct capture_dates dates = { .last = now };
	char text[TIMESTAMP_SIZE];

	timestamp_format(now, text);
	for (int i = 0; i < 4; i++)
		fields.year = 10 * fields.year + (text[i] - '0');
	fields.year -= CAPTURE_DATE_YEARS;
	if (!timestamp_from_fields(&fields, &dates.first))
		dates.first = TIMESTAMP_MIN;
	return dates;
}

/* The part that "text" begins with, or NULL. */
static const struct part *
part_at(struct span text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (span_starts_with(text, span_from_string(parts[i].letters)))
			return &parts[i];
	}
	return NULL;
}

/* The finest part of what stands between the brackets, or NULL. */
static const struct part *
finest_of(struct span pattern)
{
	const struct part *finest = NULL;

	while (pattern.n > 0) {
		const struct part *part = part_at(pattern);

		if (part != NULL &&
		    (finest == NULL || part->precision < finest->precision))
			finest = part;
		pattern = span_from(
		    pattern, part == NULL ? 1 : strlen(part->letters));
	}
	return finest;
}

static void
append_date(GString *out, struct span pattern, int64_t at)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(at, text);
	while (pattern.n > 0) {
		const struct part *part = part_at(pattern);
		size_t n = part == NULL ? 1 : strlen(part->letters);

		g_string_append_len(out,
		    part == NULL ? (const char *)pattern.p : text + part->at,
		    (gssize)n);
		pattern = span_from(pattern, n);
	}
}

bool
capture_selectors_expand(struct span line, const struct capture_dates *dates,
    bool (*each)(void *user, struct span selector), void *user)
{
	size_t open = span_find(line, '['), close = span_find(line, ']');
	struct span pattern = { NULL, 0 };
	const struct part *finest;
	bool ok = true;

	if (open == line.n && close == line.n)
		return each(user, line);
	if (open < close && close < line.n)
		pattern = span_sub(line, open + 1, close - open - 1);
	finest = finest_of(pattern);
	if (finest == NULL)
		return false;
	for (int64_t at = dates->first; at <= dates->last && ok;
	     at = timestamp_end(at, finest->precision) + 1) {
		g_autoptr(GString) selector =
		    g_string_new_len((const char *)line.p, (gssize)open);

		append_date(selector, pattern, at);
		g_string_append_len(selector, (const char *)line.p + close + 1,
		    (gssize)(line.n - close - 1));
		ok = each(user,
		    (struct span){
			(const uint8_t *)selector->str, selector->len });
	}
	return ok;
}
