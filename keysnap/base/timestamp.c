/*
 * timestamp.c - instants as text, by the proleptic Gregorian calendar.
 *
 * Own arithmetic: libc's functions read the time zone and the locale.
 */
#include "keysnap/base/timestamp.h"

#include "keysnap/base/rfc5234.h"

#include <glib.h>

static const char *const precision_names[] = { "second", "minute", "hour",
	"day", "month", "year" };

const char *
timestamp_precision_name(enum timestamp_precision precision)
{
	g_assert((size_t)precision < G_N_ELEMENTS(precision_names));
	return precision_names[precision];
}

bool
timestamp_precision_from_name(
    struct span name, enum timestamp_precision *precision_out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(precision_names); i++) {
		if (span_equal(name, span_from_string(precision_names[i]))) {
			*precision_out = (enum timestamp_precision)i;
			return true;
		}
	}
	return false;
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/*
 * Days from 1970-01-01 to a date.  Years are counted from March, so that the
 * leap day is the last of its year; "+ 400" keeps the year 0 positive.
 */
static int64_t
days_from_civil(int year, int month, int day)
{
	int64_t y = year + 400 - (month <= 2);
	int64_t day_of_year =
	    (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return 365 * y + y / 4 - y / 100 + y / 400 + day_of_year - 719468 -
	    146097;
}

/* The way back; the 146097 days of 400 years repeat. */
static void
civil_from_days(int64_t days, struct timestamp_fields *fields)
{
	int64_t z = days + 719468 + 146097;
	int64_t era = z / 146097;
	int64_t doe = z % 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t month = (5 * doy + 2) / 153; /* 0 is March */

	fields->day = (int)(doy - (153 * month + 2) / 5 + 1);
	fields->month = (int)(month < 10 ? month + 3 : month - 9);
	fields->year = (int)(yoe + era * 400 - 400 + (fields->month <= 2));
}

static void
fields_from_timestamp(int64_t at, struct timestamp_fields *fields)
{
	int64_t days = (at - TIMESTAMP_MIN) / TIMESTAMP_DAY;
	int64_t rest = (at - TIMESTAMP_MIN) % TIMESTAMP_DAY;

	g_assert(at >= TIMESTAMP_MIN && at <= TIMESTAMP_MAX);
	civil_from_days(days + TIMESTAMP_MIN / TIMESTAMP_DAY, fields);
	fields->hour = (int)(rest / 3600);
	fields->minute = (int)(rest / 60 % 60);
	fields->second = (int)(rest % 60);
}

static bool
fields_in_range(const struct timestamp_fields *f)
{
	return f->year >= 0 && f->year <= 9999 && f->month >= 1 &&
	    f->month <= 12 && f->day >= 1 &&
	    f->day <= days_in_month(f->year, f->month) && f->hour >= 0 &&
	    f->hour <= 23 && f->minute >= 0 && f->minute <= 59 &&
	    f->second >= 0 && f->second <= 60;
}

bool
timestamp_from_fields(const struct timestamp_fields *fields, int64_t *at_out)
{
	if (!fields_in_range(fields))
		return false;
	*at_out = days_from_civil(fields->year, fields->month, fields->day) *
		TIMESTAMP_DAY +
	    fields->hour * 3600 + fields->minute * 60 +
	    (fields->second == 60 ? 59 : fields->second);
	return true;
}

/* Write "value" as "n" digits and "after"; returns the place behind. */
static char *
write_digits(char *out, int value, int n, char after)
{
	for (int i = n - 1; i >= 0; i--) {
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
	out[n] = after;
	return out + n + 1;
}

void
timestamp_format(int64_t at, char out[TIMESTAMP_SIZE])
{
	struct timestamp_fields f;

	fields_from_timestamp(at, &f);
	out = write_digits(out, f.year, 4, '-');
	out = write_digits(out, f.month, 2, '-');
	out = write_digits(out, f.day, 2, 'T');
	out = write_digits(out, f.hour, 2, ':');
	out = write_digits(out, f.minute, 2, ':');
	out = write_digits(out, f.second, 2, 'Z');
	*out = '\0';
}

/* Take exactly "n" digits off the front of "text". */
static bool
take_number(struct span *text, size_t n, int *value_out)
{
	int value = 0;

	if (text->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!rfc5234_is(text->p[i], RFC5234_DIGIT))
			return false;
		value = value * 10 + (text->p[i] - '0');
	}
	*text = span_from(*text, n);
	*value_out = value;
	return true;
}

static bool
take_octet(struct span *text, uint8_t octet)
{
	if (text->n == 0 || text->p[0] != octet)
		return false;
	*text = span_from(*text, 1);
	return true;
}

/* "HH:MM:SS" */
static bool
take_clock(struct span *text, struct timestamp_fields *f)
{
	return take_number(text, 2, &f->hour) && take_octet(text, ':') &&
	    take_number(text, 2, &f->minute) && take_octet(text, ':') &&
	    take_number(text, 2, &f->second);
}

bool
timestamp_parse(struct span text, int64_t *at_out)
{
	struct timestamp_fields f = { 0 };

	/* A 60th second would be a second spelling of the 59th. */
	return take_number(&text, 4, &f.year) && take_octet(&text, '-') &&
	    take_number(&text, 2, &f.month) && take_octet(&text, '-') &&
	    take_number(&text, 2, &f.day) && take_octet(&text, 'T') &&
	    take_clock(&text, &f) && take_octet(&text, 'Z') && text.n == 0 &&
	    f.second < 60 && timestamp_from_fields(&f, at_out);
}

/* "." and at least one digit, or nothing. */
static bool
skip_fraction(struct span *text)
{
	size_t n = 0;

	if (!take_octet(text, '.'))
		return true;
	while (n < text->n && rfc5234_is(text->p[n], RFC5234_DIGIT))
		n++;
	*text = span_from(*text, n);
	return n > 0;
}

/* "Z", "+HH:MM", "-HH:MM" or nothing, up to the end of the text. */
static bool
take_offset(struct span text, int64_t *seconds_out)
{
	int hours, minutes, sign = 1;

	*seconds_out = 0;
	if (text.n == 0 || span_equal(text, SPAN("Z")))
		return true;
	if (take_octet(&text, '-'))
		sign = -1;
	else if (!take_octet(&text, '+'))
		return false;
	if (!take_number(&text, 2, &hours) || !take_octet(&text, ':') ||
	    !take_number(&text, 2, &minutes) || text.n > 0 || hours > 23 ||
	    minutes > 59)
		return false;
	*seconds_out = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* The date as far as it goes: "YYYY", "YYYY-MM" or "YYYY-MM-DD". */
static bool
take_date(struct span *text, struct timestamp_fields *f,
    enum timestamp_precision *precision_out)
{
	if (!take_number(text, 4, &f->year))
		return false;
	*precision_out = TIMESTAMP_YEAR;
	if (text->n == 0)
		return true;
	if (!take_octet(text, '-') || !take_number(text, 2, &f->month))
		return false;
	*precision_out = TIMESTAMP_MONTH;
	if (text->n == 0)
		return true;
	*precision_out = TIMESTAMP_DAY_PRECISION;
	return take_octet(text, '-') && take_number(text, 2, &f->day);
}

bool
timestamp_parse_lenient(
    struct span text, int64_t *at_out, enum timestamp_precision *precision_out)
{
	struct timestamp_fields f = { .month = 1, .day = 1 };
	enum timestamp_precision precision;
	int64_t at, offset = 0;

	if (!take_date(&text, &f, &precision))
		return false;
	if (text.n > 0) {
		precision = TIMESTAMP_SECOND;
		if (!take_octet(&text, 'T') && !take_octet(&text, ' '))
			return false;
		if (!take_clock(&text, &f) || !skip_fraction(&text) ||
		    !take_offset(text, &offset))
			return false;
	}
	if (!timestamp_from_fields(&f, &at))
		return false;
	at -= offset;
	if (at < TIMESTAMP_MIN || at > TIMESTAMP_MAX)
		return false;
	*at_out = at;
	*precision_out = precision;
	return true;
}

int64_t
timestamp_end(int64_t at, enum timestamp_precision precision)
{
	struct timestamp_fields f;
	int64_t end = at;

	fields_from_timestamp(at, &f);
	switch (precision) {
	case TIMESTAMP_YEAR:
		f.month = 12;
		/* fall through */
	case TIMESTAMP_MONTH:
		f.day = days_in_month(f.year, f.month);
		/* fall through */
	case TIMESTAMP_DAY_PRECISION:
		f.hour = 23;
		/* fall through */
	case TIMESTAMP_HOUR:
		f.minute = 59;
		/* fall through */
	case TIMESTAMP_MINUTE:
		f.second = 59;
		/* fall through */
	case TIMESTAMP_SECOND:
		break;
	}
	if (!timestamp_from_fields(&f, &end))
		g_assert_not_reached();
	return end;
}

int64_t
timestamp_clamp(int64_t at)
{
	return CLAMP(at, TIMESTAMP_MIN, TIMESTAMP_MAX);
}
