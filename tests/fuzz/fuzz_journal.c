/*
 * fuzz_journal.c - the journal of an unfinished run from anybody: every line
 * that is taken and holds values is written again octet for octet, and a
 * whole file is read to its last good block.
 */
#include "verifier/run/resume.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the writer makes of "line"; false for kinds that are no values. */
static bool
write_again(GString *out, const struct journal_line *line)
{
	struct tally more, known;

	if (line->kind == JOURNAL_POINT) {
		journal_write_point(out, &line->point);
		return true;
	}
	tally_init(&more);
	tally_init(&known);
	if (line->kind == JOURNAL_SENDER)
		tally_add_sender(&more, line->text);
	if (line->kind == JOURNAL_DOMAIN)
		tally_add_domain(&more, line->text);
	if (line->kind == JOURNAL_WANT)
		wants_add_many(more.wants, &line->want, line->want_count);
	journal_write_tally(out, &more, &known);
	tally_clear(&more);
	tally_clear(&known);
	return out->len > 0;
}

static void
check_line(struct span text)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) again = g_string_new(NULL);
	struct journal_line line;
	const char *why = NULL;

	if (!journal_read_line(&line, arena, text, &why)) {
		if (why == NULL)
			g_error("refused without a reason");
		return;
	}
	/* Members that are not known are allowed, and not written. */
	if (write_again(again, &line) && again->len == text.n + 1 &&
	    !span_equal(
		text, (struct span){ (const uint8_t *)again->str, text.n }))
		g_error("a line that was read is written differently");
	if (line.kind == JOURNAL_RUN &&
	    journal_run_difference(line.text, line.text) != NULL)
		g_error("a run that differs from itself");
}

/* As a file whose first line is that of the present run. */
static void
check_file(const struct crypto *crypto, struct span text)
{
	int fd = memfd_create("journal", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	struct span run =
	    span_sub(text, 0, MIN(span_find(text, '\n') + 1, text.n));
	struct resume *resume;
	struct tally tally;

	if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n)
		g_error("no memory file");
	resume = resume_open(path, run, crypto, NULL);
	if (resume != NULL) {
		if (resume_length(resume) > text.n)
			g_error("more holds than is there");
		tally_init(&tally);
		resume_restore(resume, &tally);
		if (tally.counts.messages != resume_point(resume)->records)
			g_error("other counts than records");
		tally_clear(&tally);
		resume_close(resume);
	}
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto;
	struct span rest = { data, size };

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	if (size > 0)
		check_file(crypto, rest);
	while (rest.n > 0) {
		size_t n = span_find(rest, '\n');

		check_line(span_sub(rest, 0, MIN(n, rest.n)));
		rest = span_from(rest, MIN(n + 1, rest.n));
	}
	return 0;
}
