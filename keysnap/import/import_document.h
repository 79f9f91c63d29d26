/*
 * import_document.h - files that are one JSON document, with a list of
 * records in it.
 *
 * A document is read whole, so its size is bounded.  There is no line to name:
 * a record is named by its number in the list, from 1.
 */
#ifndef KEYSNAP_IMPORT_IMPORT_DOCUMENT_H
#define KEYSNAP_IMPORT_IMPORT_DOCUMENT_H

#include "keysnap/import/import_times.h"

#include <jansson.h>

#define IMPORT_DOCUMENT_MAX    (16 << 20) /* octets */
#define IMPORT_DOCUMENT_VALUES (2 << 20)  /* "[", "{" and "," in it: what the
					     parser takes for a value is many
					     times its text */

/* A record on its way to an observation. */
struct document_record {
	struct arena *arena;
	const json_t *value;
	const struct import_options *options;
	const struct import_output *output;
	struct entry_observation observation; /* ttl absent, item set */
	struct span string; /* room for a record of one string */
	bool is_other; /* set it when there is no key in the record */
	bool is_done;  /* set it when its observations were given to "output"
			  already */
};

/* How a format reads its documents. */
struct document_format {
	/* The list of records inside; NULL when the document is none of this
	 * format. */
	const json_t *(*list)(const json_t *document);
	/* Fill the observation from one; NULL, or what is wrong. */
	const char *(*take)(struct document_record *record);
	bool single; /* a document that is an object is the one record */
};

/* The whole document, to be given back with json_decref(); NULL with "error"
 * set when it cannot be read, is too large, is no JSON or has a member twice. */
json_t *import_document_read(FILE *stream, const char *path, GError **error);

/* Read a document and take each record of its list, as importer.read does. */
bool import_document_each(FILE *stream, const char *path,
    const struct document_format *format,
    const struct import_options *options, const struct import_output *output,
    GError **error);

/* Give the record to its output: as bad when "fault" is set. */
void document_finish(struct document_record *record, const char *fault);

/* Set "error": the file is not what its format says.  Returns false. */
bool import_document_refuse(const char *path, const char *why, GError **error);

/* The text of a member; empty when it is absent or null.  False when it is
 * anything else, or, for a time, no time. */
bool document_text(const json_t *object, const char *member,
    struct span *text_out);
bool document_time(const json_t *object, const char *member,
    struct import_time *time_out);

/* Set the name from a selector and a domain as a signature has them, or from
 * a whole name; one of no key makes the record another. */
const char *document_set_key(struct document_record *record,
    struct span selector, struct span domain);
const char *document_set_name(struct document_record *record,
    struct span name);

/* Set the record to one string that the source had joined; or to what a text
 * in one of the forms of txt_dialect.h says. */
const char *document_set_joined(struct document_record *record,
    struct span text);
const char *document_set_text(struct document_record *record,
    struct span text);

/* For importer.recognise: does a document begin with "open", and have all of
 * these words (NULL-ended) in what is there of it? */
bool document_looks_like(struct span start, uint8_t open,
    const char *const *words);

#endif
