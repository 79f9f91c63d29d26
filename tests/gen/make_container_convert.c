/*
 * make_container_convert.c - a tree of .eml files as other programs keep mail.
 *
 * From_ lines bear the time of the Date field when that is written as RFC 5322
 * says, so that they bring no other time into the interval of the message;
 * else none.
 */
#include "tests/gen/make_container_convert.h"

#include <stdio.h>
#include <string.h>

#include "tests/gen/make_container_pack.h"
#include "tests/gen/write.h"

struct convert_form {
	const char *name;
	void (*write)(GPtrArray *out, const GPtrArray *mail);
};

/* ---- lines --------------------------------------------------------------- */

/* CRLF to LF; text_with_lf() ends at NUL. */
static GString *
with_lf(const GString *text)
{
	GString *out = g_string_sized_new(text->len);

	for (gsize i = 0; i < text->len; i++) {
		bool crlf = text->str[i] == '\r' && i + 1 < text->len &&
		    text->str[i + 1] == '\n';
		if (!crlf)
			g_string_append_c(out, text->str[i]);
	}
	return out;
}

/* The octets of the line at "at", its LF among them. */
static gsize
line_length(const GString *text, gsize at)
{
	const char *end = memchr(text->str + at, '\n', text->len - at);

	return end != NULL ? (gsize)(end + 1 - text->str) - at : text->len - at;
}

/* Where the empty line is that ends the header section of "text" (LF); its
 * end when there is none. */
static gsize
header_end(const GString *text)
{
	gsize at = 0;

	while (at < text->len && text->str[at] != '\n')
		at += line_length(text, at);
	return at;
}

static bool
begins(const GString *text, gsize at, const char *word)
{
	gsize n = strlen(word);

	return text->len - at >= n && memcmp(text->str + at, word, n) == 0;
}

/* ">" before lines of ">*From " (mboxrd) in the body. */
static void
append_quoted(GString *out, const GString *text)
{
	gsize n;

	for (gsize at = 0; at < text->len; at += n) {
		gsize word = at;
		while (word < text->len && text->str[word] == '>')
			word++;
		n = line_length(text, at);
		if (begins(text, word, "From "))
			g_string_append_c(out, '>');
		g_string_append_len(out, text->str + at, (gssize)n);
	}
}

/* ---- From_ lines --------------------------------------------------------- */

/* The time of the Date field; -1: none in the form of RFC 5322. */
static gint64
time_of(const GString *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int day, year, hour, minute, second, zone;
	char month[4];
	gsize end = header_end(text);

	for (gsize at = 0; at < end; at += line_length(text, at)) {
		if (!begins(text, at, "Date: "))
			continue;
		if (sscanf(text->str + at, "Date: %*3s, %d %3s %d %d:%d:%d %d",
			&day, month, &year, &hour, &minute, &second,
			&zone) != 7)
			return -1;
		const char *found = strstr(months, month);
		if (found == NULL || zone < -2400 || zone > 2400)
			return -1;
		g_autoptr(GDateTime) t = g_date_time_new_utc(year,
		    (int)(found - months) / 3 + 1, day, hour, minute, second);
		if (t == NULL)
			return -1;
		return g_date_time_to_unix(t) -
		    (zone / 100 * 60 + zone % 100) * 60;
	}
	return -1;
}

static void
append_from(GString *out, const GString *text)
{
	gint64 at = time_of(text);
	g_autofree char *date = at < 0 ? NULL : date_from_line(at);

	g_string_append_printf(out, "From - %s\n", date != NULL ? date : "");
}

/* As Google writes it: a number for the sender, the zone before the year. */
static void
append_google_from(GString *out, const GString *text, guint number)
{
	gint64 at = time_of(text);
	g_autofree char *date = at < 0 ? NULL : date_from_line(at);

	if (date == NULL) {
		append_from(out, text);
		return;
	}
	g_string_append_printf(out, "From 15%014u@xxx %.19s +0000 %s\n", number,
	    date, date + strlen(date) - 4);
}

/* ---- one file for each message ------------------------------------------- */

