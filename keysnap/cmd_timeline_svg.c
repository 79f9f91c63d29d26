/*
 * cmd_timeline_svg.c - the timeline of a name as a picture.
 *
 * Nothing is said by colour alone: what was seen is filled, what is said to
 * have been there is an outline, others may have had the key where lines are
 * slanted.
 */
#include "keysnap/cmd_timeline_svg.h"

#include "keysnap/cmd_keys.h"
#include "keysnap/cmd_timeline_picture.h"

#include <string.h>

#define LANE         54
#define BAR          14
#define THIN         20 /* tenths of a pixel: what is shorter is drawn so wide */
#define NAME_MAX_LEN 70 /* characters of the title */

/* ---- marks --------------------------------------------------------------- */

static void
draw_bar(struct picture *picture, const char *class, int64_t from, int64_t to)
{
	int left = picture_x(picture, from), right = picture_x(picture, to);

	g_string_append_printf(picture->out, "<rect class=\"%s%s\"", class,
	    right - left < THIN ? " thin" : "");
	picture_append_x(picture->out, "x", left);
	picture_append_x(picture->out, "width", MAX(right - left, 20));
	g_string_append_printf(picture->out, " y=\"%d\" height=\"%d\"><title>",
	    picture->y + 20, BAR);
	picture_append_time(picture->out, from);
	g_string_append(picture->out, " .. ");
	picture_append_time(picture->out, to);
	g_string_append(picture->out, "</title></rect>\n");
}

static void
draw_windows(struct picture *picture, const char *class,
    const struct known_windows *windows)
{
	int drawn = 0; /* up to here */

	for (size_t i = 0; i < windows->n; i++) {
		const struct known_window *window = &windows->items[i];

		if (i > 0 && picture_x(picture, window->last) <= drawn)
			continue;
		draw_bar(picture, class, window->first, window->last);
		drawn = MAX(picture_x(picture, window->last),
		    picture_x(picture, window->first) + THIN);
	}
}

/* A sign at a time; "path" is drawn around (0, 0). */
static void
draw_sign(struct picture *picture, const char *class, const char *path,
    int64_t at, int down, uint64_t number)
{
	int x = picture_x(picture, at);

	g_string_append_printf(picture->out,
	    "<path class=\"%s\" d=\"%s\" transform=\"translate(%d.%d %d)\">"
	    "<title>entry %" PRIu64 ", ",
	    class, path, x / 10, x % 10, picture->y + down, number);
	picture_append_time(picture->out, at);
	g_string_append(picture->out, "</title></path>\n");
}

#define SIGN_TICK    "M0 -3V3"
#define SIGN_CROSS   "M-5 -5L5 5M-5 5L5 -5"
#define SIGN_DIAMOND "M0 -6L6 0L0 6L-6 0Z"

/* Both ends of a time of observations. */
static void
draw_ends(struct picture *picture, const struct timeline_event *event,
    const char *class, const char *path, int down)
{
	draw_sign(picture, class, path, event->first, down, event->number);
	if (event->end != event->first &&
	    picture_x(picture, event->end) != picture_x(picture, event->first))
		draw_sign(
		    picture, class, path, event->end, down, event->number);
}

static void
draw_chain(struct picture *picture, const struct timeline_event *event)
{
	int left = picture_x(picture, event->first);
	int right = picture_x(picture, event->end);
	int y = picture->y + 44;

	g_string_append_printf(picture->out,
	    "<path class=\"chain\" d=\"M%d.%d %dv6m0 -3L%d.%d %dm0 -3v6\">"
	    "<title>entry %" PRIu64 ": DNSSEC chain, ",
	    left / 10, left % 10, y - 3, right / 10, right % 10, y,
	    event->number);
	picture_append_time(picture->out, event->first);
	g_string_append(picture->out, " .. ");
	picture_append_time(picture->out, event->end);
	g_string_append(picture->out, "</title></path>\n");
}

/* ---- lanes --------------------------------------------------------------- */

static void
draw_label(struct picture *picture, const char *first, const char *second,
    const char *third)
{
	g_string_append_printf(picture->out,
	    "<line class=\"lane\" x1=\"16\" x2=\"%d\" y1=\"%d\" "
	    "y2=\"%d\"/>\n",
	    PICTURE_RIGHT, picture->y + LANE, picture->y + LANE);
	g_string_append_printf(picture->out,
	    "<text class=\"label\" x=\"16\" y=\"%d\">%s</text>\n"
	    "<text class=\"small\" x=\"16\" y=\"%d\">%s</text>\n"
	    "<text class=\"small\" x=\"16\" y=\"%d\">%s</text>\n",
	    picture->y + 19, first, picture->y + 34, second, picture->y + 48,
	    third);
}

