/* case_run.c - see case_run.h. */
#include "verifier/case/case_run.h"

#include "keysnap/base/base64.h"
#include "verifier/report/record.h"
#include "verifier/run/run_file.h"

#include <string.h>

/* The octets of a path of the list: exact where it is not UTF-8.  NULL when it
 * is none. */
static char *
take_path(struct arena *arena, const json_t *object)
{
	struct span path = record_get_string(object, "path");

	if (json_object_get(object, "path_b64") != NULL &&
	    !base64_decode_strict(
		arena, record_get_string(object, "path_b64"), &path))
		return NULL;
	if (path.n == 0 || memchr(path.p, '\0', path.n) != NULL)
		return NULL;
	return g_strndup((const char *)path.p, path.n);
}

static char **
take_archive(const json_t *environment)
{
	const json_t *list = json_object_get(environment, "archive");
	size_t n = json_array_size(list);
	g_auto(GStrv) paths = g_new0(char *, n + 1);
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < n; i++) {
		paths[i] = take_path(arena, json_array_get(list, i));
		if (paths[i] == NULL)
			return NULL;
	}
	return n == 0 ? NULL : g_steal_pointer(&paths);
}

char **
case_run_archive(const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "run.json", NULL);
	struct run_file *file = run_file_open(path, error);
	json_t *environment;
	char **paths;

	if (file == NULL)
		return NULL;
	environment = run_file_get(file, "environment");
	paths = take_archive(environment);
	if (paths == NULL)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s: it does not say where the archive was: name it with "
		    "--archive",
		    path);
	json_decref(environment);
	run_file_close(file);
	return paths;
}
