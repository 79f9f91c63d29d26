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

static size_t
count_lines(struct span text)
{
	size_t n = 0;

	while (text.n > 0) {
		text = span_from(text, span_find(text, '\n') + 1);
		n++;
	}
	return n;
}

bool
manifest_parse(struct manifest *manifest, struct arena *arena, struct span text,
    const char **why_out)
{
	*manifest = (struct manifest){ NULL, 0 };
	if (text.n > MANIFEST_MAX) {
		*why_out = "too long";
		return false;
	}
	if (text.n == 0 || text.p[text.n - 1] != '\n') {
		*why_out = "does not end with a line feed";
		return false;
	}
	size_t n = count_lines(text);
	if (n < G_N_ELEMENTS(fixed_names) || n > MANIFEST_FILES_MAX) {
		*why_out = "too few or too many lines";
		return false;
	}
	manifest->files = arena_alloc_array(arena, n, sizeof(*manifest->files));
	for (size_t i = 0; i < n; i++) {
		size_t end = span_find(text, '\n');
		struct manifest_file *file = &manifest->files[i];

		if (!parse_line(file, span_sub(text, 0, end))) {
			*why_out = "a line is not a digest and a name";
			return false;
		}
		if (!is_name_in_place(file->name, i, n)) {
			*why_out = "a name that has no place there";
			return false;
		}
		text = span_from(text, end + 1);
	}
	manifest->n = n;
	return true;
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
