/*
 * archive_level.c - the containers that are being read, one inside the other.
 *
 * ARCHIVE_CHAIN_MAX bounds the stack, whatever --max-depth says.
 */
#include "verifier/archive/archive_level.h"

/* The codes of the notes on a member, by enum member_note. */
static const struct {
	unsigned note;
	const char *code;
} notes[] = {
	{ MEMBER_ABSOLUTE_NAME, "member-absolute-name" },
	{ MEMBER_PARENT_NAME, "member-parent-name" },
	{ MEMBER_DUPLICATE_NAME, "member-duplicate-name" },
	{ MEMBER_NAME_NOT_UTF8, "member-name-not-utf8" },
	{ MEMBER_NAME_DIFFERS, "member-name-differs" },
	{ MEMBER_NOT_DELIVERED, "not-delivered" },
	{ MEMBER_NAME_CUT, "member-name-cut" },
	{ MEMBER_HEADER_ODD, "member-header-odd" },
};

void
levels_init(struct levels *levels, const struct container_limits *limits,
    const struct crypto *crypto)
{
	*levels = (struct levels){ .limits = *limits };
	levels->limits.depth = MIN(limits->depth, ARCHIVE_CHAIN_MAX);
	/* Now, because later no file of the system can be opened. */
	levels->limits.utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	for (size_t i = 0; i < ARCHIVE_CHAIN_MAX; i++) {
		struct level *level = &levels->stack[i];

		digest_init(&level->sum.digest, crypto, DIGEST_SHA256);
		level->name = g_string_new(NULL);
	}
}

void
levels_clear(struct levels *levels)
{
	while (levels->n > 0)
		container_close(levels->stack[--levels->n].container);
	if (levels->limits.utf8 != (locale_t)0)
		freelocale(levels->limits.utf8);
	for (size_t i = 0; i < ARCHIVE_CHAIN_MAX; i++) {
		digest_clear(&levels->stack[i].sum.digest);
		g_string_free(levels->stack[i].name, TRUE);
	}
}

/* ---- going in ------------------------------------------------------------ */

/* Open "source" as the next level.  zip and 7z are read back and forth, so
 * they are hashed before; the others while they are read. */
static bool
open_level(struct levels *levels, struct source *source,
    enum container_format format, GError **error)
{
	struct level *level = &levels->stack[levels->n];

	level->members = 0;
	level->summed = source->class->read_at != NULL &&
	    (format == CONTAINER_ZIP || format == CONTAINER_7Z);
	if (!level->summed) {
		source = source_digest_open(source, &level->sum);
	} else if (!source_digest_all(source, &level->sum, error)) {
		source_close(source);
		return false;
	}
	level->container = container_open(source, format, &levels->limits);
	levels->n++;
	return true;
}

bool
levels_enter(struct levels *levels, struct file_reader *reader,
    struct filler *filler, GError **error)
{
	enum container_format format = reader->container;
	struct source *source = file_reader_release(reader);
	GError *problem = NULL;

	if (levels->n < levels->limits.depth) {
		if (open_level(levels, source, format, &problem))
			return true;
	} else {
		source_close(source);
		g_set_error(&problem, ARCHIVE_ERROR, ARCHIVE_ERROR_LIMIT,
		    "a %s inside %u containers, the most that are opened "
		    "(--max-depth)",
		    container_format_name(format), levels->limits.depth);
	}
	return file_reader_trouble(reader, filler, problem, error);
}

/* ---- members ------------------------------------------------------------- */

/* The way into the member "link" of the innermost level, for "reader". */
static void
set_chain(struct levels *levels, struct file_reader *reader,
    const struct member *member)
{
	struct level *level = &levels->stack[levels->n - 1];
	struct chain_link *link = &reader->chain[levels->n - 1];

	g_string_truncate(level->name, 0);
	g_string_append_len(
	    level->name, (const char *)member->name.p, (gssize)member->name.n);
	link->format = container_name(level->container);
	link->number = member->number;
	link->name = (struct span){ NULL, 0 };
	if (member->name.p != NULL)
		link->name = (struct span){ (const uint8_t *)level->name->str,
			level->name->len };
	reader->n_chain = levels->n;
}

static void
add_notes(struct file_reader *reader, struct filler *filler,
    const struct member *member)
{
	for (size_t i = 0; i < G_N_ELEMENTS(notes); i++)
		if (member->notes & notes[i].note)
			file_reader_note(
			    reader, filler, notes[i].code, member->detail);
}

static void
open_member(struct levels *levels, struct file_reader *reader,
    struct filler *filler, const struct member *member)
{
	levels->stack[levels->n - 1].members++;
	set_chain(levels, reader, member);
	add_notes(reader, filler, member);
	if (member->source != NULL)
		file_reader_begin(reader, member->source, member->maildir);
	else if (member->status != ITEM_OK)
		file_reader_add_trouble(
		    reader, filler, member->status, member->detail);
}

/* ---- going out ----------------------------------------------------------- */

/* The container was read to its end, or as far as it can be. */
static void
leave(struct levels *levels, struct file_reader *reader, struct filler *filler)
{
	struct level *level = &levels->stack[levels->n - 1];
	struct input_file file = {
		.size = level->sum.octets,
		.messages = level->members,
		.format = container_name(level->container),
	};
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_finish(&level->sum.digest, sha256);
	memcpy(file.sha256, sha256, sizeof(file.sha256));
	container_close(level->container);
	reader->n_chain = --levels->n;
	if (levels->n == 0)
		reader->done += file.size;
	file_reader_add_file(reader, filler, &file);
}

/* Read the rest of a container for its sum.  False with "error" only when it
 * changed; *whole_out says whether all of it was read. */
static bool
drain(struct level *level, bool *whole_out, GError **error)
{
	GError *problem = NULL;

	*whole_out =
	    level->summed || container_drain(level->container, &problem);
	if (*whole_out)
		return true;
	if (g_error_matches(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED)) {
		g_propagate_error(error, problem);
		return false;
	}
	g_error_free(problem);
	return true;
}

/* Is "problem" what the file reader met in the one member of a compressed
 * file, and made an item of? */
static bool
is_told(const struct levels *levels, const struct file_reader *reader,
    const GError *problem)
{
	return levels->stack[levels->n - 1].members == 1 &&
	    reader->chain[levels->n - 1].name.p == NULL && reader->gave_up &&
	    !g_error_matches(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED);
}

/* Members can be read no further: that is an item, and the end of it. */
static bool
break_off(struct levels *levels, struct file_reader *reader,
    struct filler *filler, GError *problem, GError **error)
{
	struct level *level = &levels->stack[levels->n - 1];
	bool told = is_told(levels, reader, problem), whole;

	reader->n_chain = levels->n - 1;
	if (told)
		g_error_free(problem);
	else if (!file_reader_trouble(reader, filler, problem, error))
		return false;
	if (!drain(level, &whole, error))
		return false;
	if (whole) {
		leave(levels, reader, filler);
		return true;
	}
	container_close(level->container);
	levels->n--;
	return true;
}

bool
levels_next(struct levels *levels, struct file_reader *reader,
    struct filler *filler, GError **error)
{
	struct level *level = &levels->stack[levels->n - 1];
	struct member member = { .name = { NULL, 0 } };
	GError *problem = NULL;

	switch (container_next(level->container, &member, &problem)) {
	case 1:
		open_member(levels, reader, filler, &member);
		return true;
	case 0:
		leave(levels, reader, filler);
		return true;
	default:
		return break_off(levels, reader, filler, problem, error);
	}
}
