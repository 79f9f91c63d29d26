/*
 * archive_walk.c - the files of a folder tree in a fixed order.
 *
 * A stack of folders instead of recursion, at most ARCHIVE_FOLDER_DEPTH of
 * them open at once.  Names are compared by octets, in no locale.
 */
#include "verifier/archive/archive_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
	int fd;
	GPtrArray *names; /* sorted; owned */
	guint next;
	size_t path_length; /* of the walk's path up to this folder */
	bool maildir;       /* holds "cur" and "new" */
	bool messages;      /* is "cur" or "new" of a Maildir */
};

struct walk {
	struct folder stack[ARCHIVE_FOLDER_DEPTH];
	size_t depth;
	GString *path;
};

/* ---- names --------------------------------------------------------------- */

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The length of a Maildir name without ":2,FLAGS". */
static size_t
unique_length(const char *name)
{
	const char *flags = strstr(name, ":2,");

	return flags != NULL ? (size_t)(flags - name) : strlen(name);
}

static gint
compare_messages(gconstpointer a, gconstpointer b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	struct span x_span = { (const uint8_t *)x, unique_length(x) };
	struct span y_span = { (const uint8_t *)y, unique_length(y) };
	int order = span_compare(x_span, y_span);

	return order != 0 ? order : strcmp(x, y);
}

/* The names in the folder "fd", unsorted; NULL with errno. */
static GPtrArray *
read_names(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (stream == NULL) {
		if (copy >= 0)
			close(copy);
		return NULL;
	}
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	errno = 0;
	while ((entry = readdir(stream)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			g_ptr_array_add(names, g_strdup(entry->d_name));
		errno = 0;
	}
	int trouble = errno;
	closedir(stream);
	if (trouble == 0)
		return names;
	g_ptr_array_unref(names);
	errno = trouble;
	return NULL;
}

/* ---- folders ------------------------------------------------------------- */

static bool
has_folder(int fd, const char *name)
{
	struct stat now;

	return fstatat(fd, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(now.st_mode);
}

/* Put the folder "name" of "parent" (NULL: a path) on the stack; false with
 * errno when it cannot be read. */
static bool
enter(struct walk *walk, const struct folder *parent, const char *name)
{
	struct folder folder = { .path_length = walk->path->len };

	folder.fd = openat(parent != NULL ? parent->fd : AT_FDCWD, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder.fd < 0)
		return false;
	folder.names = read_names(folder.fd);
	if (folder.names == NULL) {
		int trouble = errno;
		close(folder.fd);
		errno = trouble;
		return false;
	}
	folder.maildir =
	    has_folder(folder.fd, "cur") && has_folder(folder.fd, "new");
	folder.messages = parent != NULL && parent->maildir &&
	    (strcmp(name, "cur") == 0 || strcmp(name, "new") == 0);
	g_ptr_array_sort(
	    folder.names, folder.messages ? compare_messages : compare_names);
	walk->stack[walk->depth++] = folder;
	return true;
}

static void
leave(struct walk *walk)
{
	struct folder *folder = &walk->stack[--walk->depth];

	close(folder->fd);
	g_ptr_array_unref(folder->names);
}

/* ---- entries ------------------------------------------------------------- */

static void
set_path(struct walk *walk, const struct folder *folder, const char *name)
{
	g_string_truncate(walk->path, folder->path_length);
	if (walk->path->len > 0)
		g_string_append_c(walk->path, '/');
	g_string_append(walk->path, name);
}

static bool
no_access(struct walk_entry *entry)
{
	entry->status = ITEM_NO_ACCESS;
	entry->detail = g_strerror(errno);
	return true;
}

/* Fill "entry" for "name"; false when there is nothing to report, because a
 * folder was entered or passed over. */
static bool
visit(struct walk *walk, struct folder *folder, const char *name,
    struct walk_entry *entry)
{
	struct stat now;

	set_path(walk, folder, name);
	*entry = (struct walk_entry){
		.status = ITEM_OK,
		.folder_fd = folder->fd,
		.name = name,
		.path = walk->path->str,
		.maildir = folder->messages,
	};
	if (fstatat(folder->fd, name, &now, AT_SYMLINK_NOFOLLOW) != 0)
		return no_access(entry);
	if (S_ISREG(now.st_mode))
		return true;
	if (!S_ISDIR(now.st_mode)) {
		entry->status = ITEM_LINK;
		return true;
	}
	if (folder->maildir && strcmp(name, "tmp") == 0)
		return false;
	if (walk->depth == ARCHIVE_FOLDER_DEPTH) {
		entry->status = ITEM_TOO_DEEP;
		return true;
	}
	return !enter(walk, folder, name) && no_access(entry);
}

/* ---- public -------------------------------------------------------------- */

struct walk *
walk_open(const char *root, GError **error)
{
	struct walk *walk = g_new0(struct walk, 1);

	walk->path = g_string_new(NULL);
	if (enter(walk, NULL, root))
		return walk;
	g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_SYSTEM, "%s: %s", root,
	    g_strerror(errno));
	walk_close(walk);
	return NULL;
}

void
walk_close(struct walk *walk)
{
	if (walk == NULL)
		return;
	while (walk->depth > 0)
		leave(walk);
	g_string_free(walk->path, TRUE);
	g_free(walk);
}

bool
walk_next(struct walk *walk, struct walk_entry *entry_out)
{
	while (walk->depth > 0) {
		struct folder *folder = &walk->stack[walk->depth - 1];
		if (folder->next == folder->names->len) {
			leave(walk);
			continue;
		}
		const char *name =
		    g_ptr_array_index(folder->names, folder->next++);
		if (visit(walk, folder, name, entry_out))
			return true;
	}
	return false;
}
