/*
 * measure.c - run a command and say what it took.
 *
 *   measure FILE COMMAND [ARGUMENT...]
 *
 * Writes one line to FILE: CPU seconds, user and system; seconds on the wall;
 * the greatest resident set in KiB; and the greatest part of it that is no
 * page of a file, as seen every 20 milliseconds: the rest the system may take
 * back at any time.  Exits as the command did.  GLib is not used, so that the
 * resident set before exec is small.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double
seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* KiB of the process that are anonymous or of memory files; 0 when it has
 * ended. */
static long
own_memory(pid_t child)
{
	char path[64], line[256];
	long sum = 0, value;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)child);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "RssAnon: %ld", &value) == 1 ||
		    sscanf(line, "RssShmem: %ld", &value) == 1)
			sum += value;
	}
	fclose(file);
	return sum;
}

/* Wait for the end of the command. */
static int
watch(pid_t child, int *status, struct rusage *usage, long *own_out)
{
	const struct timespec pause = { 0, 20000000 };
	pid_t got;

	*own_out = 0;
	while ((got = wait4(child, status, WNOHANG, usage)) == 0) {
		long own = own_memory(child);

		if (own > *own_out)
			*own_out = own;
		nanosleep(&pause, NULL);
	}
	return got == child;
}

int
main(int argc, char **argv)
{
	double begin = now();
	struct rusage usage;
	int status;
	long own;

	if (argc < 3)
		return 2;
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || !watch(child, &status, &usage, &own))
		return 2;
	FILE *file = fopen(argv[1], "w");
	if (file == NULL)
		return 2;
	fprintf(file, "%.6f %.6f %.6f %ld %ld\n", seconds(usage.ru_utime),
	    seconds(usage.ru_stime), now() - begin, usage.ru_maxrss, own);
	if (fclose(file) != 0)
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
