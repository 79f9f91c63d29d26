/*
 * cmd_capture_selectors.h - lines of a list of selectors that stand for dates:
 * "s[YYYYMM]" is s202301, s202302, and so on.
 */
#ifndef KEYSNAP_CMD_CAPTURE_SELECTORS_H
#define KEYSNAP_CMD_CAPTURE_SELECTORS_H

#include "keysnap/base/timestamp.h"

#define CAPTURE_DATE_YEARS 5 /* before this one, when none are given */

/* Days, both inclusive, as the first second of each. */
struct capture_dates {
	int64_t first, last;
};

/* "FIRST..LAST", each a date, a month or a year; false for anything else. */
bool capture_dates_parse(struct span text, struct capture_dates *dates_out);

/* From CAPTURE_DATE_YEARS before the year of "now" until then. */
struct capture_dates capture_dates_until(int64_t now);

/*
 * Call "each" with every selector that a line stands for: itself, or, when
 * there is a date between square brackets, one for each such date, as fine as
 * its finest part (YYYY or YY, MM, DD).  False when the brackets do not match
 * or no part of a date is between them, or "each" said so.
 */
bool capture_selectors_expand(struct span line,
    const struct capture_dates *dates,
    bool (*each)(void *user, struct span selector), void *user);

#endif
