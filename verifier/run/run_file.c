/*
 * run_file.c - see run_file.h.
 *
 * Values are passed over by counting brackets outside of strings; what they
 * hold is for whoever parses them.
 */
#include "verifier/run/run_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_OCTETS 64 /* ours have under 30 */

struct place {
	char name[NAME_MAX_OCTETS + 1];
	long start, end; /* octets of the value */
};

struct run_file {
	char *path;
	FILE *stream;
	struct place members[RUN_FILE_MEMBERS_MAX];
	size_t n;
};

struct run_list {
	FILE *stream;
	long end; /* of the list, with its bracket */
	GString *text;
	bool there;
};

/* ---- passing over -------------------------------------------------------- */

/* The rest of a string, whose quotation mark was read. */
static bool
pass_string(FILE *stream, GString *out)
{
	int c;

	while ((c = getc_unlocked(stream)) != EOF && c != '"') {
		if (out != NULL && out->len < RUN_FILE_VALUE_MAX)
			g_string_append_c(out, (char)c);
		if (c != '\\')
			continue;
		c = getc_unlocked(stream);
		if (c == EOF)
			return false;
		if (out != NULL && out->len < RUN_FILE_VALUE_MAX)
			g_string_append_c(out, (char)c);
	}
	return c == '"';
}

/* Read a value, and append it to "out" (or NULL) as far as it is not too
 * long.  The octet behind it, which ends it, is returned; EOF when the file
 * ends in it. */
static int
pass_value(FILE *stream, GString *out)
{
	unsigned depth = 0;
	int c;

	while ((c = getc_unlocked(stream)) != EOF) {
		if (depth == 0 && (c == ',' || c == '}' || c == ']'))
			return c;
		if (out != NULL && out->len < RUN_FILE_VALUE_MAX)
			g_string_append_c(out, (char)c);
		if (c == '{' || c == '[')
			depth++;
		if (c == '}' || c == ']')
			depth--;
		if (c != '"')
			continue;
		if (!pass_string(stream, out))
			return EOF;
		if (out != NULL && out->len < RUN_FILE_VALUE_MAX)
			g_string_append_c(out, '"');
	}
	return EOF;
}

/* ---- the file ------------------------------------------------------------ */

/* One member: 1 when another one follows, 0 at the end, -1. */
static int
read_member(struct run_file *file)
{
	g_autoptr(GString) name = g_string_new(NULL);
	struct place *place = &file->members[file->n];
	int behind;

	if (file->n == RUN_FILE_MEMBERS_MAX ||
	    getc_unlocked(file->stream) != '"' ||
	    !pass_string(file->stream, name) || name->len > NAME_MAX_OCTETS ||
	    getc_unlocked(file->stream) != ':')
		return -1;
	memcpy(place->name, name->str, name->len + 1);
	place->start = ftell(file->stream);
	behind = pass_value(file->stream, NULL);
	place->end = ftell(file->stream) - 1;
	file->n++;
	return behind == ',' ? 1 : behind == '}' ? 0 : -1;
}

static bool
read_members(struct run_file *file)
{
	int more = 1;

	if (getc_unlocked(file->stream) != '{')
		return false;
	while (more == 1)
		more = read_member(file);
	return more == 0 && getc_unlocked(file->stream) == '\n' &&
	    getc_unlocked(file->stream) == EOF;
}

struct run_file *
run_file_open(const char *path, GError **error)
{
	struct run_file *file = g_new0(struct run_file, 1);

	file->path = g_strdup(path);
	file->stream = fopen(path, "rbe");
	if (file->stream == NULL)
		g_set_error(error, G_FILE_ERROR,
		    (gint)g_file_error_from_errno(errno), "%s: %s", path,
		    g_strerror(errno));
	else if (!read_members(file))
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s: not the run.json of a finished run", path);
	else
		return file;
	run_file_close(file);
	return NULL;
}

void
run_file_close(struct run_file *file)
{
	if (file == NULL)
		return;
	if (file->stream != NULL)
		fclose(file->stream);
	g_free(file->path);
	g_free(file);
}

static const struct place *
find(const struct run_file *file, const char *name)
{
	for (size_t i = 0; i < file->n; i++) {
		if (strcmp(file->members[i].name, name) == 0)
			return &file->members[i];
	}
	return NULL;
}

json_t *
run_file_get(struct run_file *file, const char *name)
{
	const struct place *place = find(file, name);
	g_autoptr(GString) text = g_string_new(NULL);

	if (place == NULL || fseek(file->stream, place->start, SEEK_SET) != 0)
		return NULL;
	pass_value(file->stream, text);
	if (text->len >= RUN_FILE_VALUE_MAX)
		return NULL;
	return json_loadb(text->str, text->len,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
}

bool
run_outputs_have(const json_t *outputs, const char *name,
    const uint8_t sha256[DIGEST_SHA256_SIZE])
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ sha256, DIGEST_SHA256_SIZE }, hex);
	for (size_t i = 0; i < json_array_size(outputs); i++) {
		const json_t *output = json_array_get(outputs, i);

		if (g_strcmp0(
			json_string_value(json_object_get(output, "path")),
			name) == 0 &&
		    g_strcmp0(
			json_string_value(json_object_get(output, "sha256")),
			hex) == 0)
			return true;
	}
	return false;
}

/* ---- lists --------------------------------------------------------------- */

struct run_list *
run_list_open(struct run_file *file, const char *name, GError **error)
{
	const struct place *place = find(file, name);
	struct run_list *list = g_new0(struct run_list, 1);

	list->text = g_string_new(NULL);
	list->stream = fopen(file->path, "rbe");
	if (list->stream == NULL || place == NULL ||
	    fseek(list->stream, place->start, SEEK_SET) != 0 ||
	    getc_unlocked(list->stream) != '[') {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s: its list \"%s\" cannot be read", file->path, name);
		run_list_close(list);
		return NULL;
	}
	list->end = place->end;
	run_list_next(list);
	return list;
}

void
run_list_close(struct run_list *list)
{
	if (list == NULL)
		return;
	if (list->stream != NULL)
		fclose(list->stream);
	g_string_free(list->text, TRUE);
	g_free(list);
}

bool
run_list_get(const struct run_list *list, struct span *text_out)
{
	*text_out =
	    (struct span){ (const uint8_t *)list->text->str, list->text->len };
	return list->there;
}

void
run_list_next(struct run_list *list)
{
	g_string_truncate(list->text, 0);
	list->there = ftell(list->stream) < list->end &&
	    pass_value(list->stream, list->text) != EOF &&
	    list->text->len > 0 && list->text->len < RUN_FILE_VALUE_MAX;
}