/* "key 1  RSA 2048  B", and under it the flags, or the hash. */
static void
label_record(
    struct picture *picture, const struct known_key *key, size_t number)
{
	g_autoptr(GString) first = g_string_new(NULL);
	g_autoptr(GString) second = g_string_new(NULL);
	g_autoptr(GString) third = g_string_new(NULL);
	char sha256[DIGEST_HEX_SIZE];

	g_string_append_printf(first, "key %zu: ", number);
	keys_append_type(first, key);
	g_string_append_printf(first, ", grade %s", grade_name(key->grade));
	if (key_has_identity(&key->key)) {
		digest_to_hex((struct span){ key->key.sha256, 32 }, sha256);
		sha256[12] = '\0';
		g_string_append_printf(second, "sha256 %s\u2026", sha256);
	}
	keys_append_flags(third, key);
	draw_label(picture, first->str, second->str,
	    third->len > 0 ? third->str + strlen(", ") : "");
}

/* From when on others may have had the key: to the end of the axis. */
static void
draw_forgeable(struct picture *picture, const struct known_key *key)
{
	int64_t since = key->forgeable_since;
	int x;

	if ((key->flags & PROVENANCE_FORGEABLE) == 0)
		return;
	if (since == TIMESTAMP_NONE)
		since = picture->from;
	x = picture_x(picture, since);
	g_string_append(picture->out, "<rect class=\"forgeable\"");
	picture_append_x(picture->out, "x", x);
	picture_append_x(
	    picture->out, "width", MAX(10 * PICTURE_RIGHT - x, 20));
	g_string_append_printf(picture->out,
	    " y=\"%d\" height=\"%d\"><title>others may have had the key "
	    "since ",
	    picture->y + 4, LANE - 8);
	if (key->forgeable_since == TIMESTAMP_NONE)
		g_string_append(picture->out, "a time that is not known");
	else
		picture_append_time(picture->out, since);
	g_string_append(picture->out, "</title></rect>\n");
}

static void
draw_record(struct picture *picture, size_t record)
{
	const struct timeline *timeline = picture->timeline;
	const struct known_name *known = &timeline->keys->known;
	const struct known_key *key = &known->keys[record];

	label_record(picture, key, record + 1);
	draw_forgeable(picture, &known->keys[key->first_of_key]);
	if (key->first_of_key == record) {
		draw_windows(picture, "cover", &key->cover);
		draw_windows(picture, "seen", &key->seen);
	} else {
		draw_windows(picture, "cover", &key->windows);
	}
	for (size_t i = 0; i < timeline->n; i++) {
		const struct timeline_event *event = &timeline->events[i];

		if (event->record != record || event->retracted ||
		    event->first == TIMESTAMP_NONE)
			continue;
		if (event->kind == TIMELINE_PRESENT)
			draw_ends(picture, event, "tick", SIGN_TICK, 15);
		else if (event->kind == TIMELINE_REVOKED)
			draw_ends(picture, event, "cross", SIGN_CROSS, 27);
		else if (event->kind == TIMELINE_CHAIN)
			draw_chain(picture, event);
	}
	picture->y += LANE;
}

static bool
has_kind(const struct timeline *timeline, enum timeline_kind kind)
{
	for (size_t i = 0; i < timeline->n; i++) {
		if (timeline->events[i].kind == kind &&
		    !timeline->events[i].retracted)
			return true;
	}
	return false;
}

/* A lane of signs that belong to no record, where there are any. */
static void
draw_signs(struct picture *picture, enum timeline_kind kind, const char *first,
    const char *second, const char *class, const char *path)
{
	const struct timeline *timeline = picture->timeline;

	if (!has_kind(timeline, kind))
		return;
	draw_label(picture, first, second, "");
	for (size_t i = 0; i < timeline->n; i++) {
		const struct timeline_event *event = &timeline->events[i];

		if (event->kind == kind && !event->retracted &&
		    event->first != TIMESTAMP_NONE)
			draw_ends(picture, event, class, path, 27);
	}
	picture->y += LANE;
}

static void
draw_lanes(struct picture *picture)
{
	const struct known_name *known = &picture->timeline->keys->known;

	for (size_t i = 0; i < known->n_keys; i++)
		draw_record(picture, i);
	draw_signs(picture, TIMELINE_ABSENT, "no key",
	    "the name, or its TXT, absent", "cross", SIGN_CROSS);
	draw_signs(picture, TIMELINE_ANCHOR, "anchors",
	    "entries existed by then", "anchor", SIGN_DIAMOND);
}

/* ---- the whole ----------------------------------------------------------- */

