/*
 * fuzz_checksum_list.c - a list says the same whatever comes at once; names
 * lie within their line, and what md5sum would write reads back.  The first
 * octet chooses the form and how much comes at once.
 */
#include "verifier/archive/checksum_list.h"

#include <glib.h>
#include <string.h>

struct memory {
	struct source source; /* first */
	struct span rest;
	size_t step;
};

static gssize
memory_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct memory *memory = (struct memory *)self;
	struct span got = span_sub(memory->rest, 0, MIN(n, memory->step));

	(void)error;
	if (got.n > 0)
		memcpy(out, got.p, got.n);
	memory->rest = span_from(memory->rest, got.n);
	return (gssize)got.n;
}

static bool
memory_finish(struct source *self, GError **error)
{
	(void)self;
	(void)error;
	return true;
}

static void
memory_close(struct source *self)
{
	(void)self;
}

static const struct source_class memory_class = { memory_read, NULL,
	memory_finish, memory_close };

/* md5sum's spelling of the entry must give the entry again. */
static void
check_spelling(const struct checksum_entry *entry)
{
	GString *line = g_string_new("\\");
	struct checksum_entry again;
	const char *why;

	for (size_t i = 0; i < checksum_size(entry->algorithm); i++)
		g_string_append_printf(line, "%02x", entry->digest[i]);
	g_string_append(line, "  ");
	for (size_t i = 0; i < entry->name.n; i++) {
		uint8_t octet = entry->name.p[i];
		if (octet == '\\' || octet == '\n' || octet == '\r')
			g_string_append_c(line, '\\');
		g_string_append_c(line,
		    octet == '\n'       ? 'n'
			: octet == '\r' ? 'r'
					: (char)octet);
	}
	struct span text = { (uint8_t *)line->str, line->len };
	uint8_t *scratch = g_malloc(text.n);
	g_assert(checksum_line_parse(text, 2, CHECKSUM_FORM_ANY, scratch,
		     &again, &why) == CHECKSUM_ENTRY);
	g_assert(again.algorithm == entry->algorithm);
	g_assert(memcmp(again.digest, entry->digest,
		     checksum_size(entry->algorithm)) == 0);
	g_assert(span_equal(again.name, entry->name));
	g_free(scratch);
	g_string_free(line, TRUE);
}

static GString *
read_list(struct span text, size_t step, enum checksum_form form)
{
	struct memory memory = { { &memory_class, 0, false }, text, step };
	struct checksum_list *list = checksum_list_new(&memory.source, form);
	GString *out = g_string_new(NULL);
	struct checksum_item item;
	uint64_t last = 0;
	int got;

	while ((got = checksum_list_next(list, &item, NULL)) == 1) {
		g_assert(item.number > last);
		last = item.number;
		g_string_append_printf(out, "%d %s ", (int)item.number,
		    item.why != NULL ? item.why : "");
		if (item.why != NULL)
			continue;
		g_assert(item.entry.name.n > 0);
		g_assert(item.entry.name.n <= item.entry.raw_name.n);
		g_string_append_len(out, (const char *)item.entry.name.p,
		    (gssize)item.entry.name.n);
		check_spelling(&item.entry);
	}
	g_assert(got == 0);
	checksum_list_free(list);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct span text = { data + 1, size - 1 };
	enum checksum_form form =
	    (data[0] & 1) != 0 ? CHECKSUM_FORM_BAG : CHECKSUM_FORM_ANY;
	GString *whole = read_list(text, text.n + 1, form);
	GString *cut = read_list(text, 1 + (size_t)data[0] / 2, form);

	checksum_list_is_name(text);
	g_assert(g_string_equal(whole, cut));
	g_string_free(whole, TRUE);
	g_string_free(cut, TRUE);
	return 0;
}
