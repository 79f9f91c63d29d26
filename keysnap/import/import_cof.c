/*
 * import_cof.c - the Passive DNS Common Output Format, one record per line,
 * and version 1 of DNSDB, which writes the same.
 */
#include "keysnap/import/cof_record.h"
#include "keysnap/import/json_lines.h"
#include "keysnap/import/recognise.h"

struct cof {
	const struct import_options *options;
	const struct import_output *output;
};

static bool
take(void *user, struct arena *arena, const struct json_node *object,
    uint64_t number, GError **error)
{
	const struct cof *cof = user;

	(void)error;
	cof_record_take(arena, object, number, cof->options, cof->output);
	return true;
}

static bool
read_cof(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	struct cof cof = { options, output };

	return json_lines_read(stream, path,
	    &(const struct json_lines){ &cof, take }, output, error);
}

static bool
recognise_cof(struct span start)
{
	static const char *const members[] = { "rrname", "rrtype", NULL };

	return recognise_members(start, members);
}

const struct importer import_cof = {
	.name = "cof",
	.description = "passive DNS in the Common Output Format, DNSDB "
		       "version 1",
	.recognise = recognise_cof,
	.read = read_cof,
};
