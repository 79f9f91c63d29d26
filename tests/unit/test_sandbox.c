/* test_sandbox.c - a process in the sandbox dies of a socket call, and gets
 * no new code. */
#include "verifier/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_REFUSED  40
#define CHILD_LIVES    41
#define CHILD_HAS_CODE 42

static void
make_socket(void)
{
	syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
}

static void
make_socket_pair(void)
{
	int pair[2];

	syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair);
}

static void
make_io_ring(void)
{
	syscall(SYS_io_uring_setup, 1, NULL);
}

static void
start_program(void)
{
	char *const arguments[] = { (char *)"true", NULL };

	execve("/bin/true", arguments, NULL);
}

static void *
map_page(int protection)
{
	return mmap(NULL, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
make_code(void)
{
	void *page = map_page(PROT_READ | PROT_WRITE);

	if (page == MAP_FAILED)
		_exit(CHILD_REFUSED);
	if (map_page(PROT_READ | PROT_EXEC) != MAP_FAILED || errno != EACCES)
		_exit(CHILD_HAS_CODE);
	if (mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0 || errno != EACCES)
		_exit(CHILD_HAS_CODE);
}

static void
do_nothing(void)
{
}

static int
status_of_child(void (*act)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		if (!sandbox_deny_network(NULL))
			_exit(CHILD_REFUSED);
		act();
		_exit(CHILD_LIVES);
	}
	g_assert_cmpint(child, >, 0);
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	return status;
}

static void
test_denied(gconstpointer act)
{
	int status = status_of_child((void (*)(void))act);

	g_assert_true(WIFSIGNALED(status));
	g_assert_cmpint(WTERMSIG(status), ==, SIGSYS);
}

static void
test_lives(gconstpointer act)
{
	int status = status_of_child((void (*)(void))act);

	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, CHILD_LIVES);
}

/* In the child: 0 when reading is as limited as it should be. */
static int
try_files(char *folder, const char *inside)
{
	char *const readable[] = { folder, NULL };

	if (!sandbox_limit_files(readable, NULL))
		return CHILD_REFUSED;
	if (open(inside, O_RDONLY) < 0)
		return 1;
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES)
		return 2;
	if (open(inside, O_WRONLY) >= 0 || errno != EACCES)
		return 3;
	return 0;
}

static void
test_files(void)
{
	g_autofree char *folder = g_dir_make_tmp("sandbox-XXXXXX", NULL);
	g_autofree char *inside = g_build_filename(folder, "file", NULL);
	int status = 0;
	pid_t child;

	g_assert_true(g_file_set_contents(inside, "x", 1, NULL));
	child = fork();
	if (child == 0)
		_exit(try_files(folder, inside));
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	unlink(inside);
	rmdir(folder);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_REFUSED)
		g_test_skip("this kernel has no Landlock");
	else
		g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_data_func(
	    "/sandbox/socket", (gconstpointer)make_socket, test_denied);
	g_test_add_data_func("/sandbox/socketpair",
	    (gconstpointer)make_socket_pair, test_denied);
	g_test_add_data_func(
	    "/sandbox/io_uring", (gconstpointer)make_io_ring, test_denied);
	g_test_add_data_func(
	    "/sandbox/execve", (gconstpointer)start_program, test_denied);
	g_test_add_data_func(
	    "/sandbox/no-new-code", (gconstpointer)make_code, test_lives);
	g_test_add_data_func(
	    "/sandbox/nothing-else", (gconstpointer)do_nothing, test_lives);
	g_test_add_func("/sandbox/files", test_files);
	return g_test_run();
}
