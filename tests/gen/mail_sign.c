/*
 * mail_sign.c - canonicalisation and signing by the letter of RFC 6376 3.4,
 * 3.5 and 3.7, octet by octet: slow, plain, and unlike the verifier's.
 */
#include "tests/gen/mail.h"

#include <openssl/evp.h>
#include <string.h>

static gboolean
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* 3.4.2: name in lower case, unfolded, runs of WSP one space, none round the
 * colon or at the end. */
void
mail_relaxed_field(GString *out, const char *field)
{
	const char *colon = strchr(field, ':');
	gboolean gap = FALSE;
	gsize start;

	for (const char *p = field; p < colon; p++) {
		if (!is_wsp(*p))
			g_string_append_c(out, g_ascii_tolower(*p));
	}
	g_string_append_c(out, ':');
	start = out->len;
	for (const char *p = colon + 1; *p != '\0'; p++) {
		if (*p == '\r' || *p == '\n')
			continue;
		if (is_wsp(*p)) {
			gap = TRUE;
			continue;
		}
		if (gap && out->len > start)
			g_string_append_c(out, ' ');
		gap = FALSE;
		g_string_append_c(out, *p);
	}
}

static void
add_field(GString *out, const char *field, gboolean simple)
{
	if (simple)
		g_string_append(out, field);
	else
		mail_relaxed_field(out, field);
}

/* 3.4.4 a: no WSP at line ends, runs of it are one space. */
static GString *
relaxed_lines(const GString *body)
{
	GString *out = g_string_new(NULL);
	gboolean gap = FALSE;

	for (gsize i = 0; i < body->len; i++) {
		char c = body->str[i];
		if (is_wsp(c)) {
			gap = TRUE;
			continue;
		}
		if (gap && c != '\r')
			g_string_append_c(out, ' ');
		gap = FALSE;
		g_string_append_c(out, c);
	}
	return out;
}

GString *
mail_canonical_body(const GString *body, gboolean simple)
{
	GString *out = simple ? g_string_new_len(body->str, (gssize)body->len)
			      : relaxed_lines(body);

	while (out->len >= 4 &&
	    memcmp(out->str + out->len - 4, "\r\n\r\n", 4) == 0)
		g_string_truncate(out, out->len - 2);
	if (out->len == 2 && memcmp(out->str, "\r\n", 2) == 0)
		g_string_truncate(out, simple ? 2 : 0);
	if (out->len == 0 && simple)
		g_string_append(out, "\r\n");
	return out;
}

static guint
digest_of(const GString *text, gsize n, gboolean sha1, uint8_t out[32])
{
	unsigned size = 0;
	int ok = EVP_Digest(
	    text->str, n, out, &size, sha1 ? EVP_sha1() : EVP_sha256(), NULL);

	g_assert(ok == 1);
	return size;
}

static char *
body_hash(const struct mail *mail, const struct sign_options *options)
{
	GString *body = mail_canonical_body(mail->body, options->simple_body);
	uint8_t digest[32];
	gsize n = body->len;

	if (options->length >= 0)
		n = MIN(n, (gsize)options->length);
	guint size = digest_of(body, n, options->sha1, digest);
	g_string_free(body, TRUE);
	return g_base64_encode(digest, size);
}

/* Every name that the mail has, once for each field; not those of ARC. */
static char *
all_names(const struct mail *mail)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < mail->fields->len; i++) {
		const char *field = g_ptr_array_index(mail->fields, i);
		size_t n = (size_t)(strchr(field, ':') - field);
		if (g_str_has_prefix(field, "ARC-"))
			continue;
		if (n == strlen("Received") &&
		    strncmp(field, "Received", n) == 0)
			continue;
		if (n == strlen("Return-Path") &&
		    strncmp(field, "Return-Path", n) == 0)
			continue;
		if (out->len > 0)
			g_string_append_c(out, ':');
		g_string_append_len(out, field, (gssize)n);
	}
	return g_string_free(out, FALSE);
}

static void
add_tag(GString *field, const struct sign_options *options, const char *name,
    const char *value)
{
	if (value == NULL || g_strcmp0(options->leave_out, name) == 0)
		return;
	g_string_append_printf(field, " %s=%s;", name, value);
}

