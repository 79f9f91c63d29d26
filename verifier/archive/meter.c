/*
 * meter.c - how much came out of a container for what went in.
 */
#include "verifier/archive/meter.h"

bool
meter_add(
    struct meter *meter, uint64_t consumed, uint64_t produced, GError **error)
{
	uint64_t ratio = MAX(meter->ratio, 1);

	meter->consumed += consumed;
	meter->produced += produced;
	/* Divided, not multiplied: nothing overflows. */
	if (meter->produced <= CONTAINER_RATIO_FREE ||
	    meter->produced / ratio <= meter->consumed)
		return true;
	g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_LIMIT,
	    "expands to more than %" G_GUINT64_FORMAT
	    " times its size (--max-ratio)",
	    ratio);
	return false;
}

bool
meter_begin(struct meter *meter, GError **error)
{
	if (!meter_add(meter, 0, 0, NULL)) {
		if (++meter->strikes == METER_STRIKES)
			return meter_add(meter, 0, 0, error);
		meter->produced = meter->produced_before;
		meter->consumed = meter->consumed_before;
	}
	meter->produced_before = meter->produced;
	meter->consumed_before = meter->consumed;
	return true;
}
