/* mail.c - fields and body of a message being made; see mail.h. */
#include "tests/gen/mail.h"

#include <string.h>

struct mail *
mail_new(void)
{
	struct mail *mail = g_new0(struct mail, 1);

	mail->fields = g_ptr_array_new_with_free_func(g_free);
	mail->body = g_string_new(NULL);
	return mail;
}

void
mail_free(struct mail *mail)
{
	if (mail == NULL)
		return;
	g_ptr_array_unref(mail->fields);
	g_string_free(mail->body, TRUE);
	g_free(mail);
}

void
mail_add(struct mail *mail, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(mail->fields, g_strdup_vprintf(format, args));
	va_end(args);
}

void
mail_add_top(struct mail *mail, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_insert(mail->fields, 0, g_strdup_vprintf(format, args));
	va_end(args);
}

static gboolean
has_name(const char *field, const char *name)
{
	size_t n = strlen(name);

	return g_ascii_strncasecmp(field, name, n) == 0 && field[n] == ':';
}

static guint
find(const struct mail *mail, const char *name)
{
	for (guint i = mail->fields->len; i > 0; i--) {
		if (has_name(g_ptr_array_index(mail->fields, i - 1), name))
			return i - 1;
	}
	return mail->fields->len;
}

const char *
mail_get(const struct mail *mail, const char *name)
{
	guint at = find(mail, name);

	return at == mail->fields->len ? NULL
				       : g_ptr_array_index(mail->fields, at);
}

void
mail_replace(struct mail *mail, const char *name, const char *field)
{
	guint at = find(mail, name);

	g_assert(at < mail->fields->len);
	g_free(g_ptr_array_index(mail->fields, at));
	g_ptr_array_index(mail->fields, at) = g_strdup(field);
}

GString *
mail_text(const struct mail *mail)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < mail->fields->len; i++) {
		g_string_append(out, g_ptr_array_index(mail->fields, i));
		g_string_append(out, "\r\n");
	}
	g_string_append(out, "\r\n");
	g_string_append_len(out, mail->body->str, (gssize)mail->body->len);
	return out;
}

/* RFC 6376 2.11 and 3.5. */
static void
append_copy(GString *out, const char *field)
{
	for (const char *p = field; *p != '\0'; p++) {
		if (*p <= ' ' || *p >= 0x7f || strchr(";=|", *p) != NULL)
			g_string_append_printf(out, "=%02X", (guchar)*p);
		else
			g_string_append_c(out, *p);
	}
}

char *
mail_copies_tag(const struct mail *mail)
{
	GString *out = g_string_new(" z=");

	for (guint i = 0; i < mail->fields->len; i++) {
		if (i > 0)
			g_string_append_c(out, '|');
		append_copy(out, g_ptr_array_index(mail->fields, i));
	}
	g_string_append_c(out, ';');
	return g_string_free(out, FALSE);
}
