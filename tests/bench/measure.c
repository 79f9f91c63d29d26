/*
 * measure.c - run a command and say what it took.
 *
 *   measure FILE COMMAND [ARGUMENT...]
 *
 * Writes one line to FILE: CPU seconds, user and system; seconds on the wall;
 * and the greatest resident set in KiB.  Exits as the command did.  GLib is
 * not used, so that the resident set before exec is small.
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

int
main(int argc, char **argv)
{
	double begin = now();
	struct rusage usage;
	int status;

	if (argc < 3)
		return 2;
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 2;
	FILE *file = fopen(argv[1], "w");
	if (file == NULL)
		return 2;
	fprintf(file, "%.6f %.6f %.6f %ld\n", seconds(usage.ru_utime),
	    seconds(usage.ru_stime), now() - begin, usage.ru_maxrss);
	if (fclose(file) != 0)
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
