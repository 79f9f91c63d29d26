/*
 * fuzz_run_file.c - run.json from anybody: of canonical JSON members and the
 * elements of lists are read as a parser reads them.
 */
#include "verifier/run/run_file.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_list(struct run_file *file, const char *name, const json_t *want)
{
	struct run_list *list = run_list_open(file, name, NULL);
	struct span text;
	size_t n = 0;

	for (; list != NULL && run_list_get(list, &text); n++)
		run_list_next(list);
	if (json_is_array(want) && n != json_array_size(want))
		g_error("a list of another length");
	run_list_close(list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "a", "inputs", "notes", "t" };
	int fd = memfd_create("run.json", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	g_autoptr(arena_auto) arena = arena_new();
	const char *why;
	json_t *whole = json_parse_line(
	    arena, (struct span){ data, size == 0 ? 0 : size - 1 }, true, &why);
	struct run_file *file;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		g_error("no memory file");
	file = run_file_open(path, NULL);
	for (size_t i = 0; file != NULL && i < G_N_ELEMENTS(names); i++) {
		json_t *value = run_file_get(file, names[i]);
		const json_t *want = json_object_get(whole, names[i]);

		if (whole != NULL && want != NULL && !json_equal(value, want))
			g_error("a member of another value");
		check_list(file, names[i], want);
		json_decref(value);
	}
	run_file_close(file);
	json_decref(whole);
	close(fd);
	return 0;
}