static const GString *
text_of(const GPtrArray *mail, guint i)
{
	return ((const struct packed_file *)g_ptr_array_index(mail, i))->text;
}

static void
add_text(GPtrArray *out, const char *name, const char *text)
{
	files_add(out, name, g_string_new(text));
}

static void
write_mh(GPtrArray *out, const GPtrArray *mail)
{
	add_text(out, "inbox/.mh_sequences", "cur: 1\nunseen: 2-4\n");
	for (guint i = 0; i < mail->len; i++) {
		g_autofree char *name = g_strdup_printf("inbox/%u", i + 1);
		files_add(out, name, with_lf(text_of(mail, i)));
	}
}

/* Octets with NUL among them stand in for the binary files. */
static void
write_cyrus(GPtrArray *out, const GPtrArray *mail)
{
	static const char binary[] = "\0\0\0\1\0\xff";

	for (guint i = 0; i < mail->len; i++) {
		const GString *text = text_of(mail, i);
		g_autofree char *name = g_strdup_printf("user/%u.", i + 1);
		files_add(
		    out, name, g_string_new_len(text->str, (gssize)text->len));
	}
	add_text(out, "user/cyrus.header",
	    "\241\002\213\015Cyrus mailbox header\nuser\t\n");
	files_add(
	    out, "user/cyrus.index", g_string_new_len(binary, sizeof(binary)));
	files_add(
	    out, "user/cyrus.cache", g_string_new_len(binary, sizeof(binary)));
}

static void
add_emlx(GPtrArray *out, const char *ending, guint number, GString *text)
{
	g_autofree char *name =
	    g_strdup_printf("INBOX.mbox/Messages/%u%s", number, ending);
	GString *file = g_string_new(NULL);

	g_string_append_printf(file, "%-10" G_GSIZE_FORMAT "\n", text->len);
	g_string_append_len(file, text->str, (gssize)text->len);
	g_string_append(file,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<plist version=\"1.0\">\n<dict>\n"
	    "\t<key>flags</key>\n\t<integer>8590195713</integer>\n"
	    "</dict>\n</plist>\n");
	files_add(out, name, file);
	g_string_free(text, TRUE);
}

static void
write_emlx(GPtrArray *out, const GPtrArray *mail)
{
	for (guint i = 0; i < mail->len; i++)
		add_emlx(out, ".emlx", i + 1, with_lf(text_of(mail, i)));
}

/* The header section is kept, what follows lies elsewhere. */
static void
write_partial_emlx(GPtrArray *out, const GPtrArray *mail)
{
	for (guint i = 0; i < mail->len; i++) {
		GString *text = with_lf(text_of(mail, i));
		g_string_truncate(text, MIN(header_end(text) + 1, text->len));
		add_emlx(out, ".partial.emlx", i + 1, text);
	}
}

/* ---- Maildir with messages compressed in place --------------------------- */

static void
write_maildir(GPtrArray *out, const GPtrArray *mail, const char *format)
{
	add_text(out, "maildirfolder", "");
	files_add(out, "new/", NULL);
	files_add(out, "tmp/", NULL);
	for (guint i = 0; i < mail->len; i++) {
		g_autofree char *name = g_strdup_printf(
		    "cur/14832288%02u.M%06uP1.mx,S=%" G_GSIZE_FORMAT ":2,S",
		    i % 100, i, text_of(mail, i)->len);
		g_autoptr(GPtrArray) one = files_new();
		files_add(one, "message", with_lf(text_of(mail, i)));
		files_add(out, name, pack(format, one));
	}
}

static void
write_maildir_gz(GPtrArray *out, const GPtrArray *mail)
{
	write_maildir(out, mail, "gz");
}

static void
write_maildir_zst(GPtrArray *out, const GPtrArray *mail)
{
	write_maildir(out, mail, "zst");
}

/* ---- mboxes -------------------------------------------------------------- */

