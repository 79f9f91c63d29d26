/* test_source_memory.c - copies of streams, and streams begun already. */
#include "tests/unit/span_assert.h"
#include "verifier/archive/archive.h"
#include "verifier/archive/container_reader.h"
#include "verifier/archive/source_memory.h"
#include "verifier/archive/source_prefix.h"

#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
assert_octets(struct source *source, uint64_t offset, const char *want)
{
	uint8_t octets[64];
	gssize got =
	    source_read_full_at(source, octets, sizeof(octets), offset, NULL);

	g_assert_cmpint(got, ==, (gssize)strlen(want));
	span_assert_equal("octets", (struct span){ octets, (size_t)got },
	    span_from_string(want));
}

static void
assert_rest(struct source *source, const char *want)
{
	uint8_t octets[64];
	gssize got = source_read_full(source, octets, sizeof(octets), NULL);

	g_assert_cmpint(got, ==, (gssize)strlen(want));
	span_assert_equal("rest", (struct span){ octets, (size_t)got },
	    span_from_string(want));
}

static void
test_copy(void)
{
	struct source *stream = source_prefix_new(SPAN("some text"), NULL);
	struct source *memory = source_memory_new(stream, 9, NULL);

	source_close(stream);
	g_assert_nonnull(memory);
	g_assert_true(memory->size_known);
	g_assert_cmpuint(memory->size, ==, 9);
	assert_octets(memory, 0, "some text");
	assert_octets(memory, 5, "text");
	assert_octets(memory, 9, "");
	assert_octets(memory, UINT64_MAX, "");
	assert_rest(memory, "some text");
	assert_rest(memory, "");
	source_close(memory);
}

/* Nobody can write into the copy, by any way. */
static void
test_sealed(void)
{
	struct source *stream = source_prefix_new(SPAN("text"), NULL);
	struct source *memory = source_memory_new(stream, 9, NULL);
	int found = 0;

	source_close(stream);
	for (int fd = 0; fd < 64; fd++) {
		int seals = fcntl(fd, F_GET_SEALS);
		if (seals <= 0 || (seals & F_SEAL_WRITE) == 0)
			continue;
		found++;
		g_assert_cmpint(seals, ==,
		    F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
		g_assert_cmpint(pwrite(fd, "x", 1, 0), ==, -1);
		g_assert_cmpint(ftruncate(fd, 0), ==, -1);
	}
	g_assert_cmpint(found, ==, 1);
	source_close(memory);
}

static void
test_too_large(void)
{
	struct source *stream = source_prefix_new(SPAN("some text"), NULL);
	g_autoptr(GError) problem = NULL;

	g_assert_null(source_memory_new(stream, 8, &problem));
	g_assert_error(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_LIMIT);
	source_close(stream);
}

static void
test_prefix(void)
{
	struct source *stream = source_prefix_new(SPAN("text"), NULL);
	struct source *both = source_prefix_new(SPAN("some "), stream);

	g_assert_null(both->class->read_at);
	assert_rest(both, "some text");
	assert_rest(both, "");
	g_assert_true(both->class->finish(both, NULL));
	source_close(both);
}

/* read_at() is that of what lies below, whose offsets begin before. */
static void
test_prefix_seekable(void)
{
	struct source *stream = source_prefix_new(SPAN("some text"), NULL);
	struct source *memory = source_memory_new(stream, 9, NULL), *both;
	uint8_t octets[5];

	source_close(stream);
	g_assert_cmpint(source_read_full(memory, octets, 5, NULL), ==, 5);
	both = source_prefix_new((struct span){ octets, 5 }, memory);
	g_assert_nonnull(both->class->read_at);
	g_assert_cmpuint(both->size, ==, 9);
	assert_octets(both, 2, "me text");
	assert_rest(both, "some text");
	source_close(both);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/source_memory/copy", test_copy);
	g_test_add_func("/source_memory/sealed", test_sealed);
	g_test_add_func("/source_memory/too_large", test_too_large);
	g_test_add_func("/source_memory/prefix", test_prefix);
	g_test_add_func("/source_memory/prefix_seekable", test_prefix_seekable);
	return g_test_run();
}