static void
add_number(GString *field, const struct sign_options *options, const char *name,
    gint64 value)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);

	add_tag(field, options, name, text);
}

/* The field up to and with "b=". */
static GString *
unsigned_field(const struct mail *mail, const struct sign_options *options,
    const char *names)
{
	GString *field = g_string_new(
	    options->field != NULL ? options->field : "DKIM-Signature");
	g_autofree char *hash = body_hash(mail, options);
	g_autofree char *canon = g_strdup_printf("%s/%s",
	    options->simple_header ? "simple" : "relaxed",
	    options->simple_body ? "simple" : "relaxed");
	const char *algorithm = gen_key_is_ed25519(options->key)
	    ? "ed25519-sha256"
	    : options->sha1 ? "rsa-sha1"
			    : "rsa-sha256";

	if (options->algorithm != NULL)
		algorithm = options->algorithm;
	g_string_append_c(field, ':');
	add_tag(field, options, "i", options->instance);
	add_tag(field, options, "v",
	    options->version != NULL ? options->version : "1");
	add_tag(field, options, "a", algorithm);
	add_tag(field, options, "c", canon);
	add_tag(field, options, "d", options->domain);
	add_tag(field, options, "s", options->selector);
	g_string_append(field, "\r\n\t");
	add_tag(field, options, "i", options->identity);
	if (options->at != 0)
		add_number(field, options, "t", options->at);
	if (options->expires != 0)
		add_number(field, options, "x", options->expires);
	if (options->length >= 0)
		add_number(field, options, "l", options->length);
	if (options->extra != NULL)
		g_string_append(field, options->extra);
	add_tag(field, options, "h", names);
	g_string_append(field, "\r\n\t");
	add_tag(field, options, "bh", hash);
	g_string_append(field, "\r\n\tb=");
	return field;
}

/* 5.4.2: each name takes the lowest field not yet taken. */
static void
add_selected(
    GString *text, const struct mail *mail, const char *names, gboolean simple)
{
	g_auto(GStrv) list = g_strsplit(names, ":", -1);
	g_autofree gboolean *taken = g_new0(gboolean, mail->fields->len);

	for (char **name = list; *name != NULL; name++) {
		size_t n = strlen(*name);
		for (guint i = mail->fields->len; i > 0; i--) {
			const char *field =
			    g_ptr_array_index(mail->fields, i - 1);
			if (taken[i - 1] ||
			    g_ascii_strncasecmp(field, *name, n) != 0 ||
			    field[n] != ':')
				continue;
			taken[i - 1] = TRUE;
			add_field(text, field, simple);
			g_string_append(text, "\r\n");
			break;
		}
	}
}

void
mail_append_folded(GString *field, const GByteArray *octets)
{
	g_autofree char *text = g_base64_encode(octets->data, octets->len);

	for (size_t i = 0, n = strlen(text); i < n; i += 72) {
		if (i > 0)
			g_string_append(field, "\r\n\t ");
		g_string_append_len(field, text + i, (gssize)MIN(72, n - i));
	}
}

void
mail_sign_noting(struct mail *mail, const struct sign_options *options,
    struct signing *signing_out)
{
	g_autofree char *all = all_names(mail);
	const char *names = options->names != NULL ? options->names : all;
	GString *field = unsigned_field(mail, options, names);
	GString *text = g_string_new(NULL);

	add_selected(text, mail, names, options->simple_header);
	add_field(text, field->str, options->simple_header);
	digest_of(text, text->len, options->sha1, signing_out->digest);
	signing_out->octets =
	    gen_key_sign(options->key, options->sha1, signing_out->digest);
	mail_append_folded(field, signing_out->octets);
	mail_add_top(mail, "%s", field->str);
	g_string_free(text, TRUE);
	g_string_free(field, TRUE);
}

void
mail_sign(struct mail *mail, const struct sign_options *options)
{
	struct signing signing;

	mail_sign_noting(mail, options, &signing);
	g_byte_array_unref(signing.octets);
}
