/*
 * der.c - as much of ASN.1 (X.690) as RSA public keys need.
 */
#include "keysnap/key/der.h"

#define LENGTH_OCTETS_MAX 4 /* a key record has under 65536 octets */

/* Read the length (X.690 8.1.3) off the front. */
static bool
take_length(struct der_reader *reader, size_t *length_out)
{
	size_t length, octets;

	if (reader->rest.n == 0)
		return false;
	length = reader->rest.p[0];
	reader->rest = span_from(reader->rest, 1);
	if (length < 0x80) {
		*length_out = length;
		return true;
	}
	octets = length & 0x7f; /* 0: the indefinite form */
	if (octets == 0 || octets > LENGTH_OCTETS_MAX ||
	    octets > reader->rest.n)
		return false;
	length = 0;
	for (size_t i = 0; i < octets; i++)
		length = length << 8 | reader->rest.p[i];
	if (length < 0x80 || reader->rest.p[0] == 0)
		reader->lax = true;
	reader->rest = span_from(reader->rest, octets);
	*length_out = length;
	return true;
}

bool
der_take(struct der_reader *reader, enum der_tag tag, struct span *content_out)
{
	size_t length;

	if (reader->rest.n == 0 || reader->rest.p[0] != tag)
		return false;
	reader->rest = span_from(reader->rest, 1);
	if (!take_length(reader, &length) || length > reader->rest.n)
		return false;
	*content_out = span_sub(reader->rest, 0, length);
	reader->rest = span_from(reader->rest, length);
	return true;
}

bool
der_take_unsigned(struct der_reader *reader, struct span *number_out)
{
	struct span number;

	if (!der_take(reader, DER_INTEGER, &number) || number.n == 0)
		return false;
	if (number.p[0] >= 0x80)
		reader->lax = true; /* would be negative */
	if (number.n > 1 && number.p[0] == 0 && number.p[1] < 0x80)
		reader->lax = true; /* padded */
	while (number.n > 0 && number.p[0] == 0)
		number = span_from(number, 1);
	*number_out = number;
	return true;
}

static void
append_header(GByteArray *out, enum der_tag tag, size_t length)
{
	uint8_t octet = (uint8_t)tag;
	uint8_t header[1 + LENGTH_OCTETS_MAX];
	guint n = 0;

	g_assert(length <= G_MAXUINT32);
	g_byte_array_append(out, &octet, 1);
	if (length >= 0x80) {
		guint octets = 1;

		while (length >> (8 * octets) != 0)
			octets++;
		header[n++] = (uint8_t)(0x80 | octets);
		for (; octets > 1; octets--)
			header[n++] = (uint8_t)(length >> (8 * (octets - 1)));
	}
	header[n++] = (uint8_t)length;
	g_byte_array_append(out, header, n);
}

void
der_append(GByteArray *out, enum der_tag tag, struct span content)
{
	append_header(out, tag, content.n);
	if (content.n > 0)
		g_byte_array_append(out, content.p, (guint)content.n);
}

void
der_append_unsigned(GByteArray *out, struct span number)
{
	bool zero_first = number.n == 0 || number.p[0] >= 0x80;

	append_header(out, DER_INTEGER, number.n + zero_first);
	if (zero_first)
		g_byte_array_append(out, (const uint8_t *)"", 1);
	if (number.n > 0)
		g_byte_array_append(out, number.p, (guint)number.n);
}
