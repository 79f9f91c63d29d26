/*
 * manifest.c - MANIFEST, one spelling only.
 */
#include "keysnap/store/manifest.h"

#include <stdio.h>
#include <string.h>

#define HEX_SIZE 64

/* Names other than packs, in their order among all: packs come first. */
static const char *const fixed_names[] = { "keys.mdb", "log.jsonl" };

/* "HEX  name", without line feed. */
static bool
parse_line(struct manifest_file *file, struct span line)
{
	if (!digest_from_hex(span_sub(line, 0, HEX_SIZE), file->sha256) ||
	    !span_equal(span_sub(line, HEX_SIZE, 2), SPAN("  ")))
		return false;
	file->name = span_from(line, HEX_SIZE + 2);
	return true;
}

/* The one name that line "i" of "n" can have: packs, then the fixed names. */
static bool
is_name_in_place(struct span name, size_t i, size_t n)
{
	char pack[sizeof("evidence/pack-000000")];

	if (i + G_N_ELEMENTS(fixed_names) >= n)
		return span_equal(name,
		    span_from_string(
			fixed_names[i + G_N_ELEMENTS(fixed_names) - n]));
	snprintf(
	    pack, sizeof(pack), "evidence/pack-%06u", (unsigned)(i % 1000000));
	return span_equal(name, span_from_string(pack));
}

/* "# HEX piece NNNNNN", without line feed, the one of this number. */
static bool
parse_piece(uint8_t sha256[32], struct span line, size_t number)
{
	char end[sizeof(" piece 000000")];

	snprintf(end, sizeof(end), " piece %06u", (unsigned)(number % 1000000));
	return span_equal(span_sub(line, 0, 2), SPAN("# ")) &&
	    digest_from_hex(span_sub(line, 2, HEX_SIZE), sha256) &&
	    span_equal(span_from(line, 2 + HEX_SIZE), span_from_string(end));
}

static bool
is_piece(struct span line)
{
	return line.n > 0 && line.p[0] == '#';
}

static void
count_lines(struct span text, size_t *files_out, size_t *pieces_out)
{
	*files_out = *pieces_out = 0;
	while (text.n > 0) {
		(*(is_piece(text) ? pieces_out : files_out))++;
		text = span_from(text, span_find(text, '\n') + 1);
	}
}

/* One more line of the "n" files and their pieces. */
static const char *
take_line(struct manifest *manifest, struct span line, size_t n)
{
	struct manifest_file *file = &manifest->files[manifest->n];

	if (is_piece(line)) {
		if (manifest->n == 0 ||
		    !span_equal(file[-1].name, SPAN("keys.mdb")))
			return "a piece that has no place there";
		if (!parse_piece(manifest->pieces[manifest->n_pieces], line,
			manifest->n_pieces))
			return "a line is not the next piece";
		manifest->n_pieces++;
		return NULL;
	}
	if (manifest->n == n || !parse_line(file, line))
		return "a line is not a digest and a name";
	if (!is_name_in_place(file->name, manifest->n, n))
		return "a name that has no place there";
	manifest->n++;
	return NULL;
}

static const char *
find_early_fault(struct span text, size_t files, size_t pieces)
{
	if (text.n > MANIFEST_MAX)
		return "too long";
	if (text.n == 0 || text.p[text.n - 1] != '\n')
		return "does not end with a line feed";
	if (files < G_N_ELEMENTS(fixed_names) || files > MANIFEST_FILES_MAX ||
	    pieces == 1 || pieces > MANIFEST_PIECES_MAX)
		return "too few or too many lines";
	return NULL;
}

bool
manifest_parse(struct manifest *manifest, struct arena *arena, struct span text,
    const char **why_out)
{
	size_t files, pieces;

	memset(manifest, 0, sizeof(*manifest));
	count_lines(text, &files, &pieces);
	*why_out = find_early_fault(text, files, pieces);
	if (*why_out != NULL)
		return false;
	/* One more, for a line that is not the last of its kind. */
	manifest->files =
	    arena_alloc_array(arena, files + 1, sizeof(*manifest->files));
	manifest->pieces = arena_alloc_array(arena, pieces + 1, 32);
	while (text.n > 0) {
		size_t end = span_find(text, '\n');

		*why_out = take_line(manifest, span_sub(text, 0, end), files);
		if (*why_out != NULL)
			return false;
		text = span_from(text, end + 1);
	}
	return true;
}

void
manifest_append_pieces(GString *out, const uint8_t (*sha256)[32], size_t n)
{
	char hex[HEX_SIZE + 1];

	for (size_t i = 0; i < n && n > 1; i++) {
		digest_to_hex((struct span){ sha256[i], 32 }, hex);
		g_string_append_printf(out, "# %s piece %06zu\n", hex, i);
	}
}

void
manifest_append(GString *out, const char *name, const uint8_t sha256[32])
{
	char hex[HEX_SIZE + 1];

	digest_to_hex((struct span){ sha256, 32 }, hex);
	g_string_append_printf(out, "%s  %s\n", hex, name);
}

const struct manifest_file *
manifest_get(const struct manifest *manifest, const char *name)
{
	for (size_t i = 0; i < manifest->n; i++) {
		if (span_equal(manifest->files[i].name, span_from_string(name)))
			return &manifest->files[i];
	}
	return NULL;
}
