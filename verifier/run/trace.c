/*
 * trace.c - what the archive gave, as octets to hash.
 *
 * Numbers are eight octets, least first; texts stand behind their length, so
 * that no two items have the same trace.
 */
#include "verifier/run/trace.h"

#include <string.h>

#define NUMBER 8 /* octets of one */

static void
set_number(uint8_t out[NUMBER], uint64_t value)
{
	for (size_t i = 0; i < NUMBER; i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

static void
append_number(GString *out, uint64_t value)
{
	uint8_t octets[NUMBER];

	set_number(octets, value);
	g_string_append_len(out, (const char *)octets, NUMBER);
}

static void
append_text(GString *out, struct span text)
{
	append_number(out, text.n);
	if (text.n > 0)
		g_string_append_len(out, (const char *)text.p, (gssize)text.n);
}

static void
append_chain(GString *out, const struct chain_link *chain, size_t n)
{
	append_number(out, n);
	for (size_t i = 0; i < n; i++) {
		append_text(out, span_from_string(chain[i].format));
		append_number(out, chain[i].name.p != NULL);
		append_text(out, chain[i].name);
		append_number(out, chain[i].number);
	}
}

void
trace_append(GString *out, const struct item *item)
{
	const uint8_t kinds[] = {
		(uint8_t)item->status,
		(uint8_t)item->container,
		(uint8_t)item->split,
		item->whole_file,
	};
	size_t start = out->len;

	append_number(out, 0);
	g_string_append_len(out, (const char *)kinds, sizeof(kinds));
	append_number(out, item->offset);
	append_number(out, item->length);
	append_text(out, item->path);
	append_text(out, item->envelope);
	append_text(out, item->detail);
	append_chain(out, item->chain, item->n_chain);
	set_number((uint8_t *)out->str + start, out->len - start);
}

bool
trace_next(struct span *rest, struct span *trace_out)
{
	uint64_t length = 0;

	if (rest->n == 0)
		return false;
	g_assert(rest->n >= NUMBER);
	for (size_t i = 0; i < NUMBER; i++)
		length |= (uint64_t)rest->p[i] << (8 * i);
	g_assert(length >= NUMBER && length <= rest->n);
	*trace_out = span_sub(*rest, 0, (size_t)length);
	*rest = span_from(*rest, (size_t)length);
	return true;
}
