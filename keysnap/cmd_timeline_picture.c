/* cmd_timeline_picture.c - see cmd_timeline_picture.h. */
#include "keysnap/cmd_timeline_picture.h"

#include "keysnap/base/text.h"

#include <string.h>

#define TICKS_MAX 8

/* ---- text ---------------------------------------------------------------- */

void
picture_append_text(GString *out, struct span text, glong characters_max)
{
	g_autoptr(GString) plain = g_string_new(NULL);
	g_autofree char *escaped = NULL;

	text_append_terminal(plain, text);
	if (g_utf8_strlen(plain->str, (gssize)plain->len) > characters_max) {
		const char *end =
		    g_utf8_offset_to_pointer(plain->str, characters_max - 1);

		g_string_truncate(plain, (gsize)(end - plain->str));
		g_string_append(plain, "\u2026");
	}
	escaped = g_markup_escape_text(plain->str, (gssize)plain->len);
	g_string_append(out, escaped);
}

void
picture_append_day(GString *out, int64_t at)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(at, text);
	g_string_append_len(out, text, (gssize)strlen("2016-10-31"));
}

void
picture_append_time(GString *out, int64_t at)
{
	char text[TIMESTAMP_SIZE];

	timestamp_format(at, text);
	g_string_append(out, text);
}

/* ---- the axis ------------------------------------------------------------ */

int
picture_x(const struct picture *picture, int64_t at)
{
	double share =
	    (double)(CLAMP(at, picture->from, picture->to) - picture->from) /
	    (double)(picture->to - picture->from);

	return (
	    int)(10 * (PICTURE_LEFT + share * (PICTURE_RIGHT - PICTURE_LEFT)));
}

void
picture_append_x(GString *out, const char *attribute, int tenths)
{
	g_string_append_printf(
	    out, " %s=\"%d.%d\"", attribute, tenths / 10, tenths % 10);
}

/* Steps between the marks of the axis: so many months, or seconds. */
static const struct step {
	int months;
	int64_t seconds;
	size_t letters; /* of a time that are worth saying */
} steps[] = {
	{ 0, 3600, 16 },
	{ 0, 6 * 3600, 16 },
	{ 0, TIMESTAMP_DAY, 10 },
	{ 0, 7 * TIMESTAMP_DAY, 10 },
	{ 1, 0, 7 },
	{ 3, 0, 7 },
	{ 6, 0, 7 },
	{ 12, 0, 4 },
	{ 24, 0, 4 },
	{ 60, 0, 4 },
	{ 120, 0, 4 },
	{ 600, 0, 4 },
	{ 12000, 0, 4 },
};

static int64_t
step_seconds(const struct step *step)
{
	return step->months > 0 ? step->months * 30 * TIMESTAMP_DAY
				: step->seconds;
}

/* The mark number "n" of those that begin at or before the start. */
static int64_t
mark_at(const struct step *step, int64_t from, int n)
{
	g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc(from);
	g_autoptr(GDateTime) mark = NULL;
	int months;

	if (step->months == 0)
		return from - from % step->seconds + n * step->seconds;
	months =
	    g_date_time_get_year(start) * 12 + g_date_time_get_month(start) - 1;
	months = months - months % step->months + n * step->months;
	if (months / 12 < 1 || months / 12 > 9999)
		return TIMESTAMP_NONE;
	mark = g_date_time_new_utc(months / 12, months % 12 + 1, 1, 0, 0, 0);
	return g_date_time_to_unix(mark);
}

static void
draw_mark(
    struct picture *picture, const struct step *step, int64_t at, int bottom)
{
	char text[TIMESTAMP_SIZE];
	int x = picture_x(picture, at);

	timestamp_format(at, text);
	text[step->letters] = '\0';
	if (step->letters > 10)
		text[10] = ' ';
	g_string_append(picture->out, "<line class=\"grid\"");
	picture_append_x(picture->out, "x1", x);
	picture_append_x(picture->out, "x2", x);
	g_string_append_printf(
	    picture->out, " y1=\"%d\" y2=\"%d\"/>\n", PICTURE_TOP - 10, bottom);
	g_string_append(picture->out, "<text class=\"small\"");
	picture_append_x(picture->out, "x", x);
	g_string_append_printf(picture->out,
	    " y=\"%d\" text-anchor=\"middle\">%s</text>\n", PICTURE_TOP - 16,
	    text);
}

void
picture_draw_axis(struct picture *picture, int bottom)
{
	int64_t width = picture->to - picture->from;
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(steps) &&
	    width / step_seconds(&steps[i]) > TICKS_MAX)
		i++;
	for (int n = 0; n <= 2 * TICKS_MAX; n++) {
		int64_t at = mark_at(&steps[i], picture->from, n);

		if (at != TIMESTAMP_NONE && at >= picture->from &&
		    at <= picture->to)
			draw_mark(picture, &steps[i], at, bottom);
	}
}

static void
widen(struct picture *picture, int64_t from, int64_t to)
{
	if (from == TIMESTAMP_NONE || to == TIMESTAMP_NONE)
		return;
	if (picture->from == TIMESTAMP_NONE || from < picture->from)
		picture->from = from;
	if (picture->to == TIMESTAMP_NONE || to > picture->to)
		picture->to = to;
}

void
picture_set_range(struct picture *picture)
{
	const struct timeline *timeline = picture->timeline;
	const struct known_name *known = &timeline->keys->known;
	int64_t room;

	picture->from = picture->to = TIMESTAMP_NONE;
	for (size_t i = 0; i < timeline->n; i++) {
		const struct timeline_event *event = &timeline->events[i];

		if (!event->retracted && event->kind != TIMELINE_OTHER)
			widen(picture, event->first, event->end);
	}
	for (size_t i = 0; i < known->n_keys; i++) {
		const struct known_windows *cover = &known->keys[i].cover;

		for (size_t k = 0; k < cover->n; k++)
			widen(picture, cover->items[k].first,
			    cover->items[k].last);
	}
	if (picture->from == TIMESTAMP_NONE)
		return;
	room = MAX((picture->to - picture->from) / 40, TIMESTAMP_DAY / 2);
	picture->from = MAX(picture->from - room, TIMESTAMP_MIN);
	picture->to = MIN(picture->to + room, TIMESTAMP_MAX);
}
