/*
 * container.h - files that hold files: tar, zip, 7z, and compressed files.
 *
 * A container is told by its first octets, never by its name, and read as a
 * stream of members: tar and 7z through libarchive, zip and what is compressed
 * by readers of ours, which say what they pass over.  Nothing is unpacked to
 * disk.  zip and 7z are read through their central directory: from a source that can
 * be read at any offset, else from a sealed memory file of at most
 * limits->memory octets, so that what is found never depends on how a
 * container was nested.  A file compressed with gzip, bzip2, xz or zstd that
 * is no tar is a container with one member without a name.
 *
 * What cannot be read is a member with a status that says why: encrypted,
 * damaged, over a limit, of an unknown method; octets of a zip that are no
 * member's are a member ITEM_DAMAGED without a name.  Names are what the
 * container says, octet for octet (of a 7z, whose names are UTF-16: in UTF-8);
 * they are labels and are never opened.
 *
 * Checksums are checked where the format has them; zstd and xz may be written
 * without one.
 */
#ifndef VERIFIER_ARCHIVE_CONTAINER_H
#define VERIFIER_ARCHIVE_CONTAINER_H

#include "verifier/archive/archive.h"
#include "verifier/archive/source.h"

/* Octets of the start of a file that tell what it is; a whole file may be
 * shorter. */
#define CONTAINER_START 4096

enum container_format {
	CONTAINER_NONE,
	CONTAINER_TAR,
	CONTAINER_ZIP,
	CONTAINER_7Z,
	CONTAINER_GZIP, /* these may turn out to hold a tar */
	CONTAINER_BZIP2,
	CONTAINER_XZ,
	CONTAINER_ZSTD,
	CONTAINER_FORMATS
};

/* What the file that starts with "start" is. */
enum container_format container_format_of(struct span start);

/* "tar", "zip", "7z", "gzip", ... as in records; static. */
const char *container_format_name(enum container_format format);

/* Things worth a line in run.json that change no verdict. */
enum member_note {
	MEMBER_ABSOLUTE_NAME = 1u << 0,	 /* begins with "/" */
	MEMBER_PARENT_NAME = 1u << 1,	 /* has a ".." in it */
	MEMBER_DUPLICATE_NAME = 1u << 2, /* a member before had it too */
	MEMBER_NAME_NOT_UTF8 = 1u << 3,
	MEMBER_NAME_DIFFERS = 1u << 4,	/* zip: local header against directory */
	MEMBER_NOT_DELIVERED = 1u << 5, /* lies in "tmp" of a Maildir: not read:
					   ITEM_OK, but no source */
	MEMBER_NAME_CUT = 1u << 6,	/* longer than MEMBER_NAME_MAX */
	MEMBER_HEADER_ODD = 1u << 7	/* read, but its header breaks a rule of
					   the format: "detail" says which */
};

#define MEMBER_NAME_MAX 65536 /* octets; zip has no longer ones */

struct member {
	enum item_status status; /* ITEM_OK: "source" is there; ITEM_LINK for
				    links and devices */
	struct span name;	 /* p NULL: the container gives none */
	uint64_t number;	 /* of the member in the container, from 0 */
	struct source *source;	 /* yours to close, before the next call */
	struct span detail;	 /* what went wrong; the target of a link; what
				    differs, with MEMBER_NAME_DIFFERS */
	unsigned notes;		 /* enum member_note */
	bool maildir;		 /* a message of a Maildir, by its name */
};

struct container;

/*
 * Open "source", which the container then owns, as "format".  How deep
 * containers are nested is the caller's to count.  Never NULL: what cannot be
 * read at all says so on the first container_next(), so that the source can
 * still be drained.
 */
struct container *container_open(struct source *source,
    enum container_format format, const struct container_limits *limits);
void container_close(struct container *container);

/*
 * The next member, in the order of the container; spans are valid until the
 * next call.  Folders and other things without octets of their own are passed
 * over; links are members with ITEM_LINK.  1: filled; 0: the end; -1: "error",
 * with ARCHIVE_ERROR_CHANGED when the file changed, else another of its codes:
 * what follows cannot be read; each further call gives it again.  A member's
 * source fails in the same way when it is cut, its checksum does not hold, or a
 * bound is reached: then the octets before that were given, as many whatever
 * the size of the reads.
 */
int container_next(struct container *container, struct member *member_out,
    GError **error);

/*
 * After an error: read what is left of the source without looking at it, so
 * that who hashes what is read has it all, and ask whether it changed.  Not
 * needed after container_next() gave 0: then that is done.
 */
bool container_drain(struct container *container, GError **error);

/* "tar" may have been found inside the compression: the words for the chain
 * of a record, e.g. "tar.gz", "zip"; static. */
const char *container_name(const struct container *container);

#endif
