/*
 * bench_write.c - see bench_write.h.  The index is text, one line each:
 *
 *   K TYPE KEY                 rsa1024, rsa2048 or ed25519; p= in base64
 *   M AT LF-SIZE LF-HEADER CRLF-SIZE CRLF-HEADER MBOX-SIZE MAILDIR EML
 *                              offset in the mbox, octets of the message and
 *                              of its header in the forms, octets in the mbox
 *                              with its quoting, paths in the folders
 *   S KEY CANON DIGEST B       number of the key, canonicalisation of the
 *                              body, SHA-256 of the header in hex, b=
 */
#include "tests/gen/bench_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/gen/write.h"

struct bench_writer {
	const struct bench_targets *targets;
	FILE *mbox, *index;
	guint64 mbox_at, octets;
	char *folder; /* of .eml files, made last */
};

static void
make_folder(const char *path)
{
	if (g_mkdir_with_parents(path, 0777) != 0)
		g_error("%s: cannot be made", path);
}

static FILE *
open_file(const char *path)
{
	if (path == NULL)
		return NULL;
	g_autofree char *folder = g_path_get_dirname(path);
	make_folder(folder);
	FILE *file = fopen(path, "wb");
	if (file == NULL)
		g_error("%s: %s", path, g_strerror(errno));
	return file;
}

static void
close_file(FILE *file)
{
	if (file != NULL && fclose(file) != 0)
		g_error("writing failed: %s", g_strerror(errno));
}

struct bench_writer *
bench_writer_new(const struct bench_targets *targets)
{
	static const char *const parts[] = { "cur", "new", "tmp" };
	struct bench_writer *writer = g_new0(struct bench_writer, 1);

	writer->targets = targets;
	writer->mbox = open_file(targets->mbox);
	writer->index = open_file(targets->index);
	for (guint i = 0; targets->maildir && i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *path =
		    g_build_filename(targets->maildir, parts[i], NULL);
		make_folder(path);
	}
	return writer;
}

void
bench_writer_close(struct bench_writer *writer)
{
	close_file(writer->mbox);
	close_file(writer->index);
	g_free(writer->folder);
	g_free(writer);
}

guint64
bench_writer_octets(const struct bench_writer *writer)
{
	return writer->octets;
}

void
bench_writer_keys(struct bench_writer *writer, struct bench *bench)
{
	for (guint i = 0; writer->index != NULL && i < BENCH_KEYS; i++) {
		const struct listed_key *row = &bench->table[i];
		g_autofree char *key = gen_key_public(
		    key_list_key(bench->keys, row->label), FALSE);
		fprintf(writer->index, "K %s %s\n",
		    row->bits == 0          ? "ed25519"
			: row->bits == 1024 ? "rsa1024"
					    : "rsa2048",
		    key);
	}
}

/* Not g_file_set_contents(): its file for safety costs too much here. */
static void
write_new(const char *path, const GString *text)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (file < 0)
		g_error("%s: %s", path, g_strerror(errno));
	for (gsize at = 0; at < text->len;) {
		ssize_t n = write(file, text->str + at, text->len - at);
		if (n <= 0)
			g_error("%s: %s", path, g_strerror(errno));
		at += (gsize)n;
	}
	if (close(file) != 0)
		g_error("%s: %s", path, g_strerror(errno));
}

/* Offset and size of what stands between the From_ line and the empty line
 * before the next. */
static gsize
add_to_mbox(struct bench_writer *writer, const struct bench_mail *mail,
    const GString *text, guint64 *at_out)
{
	g_autoptr(GString) entry = g_string_sized_new(text->len + 100);

	mbox_append(entry, mail->sender, mail->date + 9, text);
	gsize line = strcspn(entry->str, "\n") + 1;
	*at_out = writer->mbox_at + line;
	writer->mbox_at += entry->len;
	if (writer->mbox != NULL &&
	    fwrite(entry->str, 1, entry->len, writer->mbox) != entry->len)
		g_error("writing failed: %s", g_strerror(errno));
	return entry->len - line - 1;
}

static char *
add_to_maildir(struct bench_writer *writer, const struct bench_mail *mail,
    guint64 number, const GString *text)
{
	static const char *const flags[] = { "S", "", "RS", "FS" };
	g_autofree char *name = g_strdup_printf(
	    "cur/%010" G_GINT64_FORMAT ".M%07" G_GUINT64_FORMAT "P1.bench:2,%s",
	    mail->date, number, flags[number % G_N_ELEMENTS(flags)]);

	if (writer->targets->maildir == NULL)
		return g_steal_pointer(&name);
	g_autofree char *path =
	    g_build_filename(writer->targets->maildir, name, NULL);
	write_new(path, text);
	return g_steal_pointer(&name);
}

static char *
add_to_eml(struct bench_writer *writer, guint64 number, const GString *text)
{
	gint per_folder = writer->targets->per_folder;
	guint64 folder_number =
	    per_folder > 0 ? number / (guint64)per_folder : 0;
	g_autofree char *name = g_strdup_printf("%04" G_GUINT64_FORMAT
						"/%07" G_GUINT64_FORMAT ".eml",
	    folder_number, number);

	if (writer->targets->eml == NULL)
		return g_steal_pointer(&name);
	g_autofree char *path =
	    g_build_filename(writer->targets->eml, name, NULL);
	g_autofree char *folder = g_path_get_dirname(path);
	if (g_strcmp0(folder, writer->folder) != 0) {
		make_folder(folder);
		g_free(writer->folder);
		writer->folder = g_steal_pointer(&folder);
	}
	write_new(path, text);
	return g_steal_pointer(&name);
}

static void
add_signatures(FILE *index, const struct bench_mail *mail)
{
	for (guint i = 0; i < mail->signatures; i++) {
		const struct bench_signature *signature = &mail->signature[i];
		const GByteArray *octets = signature->signing.octets;
		g_autofree char *b = g_base64_encode(octets->data, octets->len);
		fprintf(index, "S %u %s ", signature->key,
		    signature->simple_body ? "simple" : "relaxed");
		for (guint j = 0; j < 32; j++)
			fprintf(index, "%02x", signature->signing.digest[j]);
		fprintf(index, " %s\n", b);
	}
}

static gsize
count_lines(const char *p, gsize n)
{
	gsize count = 0;

	for (gsize i = 0; i < n; i++)
		count += p[i] == '\n';
	return count;
}

void
bench_writer_add(struct bench_writer *writer, guint64 number,
    const GString *trace, const struct bench_mail *mail)
{
	g_autoptr(GString) text =
	    g_string_new_len(trace->str, (gssize)trace->len);
	guint64 at;

	g_string_append_len(text, mail->text->str, (gssize)mail->text->len);
	g_autoptr(GString) with_lf = text_with_lf(text);
	gsize header = trace->len + mail->header;
	gsize in_mbox = add_to_mbox(writer, mail, text, &at);
	g_autofree char *maildir =
	    add_to_maildir(writer, mail, number, with_lf);
	g_autofree char *eml = add_to_eml(writer, number, text);
	writer->octets += text->len;
	if (writer->index == NULL)
		return;
	fprintf(writer->index,
	    "M %" G_GUINT64_FORMAT " %zu %zu %zu %zu %zu %s %s\n", at,
	    with_lf->len, header - count_lines(text->str, header), text->len,
	    header, in_mbox, maildir, eml);
	add_signatures(writer->index, mail);
}
