/*
 * cmd_timeline_picture.h - the ground that a timeline is drawn on: its axis,
 * and text made safe for it.
 */
#ifndef KEYSNAP_CMD_TIMELINE_PICTURE_H
#define KEYSNAP_CMD_TIMELINE_PICTURE_H

#include "keysnap/cmd_timeline_events.h"

/* Pixels. */
#define PICTURE_WIDTH 1100
#define PICTURE_LEFT  250 /* of the time axis, and its end */
#define PICTURE_RIGHT 1070
#define PICTURE_TOP   104 /* of the first lane */

struct picture {
	GString *out;
	const struct timeline *timeline;
	int64_t from, to; /* of the axis; from < to */
	int y;            /* of the present lane */
};

/* From the first to the last time of "timeline", and some room on both sides;
 * TIMESTAMP_NONE when it has none. */
void picture_set_range(struct picture *picture);

/* Where a time stands, in tenths of a pixel: whole numbers, so that no locale's
 * decimal comma comes in.  What is outside of the axis stands at its end. */
int picture_x(const struct picture *picture, int64_t at);

/* Append such a place as an attribute: x="12.3". */
void picture_append_x(GString *out, const char *attribute, int tenths);

/* Draw the marks of the axis, with lines down to "bottom". */
void picture_draw_axis(struct picture *picture, int bottom);

/* Append text from outside as the content of an element, at most so many
 * characters: nothing that moves a cursor, and no markup. */
void picture_append_text(GString *out, struct span text, glong characters_max);

/* Append "2016-10-31", or the whole time. */
void picture_append_day(GString *out, int64_t at);
void picture_append_time(GString *out, int64_t at);

#endif
