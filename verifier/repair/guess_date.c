/*
 * guess_date.c - one instant, spelled as programs spell it (RFC 5322 3.3 and
 * 4.3, asctime); and the instants at and before t=.
 */
#include "verifier/repair/guess.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/timestamp.h"

static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* How a date is written. */
struct spelling {
	bool day_name, seconds;
	char pad;         /* '0', ' ' or 0: before a day of one digit */
	const char *zone; /* NULL: the offset as digits */
	const char *note; /* behind it: " (UTC)"; "" for none */
};

/* A date that was read. */
struct date {
	int64_t at;
	int east; /* minutes */
	struct spelling spelling;
};

/* ---- reading ------------------------------------------------------------- */

struct reader {
	struct span text;
	size_t at;
};

static void
skip_space(struct reader *reader)
{
	while (reader->at < reader->text.n &&
	    rfc5234_is(reader->text.p[reader->at], RFC5234_WSP | RFC5234_CRLF))
		reader->at++;
}

static bool
accept(struct reader *reader, char c)
{
	skip_space(reader);
	if (reader->at == reader->text.n ||
	    reader->text.p[reader->at] != (uint8_t)c)
		return false;
	reader->at++;
	return true;
}

/* A number of at most four digits; how many it has, 0 for none. */
static size_t
take_number(struct reader *reader, int *number_out)
{
	size_t n = 0;

	skip_space(reader);
	*number_out = 0;
	for (; reader->at < reader->text.n && n < 4; reader->at++, n++) {
		uint8_t octet = reader->text.p[reader->at];

		if (!rfc5234_is(octet, RFC5234_DIGIT))
			break;
		*number_out = *number_out * 10 + (octet - '0');
	}
	return n;
}

/* The index of the word of three letters that comes now, or -1. */
static int
take_word(struct reader *reader, const char *const *words, int n)
{
	skip_space(reader);
	for (int i = 0; i < n; i++) {
		if (span_equal_nocase(span_sub(reader->text, reader->at, 3),
			span_from_string(words[i]))) {
			reader->at += 3;
			return i;
		}
	}
	return -1;
}

/* "+0100"; what is none counts as UTC, as a name of a zone does. */
static int
take_east(struct reader *reader)
{
	bool west = accept(reader, '-');
	int number;

	if (!west && !accept(reader, '+'))
		return 0;
	if (take_number(reader, &number) != 4)
		return 0;
	number = number / 100 * 60 + number % 100;
	return west ? -number : number;
}

static bool
take_clock(
    struct reader *reader, struct timestamp_fields *fields, bool *seconds_out)
{
	if (take_number(reader, &fields->hour) == 0 || !accept(reader, ':') ||
	    take_number(reader, &fields->minute) == 0)
		return false;
	*seconds_out = accept(reader, ':');
	return !*seconds_out || take_number(reader, &fields->second) > 0;
}

static bool
date_read(struct date *date, struct span value)
{
	struct reader reader = { value, 0 };
	struct timestamp_fields fields = { .second = 0 };
	size_t digits;

	*date = (struct date){ .spelling = { .note = "" } };
	date->spelling.day_name = take_word(&reader, days, 7) >= 0;
	if (date->spelling.day_name)
		accept(&reader, ',');
	digits = take_number(&reader, &fields.day);
	fields.month = take_word(&reader, months, 12) + 1;
	if (digits == 0 || fields.month == 0 ||
	    take_number(&reader, &fields.year) != 4 ||
	    !take_clock(&reader, &fields, &date->spelling.seconds) ||
	    !timestamp_from_fields(&fields, &date->at))
		return false;
	date->spelling.pad = digits == 2 && fields.day < 10 ? '0' : 0;
	date->east = take_east(&reader);
	date->at -= date->east * 60;
	return true;
}

/* ---- writing ------------------------------------------------------------- */

static void
append_two(GString *out, int number)
{
	g_string_append_c(out, (char)('0' + number / 10));
	g_string_append_c(out, (char)('0' + number % 10));
}

/* "Thu, "; 1970-01-01 was a Thursday. */
static void
append_day_name(GString *out, int64_t at)
{
	int64_t day = (at - (at % 86400 + 86400) % 86400) / 86400;

	g_string_append_len(out, days[(day % 7 + 7 + 4) % 7], 3);
	g_string_append_len(out, ", ", 2);
}

static void
append_zone(GString *out, const struct spelling *spelling, int east)
{
	g_string_append_c(out, ' ');
	if (spelling->zone != NULL) {
		g_string_append(out, spelling->zone);
	} else {
		g_string_append_c(out, east < 0 ? '-' : '+');
		append_two(out, ABS(east) / 60);
		append_two(out, ABS(east) % 60);
	}
	g_string_append(out, spelling->note);
}

