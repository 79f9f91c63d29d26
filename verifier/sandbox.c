/*
 * sandbox.c - seccomp and Landlock.
 *
 * The filter is a list of what is denied: GLib and the C library use many
 * calls, and the point is that no byte leaves or enters by a network.
 * io_uring is denied because it can make sockets without socket().
 *
 * New code is refused too.  A character set whose converter is not loaded by
 * then stays unknown, with or without Landlock: or else what is displayed
 * would depend on the kernel.
 */
#include "verifier/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ_FILE  LANDLOCK_ACCESS_FS_READ_FILE
#define READ_TREE  (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* All rights of the first version of Landlock (Linux 5.13). */
#define ALL_RIGHTS ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define WRITE_TREE                                   \
	(READ_TREE | LANDLOCK_ACCESS_FS_WRITE_FILE | \
	    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG)

static const int denied[] = {
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(recvmmsg),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(bpf),
};

/* Calls whose third argument is a protection: they fail when it has "may be
 * executed". */
static const int protecting[] = {
	SCMP_SYS(mmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(pkey_mprotect),
};

static bool
add_rules(scmp_filter_ctx filter, int *errno_out)
{
	*errno_out = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(denied) && *errno_out == 0; i++)
		*errno_out = -seccomp_rule_add(
		    filter, SCMP_ACT_KILL_PROCESS, denied[i], 0);
	for (size_t i = 0; i < G_N_ELEMENTS(protecting) && *errno_out == 0; i++)
		*errno_out = -seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES),
		    protecting[i], 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
	if (*errno_out != 0)
		return false;
	*errno_out = -seccomp_load(filter);
	return *errno_out == 0;
}

bool
sandbox_deny_network(GError **error)
{
	/* Calls of another architecture are killed too, which is the
	 * library's default for a filter. */
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int number = ENOMEM;
	bool good = filter != NULL && add_rules(filter, &number);

	if (filter != NULL)
		seccomp_release(filter);
	if (!good)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
		    "cannot deny network calls (seccomp: %s): nothing was "
		    "read; run on a kernel with seccomp filters",
		    g_strerror(number));
	return good;
}

static void
allow(int ruleset, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights };
	struct stat status;
	int fd = open(path, O_PATH | O_CLOEXEC);

	/* What cannot be opened now cannot be opened later either. */
	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && !S_ISDIR(status.st_mode))
		rule.allowed_access &= READ_FILE;
	rule.parent_fd = fd;
	syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
	    &rule, 0);
	close(fd);
}

bool
sandbox_limit_files(char *const *readable, const char *writable)
{
	const struct landlock_ruleset_attr attributes = {
		.handled_access_fs = ALL_RIGHTS,
	};
	int ruleset = (int)syscall(
	    SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
	bool good;

	if (ruleset < 0)
		return false;
	for (size_t i = 0; readable != NULL && readable[i] != NULL; i++)
		allow(ruleset, readable[i], READ_TREE);
	if (writable != NULL)
		allow(ruleset, writable, WRITE_TREE);
	good = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	return good;
}
