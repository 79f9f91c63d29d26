/* fuzz_from.c - any octets as the value of a From field. */
#include "verifier/message/from.h"

#include "keysnap/key/dns_name.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Does "part" lie in the input, or is it empty? */
static void
check_part(struct span part, struct span input)
{
	g_assert(part.n == 0 ||
	    (part.p >= input.p && part.p + part.n <= input.p + input.n));
}

/* What the parser promises of every address. */
static void
check_address(const struct from_address *address, struct span input)
{
	size_t size = input.n;

	check_part(address->name, input);
	check_part(address->after, input);
	g_assert(address->address.n > 2 && address->address.n <= size);
	g_assert(span_find(address->address, '\r') == address->address.n);
	g_assert(span_find(address->address, '\0') == address->address.n);
	g_assert(address->domain.n > 0 && address->domain.n <= DNS_NAME_MAX);
	g_assert(span_find(address->domain, '@') == address->domain.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct from_list list;

	from_parse(&list, arena, (struct span){ data, size });
	g_assert(list.n <= FROM_ADDRESSES_MAX);
	g_assert((list.n > 0) ==
	    (list.status == FROM_OK || list.status == FROM_TOO_MANY));
	for (size_t i = 0; i < list.n; i++)
		check_address(&list.addresses[i], (struct span){ data, size });
	return 0;
}
