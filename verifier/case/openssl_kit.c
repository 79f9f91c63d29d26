/* openssl_kit.c - see openssl_kit.h: the files. */
#include "verifier/case/openssl_kit.h"

#include "keysnap/base/base64.h"

#include <errno.h>
#include <stdio.h>

#define PEM_LINE 64 /* RFC 7468 section 2 */

struct kit {
	const char *path;
	struct arena *arena;
	GError **error;
	bool failed;
};

/* ---- a file ------------------------------------------------------ */

struct kit_file {
	struct sink sink; /* first */
	FILE *stream;
	char *path;
};

static void
push(struct sink *self, struct span span)
{
	fwrite(span.p, 1, span.n, ((struct kit_file *)self)->stream);
}

static void
fail(struct kit *kit, const char *path)
{
	if (!kit->failed)
		g_set_error(kit->error, G_FILE_ERROR,
		    (gint)g_file_error_from_errno(errno), "%s: not written: %s",
		    path, g_strerror(errno));
	kit->failed = true;
}

/* A new file; false when that, or one before it, failed. */
static bool
begin(struct kit *kit, struct kit_file *file, const char *name)
{
	if (kit->failed)
		return false;
	file->sink.push = push;
	file->path = g_build_filename(kit->path, name, NULL);
	file->stream = fopen(file->path, "wbxe");
	if (file->stream != NULL)
		return true;
	fail(kit, file->path);
	g_free(file->path);
	return false;
}

static void
end(struct kit *kit, struct kit_file *file)
{
	if (ferror(file->stream) | (fclose(file->stream) != 0))
		fail(kit, file->path);
	g_free(file->path);
}

static void
put_span(struct kit *kit, const char *name, struct span span)
{
	struct kit_file file;

	if (!begin(kit, &file, name))
		return;
	sink_push(&file.sink, span);
	end(kit, &file);
}

/* "s1-signature.bin" */
static char *
name_of(const struct steps *steps, const char *what)
{
	return g_strdup_printf("s%zu-%s", steps->number, what);
}

static void
put_named(struct kit *kit, const struct steps *steps, const char *what,
    struct span span)
{
	g_autofree char *name = name_of(steps, what);

	put_span(kit, name, span);
}

/* ---- a signature ----------------------------------------------------------- */

static void
put_pem(struct kit *kit, const char *name, const struct public_key *key)
{
	g_autoptr(GByteArray) spki = g_byte_array_new();
	g_autoptr(GString) base64 = g_string_new(NULL);
	g_autoptr(GString) out = g_string_new("-----BEGIN PUBLIC KEY-----\n");

	public_key_append_spki(spki, key);
	base64_append(base64, (struct span){ spki->data, spki->len });
	for (size_t i = 0; i < base64->len; i += PEM_LINE)
		g_string_append_printf(
		    out, "%.*s\n", PEM_LINE, base64->str + i);
	g_string_append(out, "-----END PUBLIC KEY-----\n");
	put_span(
	    kit, name, (struct span){ (const uint8_t *)out->str, out->len });
}

static void
put_keys(struct kit *kit, const struct steps *steps)
{
	for (size_t i = 0; i < steps->facts->n_candidates; i++) {
		const struct known_key *key = &steps->verdict->known->keys[i];
		g_autofree char *pem =
		    g_strdup_printf("s%zu-key%zu.pem", steps->number, i + 1);
		g_autofree char *record =
		    g_strdup_printf("s%zu-record%zu.txt", steps->number, i + 1);

		put_span(kit, record, key->text);
		if (steps_is_checked(steps, i))
			put_pem(kit, pem, &key->key);
	}
}

static void
put_body(struct kit *kit, const struct steps *steps)
{
	g_autofree char *name = name_of(steps, "body.bin");
	struct kit_file file;

	if (!steps_have_body(steps) || !begin(kit, &file, name))
		return;
	steps_push_body(steps, &file.sink);
	end(kit, &file);
}

static void
put_signed(struct kit *kit, const struct steps *steps)
{
	g_autofree char *name = name_of(steps, "signed.bin");
	struct kit_file file;

	if (!begin(kit, &file, name))
		return;
	steps_push_signed(steps, kit->arena, &file.sink);
	end(kit, &file);
	put_named(kit, steps, "hash.bin",
	    (struct span){
		steps->facts->header_hash, steps->facts->header_hash_n });
}

static void
put_signature(struct kit *kit, const struct steps *steps)
{
	put_body(kit, steps);
	if (steps_are_known(steps))
		put_signed(kit, steps);
	put_named(kit, steps, "signature.bin", steps->signature->signature);
	put_keys(kit, steps);
}

/* ---- the message ----------------------------------------------------------- */

static void
put_edits(struct kit *kit, const struct repair_set *repairs)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (size_t i = 0; i < repairs->edits.n; i++) {
		const struct edit *edit = &repairs->edits.edits[i];

		g_string_append_printf(out, "%zu %zu ", edit->at, edit->remove);
		for (size_t j = 0; j < edit->insert.n; j++)
			g_string_append_printf(out, "%02x", edit->insert.p[j]);
		g_string_append_c(out, '\n');
	}
	put_span(kit, "edits.txt",
	    (struct span){ (const uint8_t *)out->str, out->len });
}

static void
put_message(
    struct kit *kit, const struct attempt *attempt, const struct item *item)
{
	struct kit_file file;

	put_span(kit, "message-stored.eml", item->raw);
	if (attempt->repairs == NULL || attempt->repairs->n == 0)
		return;
	put_edits(kit, attempt->repairs);
	if (!begin(kit, &file, "message-judged.eml"))
		return;
	message_push(&attempt->message, &file.sink);
	end(kit, &file);
}

bool
openssl_kit_write(const char *path, const struct attempt *attempt,
    const struct item *item, const char *tool, struct span explained,
    struct arena *arena, GError **error)
{
	struct kit kit = { .path = path, .arena = arena, .error = error };
	g_autoptr(GString) script = g_string_new(NULL);

	put_message(&kit, attempt, item);
	put_span(&kit, "explain.txt", explained);
	for (size_t i = 0; i < attempt->verdict.n_signatures; i++) {
		struct steps steps;

		arena_reset(arena);
		steps_get(&steps, attempt, i);
		put_signature(&kit, &steps);
	}
	openssl_kit_script(script, attempt, tool);
	put_span(&kit, OPENSSL_KIT_SCRIPT,
	    (struct span){ (const uint8_t *)script->str, script->len });
	return !kit.failed;
}
