/*
 * import_opendkim.c - the key files of OpenDKIM, in both forms.
 *
 * The file that its TestPublicKeys names: on each line a name, white space,
 * and the record as it is, to the end of the line (libopendkim,
 * dkim_get_key_file()); "#" begins a comment.  What opendkim-genkey writes is
 * a master file, and left to the zone importer; a word IN or TXT behind the
 * first name tells it.
 */
#include "keysnap/base/rfc5234.h"
#include "keysnap/import/import_lines.h"
#include "keysnap/import/import_stream.h"
#include "keysnap/import/importer.h"
#include "keysnap/import/recognise.h"
#include "keysnap/key/dns_name.h"

#include <errno.h>

#define HEAD_MAX \
	65536 /* octets in which the first record must begin, or the
			  file is taken for one of lines */

extern const struct importer import_zone;

/* Split "line" at its first white space; false when nothing is behind it. */
static bool
split_line(struct span line, struct span *name_out, struct span *rest_out)
{
	size_t n = 0;

	while (n < line.n && !rfc5234_is(line.p[n], RFC5234_WSP))
		n++;
	*name_out = span_sub(line, 0, n);
	*rest_out = span_from(line, n);
	while (rest_out->n > 0 && rfc5234_is(rest_out->p[0], RFC5234_WSP))
		*rest_out = span_from(*rest_out, 1);
	return rest_out->n > 0;
}

/* Is this line passed over? */
static bool
is_comment(struct span line)
{
	return span_trim_wsp(line).n == 0 || line.p[0] == '#' ||
	    line.p[0] == ';';
}

/* Is the first record that of a master file? */
static bool
is_master_file(struct span head)
{
	while (head.n > 0) {
		size_t n = span_find(head, '\n');
		struct span line = span_sub(head, 0, n), name, rest, word;

		head = span_from(head, n + 1);
		if (is_comment(line) || !split_line(line, &name, &rest))
			continue;
		split_line(rest, &word, &rest);
		return span_equal_nocase(word, SPAN("IN")) ||
		    span_equal_nocase(word, SPAN("TXT"));
	}
	return false;
}

static const char *
read_line(struct arena *arena, struct span line,
    const struct import_options *options, struct entry_observation *observation,
    struct span *string, bool *is_key_out)
{
	struct span name, selector, domain;
	bool has_record = split_line(line, &name, string);
	enum dns_name_status status =
	    dns_name_canonical(arena, name, &observation->name);

	*is_key_out = true;
	if (status == DNS_NAME_OK &&
	    !dns_name_split_key(observation->name, &selector, &domain)) {
		*is_key_out = false;
		return NULL;
	}
	if (status != DNS_NAME_OK)
		return "not a name that a key can have";
	if (!has_record)
		return "a name without a record";
	if (string->p[0] == '"')
		return "a quoted record: in this format the line is taken as "
		       "it is";
	if (string->n > ENTRY_TXT_MAX)
		return "longer than a TXT record can be";
	return import_default_time(options, observation) ? NULL
							 : import_needs_time;
}

static void
take_line(struct arena *arena, struct span line, uint64_t number,
    const struct import_options *options, const struct import_output *output)
{
	struct span string;
	struct entry_observation observation = {
		.kind = OBSERVATION_PRESENT,
		.strings = &string,
		.n_strings = 1,
		.joined = JOIN_SOURCE,
		.method = SPAN("keyfile"),
		.line = number,
		.ttl = -1,
	};
	bool is_key;
	const char *fault =
	    read_line(arena, line, options, &observation, &string, &is_key);

	if (fault != NULL)
		output->bad(output->user, number, fault);
	else if (is_key)
		output->observation(output->user, &observation);
	else
		output->other(output->user, number);
}

static bool
read_lines(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct import_lines lines;
	struct span line;
	bool failed;

	import_lines_init(&lines, stream);
	while (import_lines_next(&lines, &line)) {
		if (lines.too_long)
			output->bad(
			    output->user, lines.number, "line too long");
		else if (!is_comment(line))
			take_line(arena, line, lines.number, options, output);
		arena_reset(arena);
	}
	failed = import_lines_failed(&lines, path, error);
	import_lines_clear(&lines);
	return !failed;
}

static bool
read_opendkim(FILE *stream, const char *path,
    const struct import_options *options, const struct import_output *output,
    GError **error)
{
	g_autofree uint8_t *octets = g_malloc(HEAD_MAX);
	struct span head = { octets, fread(octets, 1, HEAD_MAX, stream) };
	FILE *whole = import_stream_open(stream, head);
	bool ok;

	if (whole == NULL) {
		import_set_read_error(error, path, errno);
		return false;
	}
	ok = (is_master_file(head) ? import_zone.read : read_lines)(
	    whole, path, options, output, error);
	fclose(whole);
	return ok;
}

/* opendkim-genkey's files are known as master files. */
static bool
recognise_opendkim(struct span start)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span line, name, rest, canonical;

	while (recognise_line(&start, &line)) {
		if (is_comment(line))
			continue;
		/* Lines of JSON and of tables have a word "p=..." too. */
		return split_line(line, &name, &rest) &&
		    dns_name_canonical(arena, name, &canonical) ==
		    DNS_NAME_OK &&
		    (span_starts_with(rest, SPAN("v=DKIM1")) ||
			span_starts_with(rest, SPAN("p=")) ||
			span_starts_with(rest, SPAN("k=")));
	}
	return false;
}

const struct importer import_opendkim = {
	.name = "opendkim",
	.description = "OpenDKIM's key files: lines of name and record, or "
		       "opendkim-genkey .txt files",
	.recognise = recognise_opendkim,
	.read = read_opendkim,
};
