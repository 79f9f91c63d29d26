/*
 * input_line.c - files and notes on them as run.json lists them.
 */
#include "verifier/run/input_line.h"

#include "verifier/report/chain.h"

void
input_line_write(GString *out, const struct input_file *file)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	chain_write(&writer, file->chain, file->n_chain);
	json_write_string(&writer, "format", file->format);
	chain_write_member(&writer, file->chain, file->n_chain);
	json_write_integer(&writer, "messages", (int64_t)file->messages);
	json_write_text(&writer, "path", "path_b64", file->path);
	json_write_hex(&writer, "sha256",
	    (struct span){ file->sha256, DIGEST_SHA256_SIZE });
	json_write_integer(&writer, "size", (int64_t)file->size);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

void
input_note_write(GString *out, const struct input_note *note)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	chain_write(&writer, note->chain, note->n_chain);
	json_write_string(&writer, "code", note->code);
	if (note->detail.n > 0)
		json_write_text(&writer, "detail", "detail_b64", note->detail);
	chain_write_member(&writer, note->chain, note->n_chain);
	json_write_text(&writer, "path", "path_b64", note->path);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

char *
input_line_path(struct span line)
{
	g_autoptr(arena_auto) arena = arena_new();
	const char *why;
	json_t *json = json_parse_line(arena, line, false, &why);
	const char *path = json_string_value(json_object_get(json, "path"));
	char *copy = g_strdup(path != NULL ? path : "?");

	json_decref(json);
	return copy;
}
