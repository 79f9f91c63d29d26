/* fuzz_compare_list.c - the list of another tool: whatever is in it, every
 * line is counted once, and each that counts gives one place. */
#include "verifier/case/compare_list.h"

#include <stdlib.h>
#include <unistd.h>

#include "keysnap/base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* one for the process */
	g_autofree char *path = NULL;
	struct sorter *by_sha256 = sorter_new(1 << 20);
	struct sorter *by_name = sorter_new(1 << 20);
	struct compared_list list;
	GError *error = NULL;
	int fd = file_temporary(NULL);
	uint64_t words = 0;

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	if (fd < 0 ||
	    !file_write_all(fd, "list", (struct span){ data, size }, NULL))
		abort();
	path = g_strdup_printf("/proc/self/fd/%d", fd);
	if (compared_list_read(
		&list, path, crypto, by_sha256, by_name, &error)) {
		for (int i = 0; i <= THEIR_OTHER; i++)
			words += list.words[i];
		if (words != list.lines ||
		    sorter_count(by_sha256) + sorter_count(by_name) !=
			list.lines)
			abort();
	} else if (error == NULL) {
		abort();
	}
	g_clear_error(&error);
	close(fd);
	sorter_free(by_sha256);
	sorter_free(by_name);
	return 0;
}
