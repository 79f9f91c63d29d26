/* message_time.c - all times that a message bears, and their span. */
#include "verifier/verdict/message_time.h"

#include <glib.h>
#include <string.h>

/* RFC 5321 4.4: the date-time of Received stands behind the last ";". */
static int64_t
received_time(struct span value)
{
	int64_t at = TIMESTAMP_NONE;
	const uint8_t *semicolon =
	    value.n == 0 ? NULL : memrchr(value.p, ';', value.n);

	if (semicolon != NULL)
		message_date_parse(
		    span_from(value, (size_t)(semicolon - value.p) + 1), &at);
	return at;
}

static void
add_received(struct message_times *times, int64_t at)
{
	if (at == TIMESTAMP_NONE)
		return;
	if (times->received_min == TIMESTAMP_NONE || at < times->received_min)
		times->received_min = at;
	if (times->received_max == TIMESTAMP_NONE || at > times->received_max)
		times->received_max = at;
}

static void
read_received(struct message_times *times, const struct header_index *header)
{
	const struct span name = SPAN("Received");
	const uint32_t hash = header_name_hash(name);
	size_t read = 0;

	for (size_t i = 0; i < header->n && read < MESSAGE_TIMES_MAX; i++) {
		const struct header_field *field = &header->fields[i];
		if (field->name_hash != hash ||
		    !span_equal_nocase(field->name, name))
			continue;
		add_received(times, received_time(field->value));
		read++;
	}
}

void
message_times_get(struct message_times *times,
    const struct header_index *header, struct span envelope)
{
	const struct header_field *date = header_get(header, SPAN("Date"), 0);

	*times = (struct message_times){ TIMESTAMP_NONE, TIMESTAMP_NONE,
		TIMESTAMP_NONE, TIMESTAMP_NONE };
	if (date != NULL)
		message_date_parse(date->value, &times->date);
	read_received(times, header);
	message_envelope_date_parse(envelope, &times->envelope);
}

/* Make room for "at" in the interval; of equal times the first one stands. */
static void
widen(struct time_interval *interval, int64_t at, enum time_source source,
    bool is_signed)
{
	if (at == TIMESTAMP_NONE)
		return;
	at = timestamp_clamp(at); /* t= may have twelve digits */
	if (interval->from == TIMESTAMP_NONE || at < interval->from) {
		interval->from = at;
		interval->from_source = source;
		interval->from_signed = is_signed;
	}
	if (interval->to == TIMESTAMP_NONE || at > interval->to) {
		interval->to = at;
		interval->to_source = source;
		interval->to_signed = is_signed;
	}
}

void
message_time_interval(struct time_interval *interval,
    const struct message_times *times, int64_t signature_time, bool date_signed)
{
	*interval = (struct time_interval){ .from = TIMESTAMP_NONE,
		.to = TIMESTAMP_NONE,
		.anchored = TIMESTAMP_NONE };
	widen(interval, signature_time, TIME_SOURCE_SIGNATURE, true);
	widen(interval, times->date, TIME_SOURCE_DATE, date_signed);
	widen(interval, times->received_min, TIME_SOURCE_RECEIVED, false);
	widen(interval, times->received_max, TIME_SOURCE_RECEIVED, false);
	if (interval->from == TIMESTAMP_NONE)
		widen(interval, times->envelope, TIME_SOURCE_ENVELOPE, false);
}

const char *
time_source_name(enum time_source source)
{
	static const char *const names[] = { "t", "date", "received",
		"envelope" };

	g_assert((size_t)source < G_N_ELEMENTS(names));
	return names[source];
}
