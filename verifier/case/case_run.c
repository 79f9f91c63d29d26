/* case_run.c - see case_run.h. */
#include "verifier/case/case_run.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/json_tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Canonical JSON has its members in order: what is wanted stands before the
 * inputs.  Inside a string the quotes would have backslashes. */
#define INPUTS ",\"inputs\":["

static bool
failed(GError **error, const char *path, const char *why)
{
	g_set_error(
	    error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s", path, why);
	return false;
}

/* The start of "stream" up to the inputs, closed to an object. */
static bool
read_head(FILE *stream, const char *path, GString *head, GError **error)
{
	char block[65536];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), stream)) > 0) {
		size_t from =
		    head->len > strlen(INPUTS) ? head->len - strlen(INPUTS) : 0;
		const char *inputs;

		g_string_append_len(head, block, (gssize)n);
		inputs = memmem(
		    head->str + from, head->len - from, INPUTS, strlen(INPUTS));
		if (inputs != NULL) {
			g_string_truncate(head, (gsize)(inputs - head->str));
			g_string_append_c(head, '}');
			return true;
		}
		if (head->len > CASE_RUN_HEAD_MAX)
			break;
	}
	return failed(error, path,
	    ferror(stream) ? g_strerror(errno)
			   : "no list of inputs: not of this program");
}

static bool
open_and_read(const char *path, GString *head, GError **error)
{
	FILE *stream = fopen(path, "rbe");
	bool good;

	if (stream == NULL)
		return failed(error, path, g_strerror(errno));
	good = read_head(stream, path, head, error);
	fclose(stream);
	return good;
}

/* The octets of a TEXT of the list: an object of "path" and, where that is not
 * UTF-8, "path_b64".  NULL when it is none. */
static char *
take_path(struct arena *arena, const struct json_node *node)
{
	const struct json_node *text = json_tree_get(node, "path");
	const struct json_node *exact = json_tree_get(node, "path_b64");
	struct span path;

	if (!json_tree_is_string(text))
		return NULL;
	path = text->text;
	if (exact != NULL &&
	    (!json_tree_is_string(exact) ||
		!base64_decode_strict(arena, exact->text, &path)))
		return NULL;
	if (path.n == 0 || memchr(path.p, '\0', path.n) != NULL)
		return NULL;
	return g_strndup((const char *)path.p, path.n);
}

static char **
take_archive(struct arena *arena, const struct json_node *run)
{
	const struct json_node *list =
	    json_tree_get(json_tree_get(run, "environment"), "archive");
	g_autoptr(GPtrArray) paths = NULL;

	if (list == NULL || list->type != JSON_NODE_ARRAY || list->n == 0)
		return NULL;
	paths = g_ptr_array_new_with_free_func(g_free);
	for (const struct json_node *at = list->first; at != NULL;
	     at = at->next) {
		char *path =
		    at->type == JSON_NODE_OBJECT ? take_path(arena, at) : NULL;

		if (path == NULL)
			return NULL;
		g_ptr_array_add(paths, path);
	}
	g_ptr_array_add(paths, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&paths), FALSE);
}

char **
case_run_archive(const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "run.json", NULL);
	g_autoptr(GString) head = g_string_new(NULL);
	struct arena *arena;
	const struct json_node *run;
	const char *why;
	char **paths = NULL;

	if (!open_and_read(path, head, error))
		return NULL;
	arena = arena_new();
	run = json_tree_parse_object(arena,
	    (struct span){ (const uint8_t *)head->str, head->len }, &why);
	if (run == NULL)
		failed(error, path, why);
	else if ((paths = take_archive(arena, run)) == NULL)
		failed(error, path,
		    "it does not say where the archive was: name it with "
		    "--archive");
	arena_free(arena);
	return paths;
}
