/* case_message.c - see case_message.h. */
#include "verifier/case/case_message.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/text.h"

#include <string.h>

struct case_message {
	struct archive *archive;
	struct batch *batch;
	const struct item *item; /* in the batch */
	struct arena *arena;
	uint8_t *buffer;  /* READING_BUFFER */
	struct span path; /* of the record */
};

G_DEFINE_QUARK(case -error - quark, case_error)

/* "PATH@OFFSET: why", as people may read it; NULL. */
static struct case_message *
refuse(GError **error, enum case_error code, const struct record_view *record,
    const char *why)
{
	const json_t *source = json_object_get(record->json, "source");
	g_autoptr(GString) text = g_string_new(NULL);

	text_append_terminal(text, record->path);
	g_set_error(error, CASE_ERROR, (gint)code,
	    "record %" G_GUINT64_FORMAT ": %s, offset %" JSON_INTEGER_FORMAT
	    ": %s",
	    record->seq, text->str,
	    json_integer_value(json_object_get(source, "offset")), why);
	return NULL;
}

/* ---- where it lies ------------------------------------------------------- */

static bool
link_fits(const struct chain_link *link, const json_t *wanted)
{
	return span_equal(record_get_string(wanted, "format"),
		   span_from_string(link->format)) &&
	    (uint64_t)json_integer_value(json_object_get(wanted, "number")) ==
	    link->number;
}

/* Does "item" lie where "source" says? */
static bool
item_fits(const struct item *item, const json_t *source)
{
	const json_t *chain = json_object_get(source, "chain");

	if (item->status != ITEM_OK || json_array_size(chain) != item->n_chain)
		return false;
	for (size_t i = 0; i < item->n_chain; i++) {
		if (!link_fits(&item->chain[i], json_array_get(chain, i)))
			return false;
	}
	return (uint64_t)json_integer_value(
		   json_object_get(source, "offset")) == item->offset &&
	    (uint64_t)json_integer_value(json_object_get(source, "length")) ==
	    item->length;
}

/* 1: found; 0: not there; -1 with "error". */
static int
find_item(struct case_message *message, const json_t *source, GError **error)
{
	int more;

	while ((more = archive_next(message->archive, message->batch, error)) ==
	    1) {
		for (size_t i = 0; i < message->batch->n_items; i++) {
			const struct item *item = &message->batch->items[i];

			if (!item_fits(item, source))
				continue;
			message->item = item;
			return 1;
		}
	}
	return more;
}

/* ---- is it the same? ----------------------------------------------------- */

struct wire_sum {
	struct sink sink; /* first */
	struct digest digest;
};

static void
add_to_sum(struct sink *self, struct span span)
{
	digest_add(&((struct wire_sum *)self)->digest, span);
}

static bool
has_identity(struct case_message *message, const struct crypto *crypto,
    struct span wanted)
{
	struct wire_sum sum = { .sink.push = add_to_sum };
	uint8_t sha256[DIGEST_SHA256_SIZE];
	char hex[DIGEST_HEX_SIZE];

	digest_init(&sum.digest, crypto, DIGEST_SHA256);
	case_message_push_wire(message, &sum.sink);
	digest_finish(&sum.digest, sha256);
	digest_clear(&sum.digest);
	digest_to_hex((struct span){ sha256, sizeof(sha256) }, hex);
	return span_equal(span_from_string(hex), wanted);
}

static struct case_message *
find(struct case_message *message, const struct record_view *record,
    const struct crypto *crypto, GError **error)
{
	const json_t *source = json_object_get(record->json, "source");
	int found = find_item(message, source, error);

	if (found < 0)
		return NULL;
	if (found == 0)
		return refuse(error, CASE_ERROR_ABSENT, record,
		    "no message lies there; name the archive as it was named "
		    "for the run, in the same order, with --archive");
	if (!has_identity(message, crypto, record->sha256))
		return refuse(error, CASE_ERROR_CHANGED, record,
		    "other octets lie there than were judged: the archive was "
		    "changed, or is another");
	return message;
}

/* ---- as it was judged ---------------------------------------------------- */

/* An edit of the record; false when it does not come behind "*end", the end
 * of the one before, or reaches out of the message. */