static const char style[] =
    "<style>\n"
    "text{font-family:sans-serif;fill:#111}\n"
    ".title{font-size:18px;font-weight:bold}.label{font-size:14px}\n"
    ".small{font-size:11px;fill:#444}\n"
    ".grid{stroke:#ddd}.lane{stroke:#bbb}\n"
    ".cover{fill:#dcebf7;stroke:#1f5f99;stroke-dasharray:4 2}\n"
    ".cover.thin{fill:#8db8dc;stroke:none}\n"
    ".seen{fill:#1f5f99;stroke:#1f5f99}\n"
    ".tick{stroke:#111;stroke-width:1.2}\n"
    ".cross{stroke:#b00020;stroke-width:2;fill:none}\n"
    ".chain{stroke:#2e7d32;stroke-width:1.6;fill:none}\n"
    ".anchor{fill:#2e7d32;stroke:#111}\n"
    ".forgeable{fill:url(#slanted);stroke:#b00020;stroke-dasharray:2 3}\n"
    "</style>\n"
    "<defs><pattern id=\"slanted\" width=\"8\" height=\"8\" "
    "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
    "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"8\" stroke=\"#b00020\" "
    "stroke-opacity=\"0.45\"/></pattern></defs>\n";

static void
draw_legend(struct picture *picture, int y)
{
	static const struct {
		int x;
		const char *sign, *text;
	} items[] = {
		{ 16, "<rect class=\"seen\" width=\"26\" height=\"12\"/>",
		    "seen by the observer" },
		{ 205, "<rect class=\"cover\" width=\"26\" height=\"12\"/>",
		    "said to be there" },
		{ 360, "<path class=\"tick\" d=\"M13 2v8\"/>",
		    "ends of an observation" },
		{ 545, "<path class=\"cross\" d=\"M8 1l10 10m-10 0l10 -10\"/>",
		    "absent or revoked" },
		{ 705, "<path class=\"chain\" d=\"M0 2v8m0 -4h26m0 -4v8\"/>",
		    "DNSSEC chain" },
		{ 835, "<path class=\"anchor\" d=\"M13 0l6 6l-6 6l-6 -6z\"/>",
		    "anchor" },
		{ 915, "<rect class=\"forgeable\" width=\"26\" height=\"12\"/>",
		    "others may sign" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(items); i++)
		g_string_append_printf(picture->out,
		    "<g transform=\"translate(%d %d)\">%s<text class=\"small\" "
		    "x=\"32\" y=\"10\">%s</text></g>\n",
		    items[i].x, y, items[i].sign, items[i].text);
}

static size_t
count_lanes(const struct timeline *timeline)
{
	return timeline->keys->known.n_keys +
	    has_kind(timeline, TIMELINE_ABSENT) +
	    has_kind(timeline, TIMELINE_ANCHOR);
}

static void
draw_head(struct picture *picture, const char *subtitle, int height)
{
	GString *out = picture->out;

	g_string_append_printf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
	    "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
	    PICTURE_WIDTH, height, PICTURE_WIDTH, height);
	g_string_append(out, style);
	g_string_append_printf(out,
	    "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", PICTURE_WIDTH,
	    height);
	g_string_append(out, "<text class=\"title\" x=\"16\" y=\"30\">");
	picture_append_text(
	    out, picture->timeline->keys->known.name, NAME_MAX_LEN);
	g_string_append(
	    out, "</text>\n<text class=\"small\" x=\"16\" y=\"50\">");
	picture_append_text(out, span_from_string(subtitle), G_MAXLONG);
	g_string_append(out, "</text>\n");
}

static void
draw_range(struct picture *picture)
{
	g_string_append(
	    picture->out, "<text class=\"small\" x=\"16\" y=\"66\">");
	if (picture->from == TIMESTAMP_NONE) {
		g_string_append(picture->out, "no time is known");
	} else {
		g_string_append(picture->out, "all times in UTC; ");
		picture_append_day(picture->out, picture->from);
		g_string_append(picture->out, " .. ");
		picture_append_day(picture->out, picture->to);
	}
	g_string_append(picture->out, "</text>\n");
}

void
timeline_append_svg(
    GString *out, const struct timeline *timeline, const char *subtitle)
{
	struct picture picture = {
		.out = out, .timeline = timeline, .y = PICTURE_TOP
	};
	int bottom = PICTURE_TOP + LANE * (int)count_lanes(timeline);

	picture_set_range(&picture);
	draw_head(&picture, subtitle, bottom + 44);
	draw_range(&picture);
	if (picture.from == TIMESTAMP_NONE) {
		picture.from = 0;
		picture.to = 1;
	} else {
		picture_draw_axis(&picture, bottom);
	}
	draw_lanes(&picture);
	draw_legend(&picture, bottom + 18);
	g_string_append(out, "</svg>\n");
}
