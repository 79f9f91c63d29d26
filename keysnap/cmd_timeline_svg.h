/*
 * cmd_timeline_svg.h - the timeline of a name as a picture.
 */
#ifndef KEYSNAP_CMD_TIMELINE_SVG_H
#define KEYSNAP_CMD_TIMELINE_SVG_H

#include "keysnap/cmd_timeline_events.h"

/*
 * Append one SVG 1.1 document: a lane for each record of the name, with the
 * times in which it was seen or said to be there; one for absence; one for
 * anchors.  It holds no script, refers to nothing outside, and reads in black
 * and white.  "subtitle" says what it was drawn from.
 */
void timeline_append_svg(GString *out, const struct timeline *timeline,
    const char *subtitle);

#endif
