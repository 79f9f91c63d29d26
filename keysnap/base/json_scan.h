/*
 * json_scan.h - canonical JSON gone through in place, without a tree: for long
 * lines of ours of which little is looked at.
 *
 * A value is the span of its octets.  What is passed over is not checked, but
 * for brackets and quotation marks that do not close; what is asked for is.
 * A scan that meets something else sets "bad" and ends, and whoever scans
 * parses the line instead, to say what is wrong with it.
 */
#ifndef KEYSNAP_BASE_JSON_SCAN_H
#define KEYSNAP_BASE_JSON_SCAN_H

#include "keysnap/base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct json_scan {
	struct span rest;
	uint8_t close; /* the bracket that ends it */
	bool first, bad;
};

/* The members of an object, or the elements of an array; "bad" at once when
 * "value" is none. */
void json_scan_object(struct json_scan *scan, struct span value);
void json_scan_array(struct json_scan *scan, struct span value);

/* The next member or element; false at the end, and when it is bad.  A name
 * with an escape is bad. */
bool json_scan_member(struct json_scan *scan, struct span *name_out,
    struct span *value_out);
bool json_scan_element(struct json_scan *scan, struct span *value_out);

/* The text of a string without escapes; false for anything else.  p is NULL
 * for null. */
bool json_scan_text(struct span value, struct span *text_out);

/* An integer, not negative. */
bool json_scan_count(struct span value, uint64_t *count_out);

#endif