static void
append_date(GString *out, const struct spelling *spelling, int64_t at, int east)
{
	char text[TIMESTAMP_SIZE];
	int64_t there = at + east * 60;
	int month;

	timestamp_format(CLAMP(there, TIMESTAMP_MIN, TIMESTAMP_MAX), text);
	if (spelling->day_name)
		append_day_name(out, there);
	if (text[8] != '0')
		g_string_append_c(out, text[8]);
	else if (spelling->pad != 0)
		g_string_append_c(out, spelling->pad);
	g_string_append_c(out, text[9]);
	g_string_append_c(out, ' ');
	month = (text[5] - '0') * 10 + text[6] - '0' - 1;
	g_string_append_len(out, months[month], 3);
	g_string_append_c(out, ' ');
	g_string_append_len(out, text, 4);
	g_string_append_c(out, ' ');
	g_string_append_len(out, text + 11, spelling->seconds ? 8 : 5);
	append_zone(out, spelling, east);
}

static void
add_date(struct guess_list *list, const struct spelling *spelling, int64_t at,
    int east, enum signed_origin origin)
{
	g_autoptr(GString) out = g_string_new(NULL);

	append_date(out, spelling, at, east);
	guess_add_text(list, out, origin, GUESS_ALONE, false);
}

/* Names of zones in common use, and how far east they are. */
static const struct {
	int east;
	const char *name, *note;
} zones[] = { { 0, "GMT", " (GMT)" }, { 0, "UTC", " (UTC)" },
	{ 0, "UT", " (UT)" }, { 0, "-0000", " (GMT+00:00)" },
	{ 60, "+0100", " (CET)" }, { 60, "+0100", " (BST)" },
	{ 60, "+0100", " (MET)" }, { 120, "+0200", " (CEST)" },
	{ 120, "+0200", " (MEST)" }, { 120, "+0200", " (EET)" },
	{ 180, "+0300", " (EEST)" }, { 180, "+0300", " (MSK)" },
	{ 330, "+0530", " (IST)" }, { 480, "+0800", " (CST)" },
	{ 540, "+0900", " (JST)" }, { -240, "EDT", " (EDT)" },
	{ -300, "EST", " (EST)" }, { -300, "CDT", " (CDT)" },
	{ -360, "CST", " (CST)" }, { -360, "MDT", " (MDT)" },
	{ -420, "MST", " (MST)" }, { -420, "PDT", " (PDT)" },
	{ -480, "PST", " (PST)" } };

static void
add_zone_names(
    struct guess_list *list, struct spelling spelling, int64_t at, int east)
{
	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
		struct spelling one = spelling;

		if (zones[i].east != east)
			continue;
		one.note = zones[i].note;
		add_date(list, &one, at, east, SIGNED_SPELLING);
		one.note = "";
		one.zone = zones[i].name;
		add_date(list, &one, at, east, SIGNED_SPELLING);
	}
}

/* The same instant in the same zone. */
static void
add_spellings(struct guess_list *list, const struct date *date)
{
	static const char pads[] = { '0', 0, ' ' };
	struct spelling usual = { .day_name = true, .seconds = true };

	for (size_t i = 0; i < 3 * 4; i++) {
		struct spelling one = { .note = "" };

		one.pad = pads[i / 4];
		one.day_name = (i & 1) == 0;
		one.seconds = (i & 2) == 0;
		if (!one.seconds && date->at % 60 != 0)
			continue;
		add_date(list, &one, date->at, date->east, SIGNED_SPELLING);
	}
	add_zone_names(list, date->spelling, date->at, date->east);
	usual.note = "";
	add_zone_names(list, usual, date->at, date->east);
}

/* The same instant elsewhere: in zones of whole hours, and a few others. */
static void
add_elsewhere(struct guess_list *list, const struct date *date)
{
	static const int others[] = { -210, -150, 210, 270, 330, 345, 390, 570,
		630 };
	struct spelling spelling = date->spelling;

	for (size_t i = 0; i < 27 + G_N_ELEMENTS(others); i++) {
		int east = i < 27 ? ((int)i - 12) * 60 : others[i - 27];

		if (east == date->east)
			continue;
		add_date(list, &spelling, date->at, east, SIGNED_SPELLING);
		add_zone_names(list, spelling, date->at, east);
	}
}

void
guess_date(struct guess_list *list, struct span value, int64_t time)
{
	struct date date;

	if (value.n > 256 || !date_read(&date, value))
		return;
	add_spellings(list, &date);
	if (time != TIMESTAMP_NONE && time > TIMESTAMP_MIN + TIMESTAMP_DAY &&
	    time < TIMESTAMP_MAX - TIMESTAMP_DAY) {
		for (int i = -GUESS_TIME_BEHIND; i <= GUESS_TIME_BEFORE; i++)
			add_date(list, &date.spelling, time - i, date.east,
			    SIGNED_TIME);
	}
	add_elsewhere(list, &date);
}
