/*
 * importer.c - the table of formats, and which of them a file has.
 */
#include "keysnap/import/importer.h"
#include "keysnap/import/import_input.h"

#include <string.h>

extern const struct importer import_cof;
extern const struct importer import_compromised_keys;
extern const struct importer import_dkim_verifier;
extern const struct importer import_dnsdb2;
extern const struct importer import_doh;
extern const struct importer import_fdns;
extern const struct importer import_jsonl;
extern const struct importer import_jws;
extern const struct importer import_mailauth;
extern const struct importer import_opendkim;
extern const struct importer import_pcap;
extern const struct importer import_private_keys;
extern const struct importer import_securitytrails;
extern const struct importer import_table;
extern const struct importer import_wire;
extern const struct importer import_zkemail;
extern const struct importer import_zone;

const struct importer *const importers[] = {
	&import_cof,
	&import_compromised_keys,
	&import_dkim_verifier,
	&import_dnsdb2,
	&import_fdns,
	&import_doh,
	&import_jsonl,
	&import_jws,
	&import_mailauth,
	&import_opendkim,
	&import_pcap,
	&import_private_keys,
	&import_securitytrails,
	&import_table,
	&import_wire,
	&import_zkemail,
	&import_zone,
	NULL,
};

const char import_needs_time[] =
    "no time in this record: give one with --observed-at";

const struct importer *
importer_get(const char *name)
{
	for (size_t i = 0; importers[i] != NULL; i++) {
		if (strcmp(importers[i]->name, name) == 0)
			return importers[i];
	}
	return NULL;
}

bool
import_default_time(
    const struct import_options *options, struct entry_observation *observation)
{
	observation->first = observation->last = options->observed_at;
	observation->precision = options->precision;
	observation->time_kind = options->no_time ? TIME_NO_TIME
	    : options->file_time                  ? TIME_FILE
						  : TIME_CLAIMED;
	return options->no_time || options->observed_at != TIMESTAMP_NONE;
}

/* The first octets of a file, with gzip undone; n is at most "size". */
static bool
read_start(const char *path, const struct crypto *crypto, uint8_t *octets,
    size_t size, struct span *start_out, GError **error)
{
	struct import_input input;
	FILE *stream;
	size_t n = 0;
	bool ok = false;

	if (!import_input_open(&input, path, crypto, error))
		return false;
	stream = import_input_begin(&input, error);
	if (stream != NULL) {
		n = fread(octets, 1, size, stream);
		ok = import_input_end(&input, false, error);
	}
	import_input_close(&input);
	*start_out = (struct span){ octets, n };
	return ok;
}

const struct importer **
importer_recognise(
    const char *path, const struct crypto *crypto, GError **error)
{
	g_autofree uint8_t *octets = g_malloc(IMPORT_START_MAX);
	struct span start, mark = SPAN("\xef\xbb\xbf");
	const struct importer **found;
	size_t n = 0;

	if (!read_start(path, crypto, octets, IMPORT_START_MAX, &start, error))
		return NULL;
	if (span_starts_with(start, mark))
		start = span_from(start, mark.n);
	found = g_new0(const struct importer *, G_N_ELEMENTS(importers));
	for (size_t i = 0; importers[i] != NULL; i++) {
		if (importers[i]->recognise != NULL &&
		    importers[i]->recognise(start))
			found[n++] = importers[i];
	}
	return found;
}
