/*
 * json_order.c - the order of member names in canonical JSON.
 */
#include "keysnap/base/json_order.h"

#include <stdint.h>

/*
 * Octets of UTF-8 sort as code points do.  In UTF-16, what lies above U+FFFF
 * (lead octets F0 to F4) begins with a surrogate and sorts before U+E000 to
 * U+FFFF (lead octets EE and EF), so these two are moved to the end.
 */
static int
rank(uint8_t octet)
{
	return octet == 0xee || octet == 0xef ? octet + 0x10 : octet;
}

int
json_order(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return rank((uint8_t)*a) - rank((uint8_t)*b);
}

int
json_order_spans(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n, i = 0;

	while (i < n && a.p[i] == b.p[i])
		i++;
	if (i < n)
		return rank(a.p[i]) - rank(b.p[i]);
	return (a.n > b.n) - (a.n < b.n);
}
