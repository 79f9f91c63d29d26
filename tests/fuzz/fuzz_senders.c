/*
 * fuzz_senders.c - any octets as a header: what is found of its senders, in
 * the record and for people.
 */
#include "verifier/report/person_senders.h"
#include "verifier/report/record_line.h"

#include "keysnap/base/text.h"
#include "verifier/message/display.h"
#include "verifier/message/message.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct alignment *alignment;
static uint8_t buffer[READING_BUFFER];

static const struct senders *
find(struct arena *arena, struct span octets)
{
	static const struct reading reading = { .quoting = QUOTING_KEPT };
	const struct span signers[] = { SPAN("paypal.com") };
	const struct span name = SPAN("From");
	struct message *message = arena_alloc(arena, sizeof(*message));
	struct from_list authors = { .status = FROM_EMPTY };
	size_t n;

	message_open(message, arena, buffer, octets, &reading);
	if (message->status != HEADER_OK)
		return NULL;
	n = header_count(&message->header, name);
	if (n > 0)
		from_parse(&authors, arena,
		    header_get(&message->header, name, n - 1)->value);
	return senders_find(arena, alignment, &message->header, &authors,
	    signers, G_N_ELEMENTS(signers));
}

static void
check_finding(const struct sender_finding *finding)
{
	g_assert(text_is_utf8(finding->text));
	g_assert(text_is_ascii(finding->domain));
	g_assert(text_is_ascii(finding->other));
}

/* A line that is read back, and a page without a control character. */
static void
check_texts(struct arena *arena, const struct senders *senders)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) page = g_string_new(NULL);
	struct line line = {
		.text_max = SIZE_MAX, .item_max = SIZE_MAX, .list_max = SIZE_MAX
	};
	const char *why = NULL;
	json_t *json;

	json_writer_init(&line.json, out);
	json_open_object(&line.json, NULL);
	line_put_senders(&line, senders, NULL);
	json_close_object(&line.json);
	json = json_parse_line(arena,
	    (struct span){ (const uint8_t *)out->str, out->len }, true, &why);
	g_assert(json != NULL);
	person_append_senders(page, json, NULL);
	json_decref(json);
	for (size_t i = 0; i < page->len; i++)
		g_assert((uint8_t)page->str[i] >= 0x20 || page->str[i] == '\n');
	g_assert(strstr(page->str, "\xe2\x80\xae") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct senders *senders;

	if (alignment == NULL) {
		struct crypto *crypto = crypto_open(NULL);

		display_init();
		alignment = alignment_open(
		    "data/public_suffix_list.dat", NULL, crypto, NULL);
		crypto_close(crypto);
		if (alignment == NULL)
			abort();
	}
	senders = find(arena, (struct span){ data, size });
	if (senders == NULL)
		return 0;
	g_assert(senders->n_findings <= SENDERS_FINDINGS_MAX);
	g_assert(senders->n_idn <= SENDERS_DOMAINS_MAX);
	for (size_t i = 0; i < senders->n_findings; i++)
		check_finding(&senders->findings[i]);
	check_texts(arena, senders);
	return 0;
}
