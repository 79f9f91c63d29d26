/*
 * import_dnsdb2.c - DNSDB version 2: records of the Common Output Format in
 * the Streaming API Framing.
 *
 *   {"cond":"begin"}
 *   {"obj":{...}}                      any number; {"cond":"ongoing"} between
 *   {"cond":"succeeded"} or {"cond":"limited","msg":"..."}
 *
 * Whoever cuts a stream off takes answers away without a trace in the lines
 * that are left, so one that does not end as it should is refused whole, and
 * so is one that says that it failed.  Several streams may follow each other.
 */
#include "keysnap/base/text.h"
#include "keysnap/import/cof_record.h"
#include "keysnap/import/json_lines.h"
#include "keysnap/import/recognise.h"

#define MESSAGE_MAX 300 /* octets of "msg" that are shown */

struct framing {
	const char *path;
	const struct import_options *options;
	const struct import_output *output;
	bool open, any;
};

static bool
refuse(const struct framing *framing, uint64_t number, const char *why,
    struct span message, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	text_append_terminal(text, span_sub(message, 0, MESSAGE_MAX));
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "%s:%" G_GUINT64_FORMAT ": %s%s%s; nothing of it is taken",
	    framing->path, number, why, text->len > 0 ? ": " : "", text->str);
	return false;
}

static bool
take_condition(struct framing *framing, const struct json_node *object,
    uint64_t number, GError **error)
{
	const struct json_node *cond = json_tree_get(object, "cond");
	const struct json_node *msg = json_tree_get(object, "msg");
	struct span word = cond->text, none = { NULL, 0 };

	if (span_equal(word, SPAN("begin"))) {
		if (framing->open)
			return refuse(framing, number,
			    "a stream begins before the last has ended", none,
			    error);
		framing->open = framing->any = true;
		return true;
	}
	if (span_equal(word, SPAN("failed")))
		return refuse(framing, number, "the stream says that it failed",
		    json_tree_is_string(msg) ? msg->text : none, error);
	if (!framing->open)
		return refuse(framing, number, "a stream without its beginning",
		    none, error);
	if (span_equal(word, SPAN("succeeded")) ||
	    span_equal(word, SPAN("limited")))
		framing->open = false;
	else if (!span_equal(word, SPAN("ongoing")))
		framing->output->bad(framing->output->user, number,
		    "cond is none of begin, ongoing, succeeded, limited, "
		    "failed");
	return true;
}

static bool
take(void *user, struct arena *arena, const struct json_node *object,
    uint64_t number, GError **error)
{
	struct framing *framing = user;
	const struct json_node *cond = json_tree_get(object, "cond");
	const struct json_node *record = json_tree_get(object, "obj");
	const struct import_output *output = framing->output;

	if ((cond == NULL) == (record == NULL) ||
	    (cond != NULL && !json_tree_is_string(cond)) ||
	    (record != NULL && record->type != JSON_NODE_OBJECT)) {
		output->bad(output->user, number,
		    "neither an obj nor a cond of DNSDB version 2");
		return true;
	}
	if (cond != NULL)
		return take_condition(framing, object, number, error);
	if (!framing->open)
		return refuse(framing, number, "a record outside of a stream",
		    (struct span){ NULL, 0 }, error);
	cof_record_take(arena, record, number, framing->options, output);
	return true;
}

static bool
read_dnsdb2(FILE *stream, const char *path,
    const struct import_options *options, const struct import_output *output,
    GError **error)
{
	struct framing framing = { path, options, output, false, false };

	if (!json_lines_read(stream, path,
		&(const struct json_lines){ &framing, take }, output, error))
		return false;
	if (framing.any && !framing.open)
		return true;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    framing.any ? "%s is cut off: its stream does not end in "
			  "succeeded or limited; nothing of it is taken"
			: "%s holds no stream of DNSDB version 2",
	    path);
	return false;
}

static bool
recognise_dnsdb2(struct span start)
{
	static const char *const cond[] = { "cond", NULL };
	static const char *const obj[] = { "obj", NULL };

	return recognise_members(start, cond) || recognise_members(start, obj);
}

const struct importer import_dnsdb2 = {
	.name = "dnsdb2",
	.description = "DNSDB version 2: passive DNS in Streaming API Framing",
	.recognise = recognise_dnsdb2,
	.read = read_dnsdb2,
};