/* The body's octets as they will be stored go to the end of the header. */
static void
append_with_length(GString *out, const GString *text, bool quote)
{
	gsize end = header_end(text);
	gsize body = MIN(end + 1, text->len);
	g_autoptr(GString) rest =
	    g_string_new_len(text->str + body, (gssize)(text->len - body));
	g_autoptr(GString) stored = g_string_new(NULL);

	append_from(out, text);
	if (quote)
		append_quoted(stored, rest);
	else
		g_string_append_len(stored, rest->str, (gssize)rest->len);
	g_string_append_len(out, text->str, (gssize)end);
	if (end > 0 && text->str[end - 1] != '\n')
		g_string_append_c(out, '\n');
	g_string_append_printf(
	    out, "Content-Length: %" G_GSIZE_FORMAT "\n\n", stored->len);
	g_string_append_len(out, stored->str, (gssize)stored->len);
	g_string_append_c(out, '\n');
}

static void
write_with_length(GPtrArray *out, const GPtrArray *mail, bool quote)
{
	GString *mbox = g_string_new(NULL);

	for (guint i = 0; i < mail->len; i++) {
		GString *text = with_lf(text_of(mail, i));
		append_with_length(mbox, text, quote);
		g_string_free(text, TRUE);
	}
	files_add(out, "inbox", mbox);
}

static void
write_mboxcl(GPtrArray *out, const GPtrArray *mail)
{
	write_with_length(out, mail, true);
}

static void
write_mboxcl2(GPtrArray *out, const GPtrArray *mail)
{
	write_with_length(out, mail, false);
}

/* ---- Google Vault -------------------------------------------------------- */

static void
append_md5(GString *list, const char *name, const GString *text)
{
	g_autofree char *sum = g_compute_checksum_for_data(
	    G_CHECKSUM_MD5, (const guchar *)text->str, text->len);

	g_string_append_printf(list, "%s  %s\n", sum, name);
}

static void
add_listed(GPtrArray *out, GString *list, const char *name, GString *text)
{
	append_md5(list, name, text);
	files_add(out, name, text);
}

static void
write_vault(GPtrArray *out, const GPtrArray *mail)
{
	g_autoptr(GPtrArray) inside = files_new();
	GString *mbox = g_string_new(NULL), *list = g_string_new(NULL);

	for (guint i = 0; i < mail->len; i++) {
		GString *text = with_lf(text_of(mail, i));
		append_google_from(mbox, text, i + 1);
		append_quoted(mbox, text);
		if (text->len == 0 || text->str[text->len - 1] != '\n')
			g_string_append_c(mbox, '\n');
		g_string_append_c(mbox, '\n');
		g_string_free(text, TRUE);
	}
	files_add(inside, "export-0.mbox", mbox);
	add_listed(out, list, "export-0.zip", pack("zip", inside));
	add_listed(out, list, "export-metadata.xml",
	    g_string_new("<?xml version='1.0' encoding='UTF-8'?>\n"
			 "<Root DataInterchangeType='Update'>\n</Root>\n"));
	add_listed(out, list, "export-results-count.csv",
	    g_string_new("Account,Count\nuser@example.com,1\n"));
	files_add(out, "export.md5", list);
}

/* ---- public -------------------------------------------------------------- */

static const struct convert_form forms[] = {
	{ "mh", write_mh },
	{ "cyrus", write_cyrus },
	{ "emlx", write_emlx },
	{ "partial-emlx", write_partial_emlx },
	{ "mboxcl", write_mboxcl },
	{ "mboxcl2", write_mboxcl2 },
	{ "maildir-gz", write_maildir_gz },
	{ "maildir-zst", write_maildir_zst },
	{ "vault", write_vault },
};

char *
convert_forms(void)
{
	GString *names = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		g_string_append_printf(
		    names, "%s%s", i > 0 ? " " : "", forms[i].name);
	return g_string_free(names, FALSE);
}

GPtrArray *
convert(const char *form, const GPtrArray *files)
{
	g_autoptr(GPtrArray) mail = g_ptr_array_new();
	GPtrArray *out = NULL;

	for (guint i = 0; i < files->len; i++) {
		struct packed_file *file = g_ptr_array_index(files, i);
		if (file->text != NULL)
			g_ptr_array_add(mail, file);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (strcmp(forms[i].name, form) != 0)
			continue;
		out = files_new();
		forms[i].write(out, mail);
	}
	return out;
}
