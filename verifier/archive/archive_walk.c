/*
 * archive_walk.c - the files of a folder tree in a fixed order.
 *
 * A stack of folders instead of recursion, at most ARCHIVE_FOLDER_DEPTH of
 * them open at once.  Names are compared by octets, in no locale.
 */
#include "verifier/archive/archive_walk.h"

#include "verifier/archive/member_name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Packed, as a folder can have a million of them: per name its type (d_type)
 * and its octets with NUL; and where each begins, sorted. */
struct names {
	GByteArray *octets;
	GArray *places; /* guint32 */
};

#define NAMES_MAX G_MAXUINT32 /* octets, what a place can hold */

struct folder {
	int fd;
	struct names names;
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

static void
names_clear(struct names *names)
{
	g_byte_array_unref(names->octets);
	g_array_unref(names->places);
}

static guint
names_count(const struct names *names)
{
	return names->places->len;
}

static const char *
name_at(const struct names *names, guint32 place)
{
	return (const char *)names->octets->data + place + 1;
}

/* False when there is no room for more. */
static bool
names_add(struct names *names, const struct dirent *entry)
{
	guint32 place = names->octets->len;
	guint n = (guint)strlen(entry->d_name) + 1;

	if (n > NAMES_MAX - place)
		return false;
	g_byte_array_append(names->octets, &entry->d_type, 1);
	g_byte_array_append(names->octets, (const uint8_t *)entry->d_name, n);
	g_array_append_val(names->places, place);
	return true;
}

static gint
compare_names(gconstpointer a, gconstpointer b, gpointer names)
{
	return strcmp(name_at(names, *(const guint32 *)a),
	    name_at(names, *(const guint32 *)b));
}

/* A Maildir name without ":2,FLAGS". */
static struct span
unique_name(const char *name)
{
	struct span whole = span_from_string(name);
	const char *flags = strstr(name, ":2,");

	return flags != NULL ? span_sub(whole, 0, (size_t)(flags - name))
			     : whole;
}

static gint
compare_messages(gconstpointer a, gconstpointer b, gpointer names)
{
	const char *x = name_at(names, *(const guint32 *)a);
	const char *y = name_at(names, *(const guint32 *)b);
	int order = span_compare(unique_name(x), unique_name(y));

	return order != 0 ? order : strcmp(x, y);
}

/* Read the names in "stream"; false with errno. */
static bool
names_read(struct names *names, DIR *stream)
{
	struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(stream);
		if (entry == NULL)
			return errno == 0;
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (!names_add(names, entry)) {
			errno = EOVERFLOW;
			return false;
		}
	}
}

/* The names in the folder "fd", unsorted; false with errno. */
static bool
names_of_folder(struct names *names, int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);

	if (stream == NULL) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	names->octets = g_byte_array_new();
	names->places = g_array_new(FALSE, FALSE, sizeof(guint32));
	bool good = names_read(names, stream);
	int trouble = errno;
	closedir(stream);
	if (!good)
		names_clear(names);
	errno = trouble;
	return good;
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
	if (!names_of_folder(&folder.names, folder.fd)) {
		int trouble = errno;
		close(folder.fd);
		errno = trouble;
		return false;
	}
	folder.maildir =
	    has_folder(folder.fd, "cur") && has_folder(folder.fd, "new");
	folder.messages = parent != NULL && parent->maildir &&
	    (strcmp(name, "cur") == 0 || strcmp(name, "new") == 0);
	g_array_sort_with_data(folder.names.places,
	    folder.messages ? compare_messages : compare_names, &folder.names);
	walk->stack[walk->depth++] = folder;
	return true;
}

static void
leave(struct walk *walk)
{
	struct folder *folder = &walk->stack[--walk->depth];

	close(folder->fd);
	names_clear(&folder->names);
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

/* What a file system that keeps no types in its folders says of "name"; false
 * with errno. */
static bool
find_type(int fd, const char *name, unsigned *type_out)
{
	struct stat now;

	if (fstatat(fd, name, &now, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	*type_out = IFTODT(now.st_mode);
	return true;
}

/* Fill "entry" for the name at "place"; false when there is nothing to report,
 * because a folder was entered or passed over. */
static bool
visit(struct walk *walk, struct folder *folder, guint32 place,
    struct walk_entry *entry)
{
	const char *name = name_at(&folder->names, place);
	unsigned type = folder->names.octets->data[place];

	set_path(walk, folder, name);
	*entry = (struct walk_entry){
		.status = ITEM_OK,
		.folder_fd = folder->fd,
		.name = name,
		.path = walk->path->str,
		.maildir = folder->messages,
	};
	if (type == DT_UNKNOWN && !find_type(folder->fd, name, &type))
		return no_access(entry);
	if (type == DT_REG) {
		entry->undelivered = member_name_place(span_from_string(
					 entry->path)) == MEMBER_IN_TMP;
		return true;
	}
	if (type != DT_DIR) {
		entry->status = ITEM_LINK;
		return true;
	}
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
		if (folder->next == names_count(&folder->names)) {
			leave(walk);
			continue;
		}
		guint32 place = g_array_index(
		    folder->names.places, guint32, folder->next++);
		if (visit(walk, folder, place, entry_out))
			return true;
	}
	return false;
}
