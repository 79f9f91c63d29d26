/* dice.c - see dice.h. */
#include "tests/gen/dice.h"

#include <glib.h>
#include <string.h>

#include "tests/gen/stream.h"

void
dice_init(struct dice *dice, uint64_t seed, const char *label, uint64_t number)
{
	g_autofree char *text =
	    g_strdup_printf("%s %" G_GUINT64_FORMAT, label, number);
	struct stream stream;
	uint8_t octets[8];

	stream_init(&stream, seed, text);
	stream_octets(&stream, octets, sizeof(octets));
	dice->state = 0;
	for (int i = 0; i < 8; i++)
		dice->state = dice->state << 8 | octets[i];
}

uint64_t
dice_next(struct dice *dice)
{
	uint64_t z = dice->state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

uint32_t
dice_below(struct dice *dice, uint32_t n)
{
	return (uint32_t)((dice_next(dice) >> 32) * n >> 32);
}
