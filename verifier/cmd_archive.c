/*
 * cmd_archive.c - what the commands that read archives share.
 */
#include "verifier/cmd_archive.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void
add_archive_options(GOptionContext *context, struct archive_choice *choice)
{
	const GOptionEntry entries[] = {
		{ "files-from", 0, 0, G_OPTION_ARG_FILENAME,
		    &choice->files_from,
		    "read what this list names too, one a line; \"-\": "
		    "standard input",
		    "FILE" },
		{ "null", '0', 0, G_OPTION_ARG_NONE, &choice->null,
		    "names of --files-from end with NUL", NULL },
		{ "max-depth", 0, 0, G_OPTION_ARG_INT, &choice->max_depth,
		    "containers inside each other (3, the most there is)",
		    "N" },
		{ "max-members", 0, 0, G_OPTION_ARG_STRING,
		    &choice->max_members, "members of one container (1000000)",
		    "N" },
		{ "max-member-size", 0, 0, G_OPTION_ARG_STRING,
		    &choice->max_member_size,
		    "octets of one member, uncompressed (64G)", "SIZE" },
		{ "max-ratio", 0, 0, G_OPTION_ARG_STRING, &choice->max_ratio,
		    "uncompressed to compressed octets of one container "
		    "(1000)",
		    "N" },
		{ "max-memory", 0, 0, G_OPTION_ARG_STRING, &choice->max_memory,
		    "octets of a nested zip or 7z that are kept in memory "
		    "(256M)",
		    "SIZE" },
		G_OPTION_ENTRY_NULL,
	};

	choice->max_depth = ARCHIVE_CHAIN_MAX;
	g_option_context_add_main_entries(context, entries, NULL);
}

void
archive_choice_clear(struct archive_choice *choice)
{
	g_free(choice->files_from);
	g_free(choice->max_members);
	g_free(choice->max_member_size);
	g_free(choice->max_ratio);
	g_free(choice->max_memory);
}

/* ---- bounds -------------------------------------------------------------- */

/* A number with K, M or G behind it (1024 each); false when it is none, or
 * 0. */
static bool
parse_size(const char *text, uint64_t *size_out)
{
	static const char suffixes[] = "KMG";
	char *end;
	const char *suffix;
	unsigned shift = 0;

	errno = 0;
	if (!g_ascii_isdigit(text[0]))
		return false;
	*size_out = g_ascii_strtoull(text, &end, 10);
	if (*end != '\0' && (suffix = strchr(suffixes, *end)) != NULL) {
		shift = 10 * (unsigned)(suffix - suffixes + 1);
		end++;
	}
	if (errno != 0 || *end != '\0' || *size_out > UINT64_MAX >> shift)
		return false;
	*size_out <<= shift;
	return *size_out > 0;
}

static bool
take_limits(struct command_line *line, enum exit_code *code_out)
{
	struct archive_choice *choice = line->archive;
	struct container_limits *limits = &choice->limits;
	const struct {
		const char *name, *text;
		uint64_t *out;
	} bounds[] = {
		{ "max-members", choice->max_members, &limits->members },
		{ "max-member-size", choice->max_member_size,
		    &limits->member_size },
		{ "max-ratio", choice->max_ratio, &limits->ratio },
		{ "max-memory", choice->max_memory, &limits->memory },
	};

	*limits = container_limits_default;
	if (choice->max_depth < 0 || choice->max_depth > ARCHIVE_CHAIN_MAX) {
		*code_out = command_usage(
		    line, "--max-depth takes 0 to %d", ARCHIVE_CHAIN_MAX);
		return false;
	}
	limits->depth = (unsigned)choice->max_depth;
	for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++) {
		if (bounds[i].text == NULL ||
		    parse_size(bounds[i].text, bounds[i].out))
			continue;
		*code_out = command_usage(line,
		    "--%s takes a number from 1 on, with K, M or G",
		    bounds[i].name);
		return false;
	}
	return true;
}

/* ---- lists of files ------------------------------------------------------ */

/* All of "stream"; false with *why_out when it cannot be had. */
static bool
read_all(FILE *stream, GString *out, const char **why_out)
{
	char block[65536];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), stream)) > 0) {
		if (out->len + n > FILE_LIST_MAX) {
			*why_out = "the list is too long";
			return false;
		}
		g_string_append_len(out, block, (gssize)n);
	}
	*why_out = g_strerror(errno);
	return !ferror(stream);
}

/* Append the names in "list" to the arguments; empty ones are passed over. */
static void
add_names(struct command_line *line, const GString *list, char separator)
{
	GPtrArray *names = g_ptr_array_new();
	const char *at = list->str, *end = list->str + list->len;

	for (size_t i = 0; i < line->n_arguments; i++)
		g_ptr_array_add(names, line->arguments[i]);
	while (at < end) {
		const char *stop = memchr(at, separator, (size_t)(end - at));
		size_t n = (size_t)((stop != NULL ? stop : end) - at);

		if (n > 0)
			g_ptr_array_add(names, g_strndup(at, n));
		at += n + 1;
	}
	line->n_arguments = names->len;
	g_ptr_array_add(names, NULL);
	g_free(line->arguments);
	line->arguments = (char **)g_ptr_array_free(names, FALSE);
}

static bool
read_list(struct command_line *line, enum exit_code *code_out)
{
	const struct archive_choice *choice = line->archive;
	bool standard = strcmp(choice->files_from, "-") == 0;
	FILE *stream = standard ? stdin : fopen(choice->files_from, "rbe");
	g_autoptr(GString) list = g_string_new(NULL);
	const char *why = g_strerror(errno);
	bool good = stream != NULL && read_all(stream, list, &why);

	if (!standard && stream != NULL)
		fclose(stream);
	if (!good) {
		command_say("%s: the list of files cannot be read: %s",
		    choice->files_from, why);
		*code_out = EXIT_INPUT;
		return false;
	}
	if (!choice->null && memchr(list->str, '\0', list->len) != NULL) {
		*code_out = command_usage(line,
		    "%s holds NUL: names that end with NUL need --null",
		    choice->files_from);
		return false;
	}
	add_names(line, list, choice->null ? '\0' : '\n');
	return true;
}

/* ---- public -------------------------------------------------------------- */

bool
archive_choose(struct command_line *line, struct archive_options *options,
    enum exit_code *code_out)
{
	struct archive_choice *choice = line->archive;

	if (!take_limits(line, code_out))
		return false;
	if (choice->files_from != NULL && !read_list(line, code_out))
		return false;
	if (line->n_arguments == 0) {
		*code_out = command_usage(line, "no archive is named");
		return false;
	}
	options->paths = line->arguments;
	options->n_paths = line->n_arguments;
	options->limits = &choice->limits;
	options->full_labels = choice->files_from != NULL;
	return true;
}
