/* test_progress.c - the progress line, on a terminal and elsewhere. */
#include "keysnap/base/progress.h"

#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

static void
test_silent(void)
{
	struct progress progress;
	char *text = NULL;
	size_t n = 0;
	FILE *stream = open_memstream(&text, &n);

	progress_init(&progress, stream, true, "messages", 0);
	progress_update(&progress, 10 * SECOND, 5, 1, 2);
	progress_clear(&progress);
	fclose(stream);
	g_assert_cmpuint(n, ==, 0);
	free(text);
}

/* What the terminal's other side has received. */
static char *
drain(int fd)
{
	char buffer[1024];
	ssize_t n = read(fd, buffer, sizeof(buffer));

	return g_strndup(buffer, n > 0 ? (gsize)n : 0);
}

static void
test_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	g_autofree char *first = NULL, *soon = NULL, *later = NULL;
	struct progress progress;
	FILE *stream;

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
		g_test_skip("no pseudo-terminals here");
		return;
	}
	stream = fopen(ptsname(master), "w");
	g_assert_nonnull(stream);
	progress_init(&progress, stream, true, "messages", 0);
	progress_update(&progress, 2 * SECOND, 100, 1, 4);
	first = drain(master);
	g_assert_cmpstr(
	    first, ==, "\r100 messages, 50 per second, 25 %, 0:06 left\033[K");
	progress_update(&progress, 2 * SECOND + SECOND / 10, 101, 2, 4);
	soon = drain(master);
	g_assert_cmpstr(soon, ==, "");
	progress_update(&progress, 4 * SECOND, 100, 0, 0);
	progress_clear(&progress);
	later = drain(master);
	g_assert_cmpstr(
	    later, ==, "\r100 messages, 25 per second\033[K\r\033[K");
	fclose(stream);
	close(master);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/progress/silent", test_silent);
	g_test_add_func("/progress/terminal", test_terminal);
	return g_test_run();
}