static bool
take_edit(struct case_message *message, const json_t *json, struct edit *edit,
    size_t *end)
{
	json_int_t at = json_integer_value(json_object_get(json, "at"));
	json_int_t remove = json_integer_value(json_object_get(json, "remove"));
	size_t n = message->item->raw.n;

	if (at < 0 || remove < 0 || (uint64_t)at > n || (size_t)at < *end ||
	    (uint64_t)remove > n - (size_t)at)
		return false;
	edit->at = (size_t)at;
	edit->remove = (size_t)remove;
	edit->insert = record_get_string(json, "insert");
	*end = edit->at + edit->remove;
	return json_object_get(json, "insert_b64") == NULL ||
	    base64_decode_strict(message->arena,
		record_get_string(json, "insert_b64"), &edit->insert);
}

static bool
take_edits(
    struct case_message *message, const json_t *record, struct reading *reading)
{
	const json_t *list = json_object_get(record, "edits");
	size_t n = json_array_size(list), end = 0;
	struct edit *edits =
	    arena_alloc_array(message->arena, n, sizeof(*edits));

	for (size_t i = 0; i < n; i++) {
		if (!take_edit(
			message, json_array_get(list, i), &edits[i], &end))
			return false;
	}
	reading->edits = edits;
	reading->n_edits = n;
	return true;
}

/* The reading that the record names, without its edits. */
static struct reading
get_reading(const json_t *source)
{
	struct span dialect = record_get_string(source, "dialect");
	struct span line_ends = record_get_string(source, "line_ends");
	struct reading reading = { .quoting = QUOTING_KEPT };

	if (span_equal(dialect, SPAN("mboxrd")))
		reading.quoting = QUOTING_MBOXRD;
	else if (span_equal(dialect, SPAN("mboxo")))
		reading.quoting = QUOTING_MBOXO;
	if (span_equal(line_ends, SPAN("kept")))
		reading.line_ends = LINE_ENDS_KEPT;
	return reading;
}

static void
push_reading(struct case_message *message, const struct reading *reading,
    struct sink *out)
{
	struct reading_stream stream;

	reading_start(&stream, reading, message->buffer, out);
	reading_push(&stream, message->item->raw);
	reading_finish(&stream, true);
}

/* ---- public -------------------------------------------------------------- */

/* A file alone may be named as it lies now. */
static bool
is_one_file(const struct archive_options *archive)
{
	return archive->n_paths == 1 &&
	    g_file_test(archive->paths[0], G_FILE_TEST_IS_REGULAR);
}

struct case_message *
case_message_open(const struct record_view *record,
    const struct archive_options *archive, const struct crypto *crypto,
    GError **error)
{
	struct archive_options options = *archive;
	struct case_message *message;

	if (record->sha256.n == 0)
		return refuse(error, CASE_ERROR_NONE, record,
		    "the record is of something that is no message");
	message = g_new0(struct case_message, 1);
	message->batch = batch_new();
	message->arena = arena_new();
	message->buffer = g_malloc(READING_BUFFER);
	message->path = arena_copy(message->arena, record->path);
	if (!is_one_file(archive))
		options.only = message->path;
	message->archive = archive_open(&options, crypto, error);
	if (message->archive != NULL &&
	    find(message, record, crypto, error) != NULL)
		return message;
	case_message_close(message);
	return NULL;
}

void
case_message_close(struct case_message *message)
{
	if (message == NULL)
		return;
	archive_close(message->archive);
	batch_free(message->batch);
	arena_free(message->arena);
	g_free(message->buffer);
	g_free(message);
}

const struct item *
case_message_item(const struct case_message *message)
{
	return message->item;
}

void
case_message_push_wire(struct case_message *message, struct sink *out)
{
	const struct reading wire = {
		.quoting = message->item->container == CONTAINER_MBOX
		    ? QUOTING_MBOXRD
		    : QUOTING_KEPT,
	};

	push_reading(message, &wire, out);
}

bool
case_message_push_judged(struct case_message *message,
    const struct record_view *record, struct sink *out, GError **error)
{
	struct reading reading =
	    get_reading(json_object_get(record->json, "source"));

	if (json_object_get(record->json, "edits_left_out") != NULL ||
	    json_object_get(record->json, "cut") != NULL) {
		refuse(error, CASE_ERROR_NONE, record,
		    "the record does not hold all edits; verifier check makes "
		    "them anew");
		return false;
	}
	if (!take_edits(message, record->json, &reading)) {
		refuse(error, CASE_ERROR_NONE, record,
		    "the edits of the record do not fit the message");
		return false;
	}
	push_reading(message, &reading, out);
	return true;
}
