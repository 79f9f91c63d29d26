/*
 * progress.c - the progress line on a terminal.
 */
#include "keysnap/base/progress.h"

#include <inttypes.h>
#include <unistd.h>

#define SECOND       INT64_C(1000000000) /* nanoseconds */
#define INTERVAL     (SECOND / 5)

#define CLEAR_TO_END "\033[K"

void
progress_init(struct progress *progress, FILE *stream, bool wanted,
    const char *unit, int64_t now)
{
	bool shown = wanted && stream != NULL && isatty(fileno(stream)) == 1;

	progress->stream = shown ? stream : NULL;
	progress->unit = unit;
	progress->started = now;
	progress->shown = now;
}

/* "2:05:09" or "5:09" */
static void
print_duration(FILE *stream, double seconds)
{
	uint64_t s = (uint64_t)seconds;

	if (s >= 3600)
		fprintf(stream, "%" PRIu64 ":%02u:%02u", s / 3600,
		    (unsigned)(s / 60 % 60), (unsigned)(s % 60));
	else
		fprintf(
		    stream, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
}

void
progress_update(struct progress *progress, int64_t now, uint64_t count,
    uint64_t done, uint64_t total)
{
	FILE *stream = progress->stream;
	double elapsed = (double)(now - progress->started) / (double)SECOND;

	if (stream == NULL || now - progress->shown < INTERVAL)
		return;
	progress->shown = now;
	fprintf(stream, "\r%" PRIu64 " %s, %.0f per second", count,
	    progress->unit, (double)count / elapsed);
	if (total > 0 && done > 0 && done <= total) {
		double part = (double)done / (double)total;

		fprintf(stream, ", %.0f %%, ", 100 * part);
		print_duration(stream, elapsed / part - elapsed);
		fputs(" left", stream);
	}
	fputs(CLEAR_TO_END, stream);
	fflush(stream);
}

void
progress_clear(struct progress *progress)
{
	if (progress->stream == NULL)
		return;
	fputs("\r" CLEAR_TO_END, progress->stream);
	fflush(progress->stream);
}
