/*
 * json_order.h - the order of member names in canonical JSON.
 */
#ifndef KEYSNAP_BASE_JSON_ORDER_H
#define KEYSNAP_BASE_JSON_ORDER_H

#include "keysnap/base/span.h"

/* Order of two names in UTF-8 by their UTF-16 code units, RFC 8785 3.2.3:
 * <0, 0, >0.  For ASCII this is the order of octets. */
int json_order(const char *a, const char *b);

/* The same of names that may hold NUL. */
int json_order_spans(struct span a, struct span b);

#endif
