/* mail_older.c - see mail_older.h; slow and plain like mail_sign.c. */
#include "tests/gen/mail_older.h"

#include <openssl/evp.h>
#include <string.h>

static void
sign_text(const struct gen_key *key, gboolean sha1, const GString *text,
    GString *field)
{
	uint8_t digest[32];
	int ok = EVP_Digest(text->str, text->len, digest, NULL,
	    sha1 ? EVP_sha1() : EVP_sha256(), NULL);

	g_assert(ok == 1);
	GByteArray *octets = gen_key_sign(key, sha1, digest);
	mail_append_folded(field, octets);
	g_byte_array_unref(octets);
}

static void
append_without(GString *out, const char *text, gsize n, const char *drop)
{
	for (gsize i = 0; i < n; i++) {
		if (strchr(drop, text[i]) == NULL)
			g_string_append_c(out, text[i]);
	}
}

/* ---- DomainKeys ----------------------------------------------------------- */

static void
domainkeys_field(GString *out, const char *field, gboolean simple)
{
	append_without(out, field, strlen(field), simple ? "" : " \t\r\n");
	g_string_append(out, "\r\n");
}

/* 3.4.2: the empty line, the body, and no empty lines at the end. */
static void
domainkeys_body(GString *out, const GString *body, gboolean simple)
{
	g_auto(GStrv) lines = g_strsplit(body->str, "\r\n", -1);
	GString *text = g_string_new("\r\n");

	for (char **line = lines; line[0] != NULL && line[1] != NULL; line++) {
		append_without(
		    text, *line, strlen(*line), simple ? "" : " \t\r\n");
		g_string_append(text, "\r\n");
	}
	while (g_str_has_suffix(text->str, "\r\n\r\n"))
		g_string_truncate(text, text->len - 2);
	if (text->len > 2)
		g_string_append(out, text->str);
	g_string_free(text, TRUE);
}

/* Does "names" have the name of "field"? */
static gboolean
is_named(const char *names, const char *field)
{
	g_auto(GStrv) list = g_strsplit(names, ":", -1);

	for (char **name = list; *name != NULL; name++) {
		size_t n = strlen(*name);
		if (g_ascii_strncasecmp(field, *name, n) == 0 &&
		    field[n] == ':')
			return TRUE;
	}
	return FALSE;
}

/* The names here stand in the order of the fields, so each is signed where it
 * stands. */
void
mail_sign_domainkeys(
    struct mail *mail, const struct domainkeys_options *options)
{
	GString *text = g_string_new(NULL);
	GString *field =
	    g_string_new("DomainKey-Signature: a=rsa-sha1; q=dns;");

	for (guint i = 0; i < mail->fields->len; i++) {
		const char *one = g_ptr_array_index(mail->fields, i);
		if (options->names == NULL || is_named(options->names, one))
			domainkeys_field(text, one, options->simple);
	}
	domainkeys_body(text, mail->body, options->simple);
	g_string_append_printf(field, " c=%s; d=%s; s=%s;\r\n\t",
	    options->simple ? "simple" : "nofws", options->domain,
	    options->selector);
	if (options->names != NULL)
		g_string_append_printf(field, "h=%s;\r\n\t", options->names);
	g_string_append(field, "b=");
	sign_text(options->key, TRUE, text, field);
	mail_add_top(mail, "%s", field->str);
	g_string_free(field, TRUE);
	g_string_free(text, TRUE);
}

/* ---- the first drafts of DKIM ---------------------------------------------- */

/* A field without its end, white space gone, its name in lower case. */
static void
draft_field(GString *out, const char *field, gboolean simple)
{
	gsize name = (gsize)(strchr(field, ':') - field);
	g_autofree char *lower = g_ascii_strdown(field, (gssize)name);

	if (simple) {
		g_string_append(out, field);
		return;
	}
	append_without(out, lower, name, " \t");
	append_without(out, field + name, strlen(field) - name, " \t\r\n");
}

static void
draft_body(GString *out, const GString *body, gboolean simple)
{
	GString *text = mail_canonical_body(body, TRUE);

	append_without(out, text->str, text->len, simple ? "" : " \t\r\n");
	g_string_free(text, TRUE);
}

void
mail_sign_draft(struct mail *mail, const struct draft_options *options)
{
	g_auto(GStrv) names = g_strsplit(options->names, ":", -1);
	GString *text = g_string_new(NULL);
	GString *field = g_string_new(NULL);

	g_string_printf(field,
	    "DKIM-Signature: a=rsa-sha1; c=%s; d=%s; s=%s; q=dns;\r\n\th=%s; b=",
	    options->simple ? "simple" : "nowsp", options->domain,
	    options->selector, options->names);
	for (char **name = names; *name != NULL; name++) {
		draft_field(text, mail_get(mail, *name), options->simple);
		g_string_append(text, "\r\n");
	}
	g_string_append(text, "\r\n");
	draft_body(text, mail->body, options->simple);
	g_string_append(text, "\r\n");
	draft_field(text, field->str, options->simple);
	sign_text(options->key, TRUE, text, field);
	mail_add_top(mail, "%s", field->str);
	g_string_free(field, TRUE);
	g_string_free(text, TRUE);
}

/* ---- ARC ------------------------------------------------------------------- */

/* The field of this name and instance, or NULL. */
static const char *
arc_field(const struct mail *mail, const char *name, guint instance)
{
	g_autofree char *start = g_strdup_printf("%s: i=%u;", name, instance);

	for (guint i = 0; i < mail->fields->len; i++) {
		const char *field = g_ptr_array_index(mail->fields, i);
		if (g_str_has_prefix(field, start))
			return field;
	}
	return NULL;
}

static void
add_relaxed(GString *text, const char *field)
{
	if (field == NULL)
		return;
	mail_relaxed_field(text, field);
	g_string_append(text, "\r\n");
}

static void
add_message_signature(struct mail *mail, const struct arc_options *options)
{
	g_autofree char *i = g_strdup_printf("%u", options->instance);
	struct sign_options sign = { .key = options->key,
		.domain = options->domain,
		.selector = options->selector,
		.names = options->names,
		.sha1 = options->sha1,
		.length = -1,
		.leave_out = "v",
		.field = "ARC-Message-Signature",
		.instance = i };

	mail_sign(mail, &sign);
}

static void
add_seal(struct mail *mail, const struct arc_options *options)
{
	static const char *const names[] = { "ARC-Authentication-Results",
		"ARC-Message-Signature", "ARC-Seal" };
	GString *text = g_string_new(NULL), *field = g_string_new(NULL);
	const char *chain = options->chain != NULL ? options->chain
	    : options->instance == 1               ? "none"
						   : "pass";
	const char *algorithm = gen_key_is_ed25519(options->key)
	    ? "ed25519-sha256"
	    : options->sha1 ? "rsa-sha1"
			    : "rsa-sha256";

	for (guint i = options->alone ? options->instance : 1;
	     i <= options->instance; i++) {
		for (guint j = 0; j < G_N_ELEMENTS(names); j++)
			add_relaxed(text, arc_field(mail, names[j], i));
	}
	g_string_printf(field,
	    "ARC-Seal: i=%u; a=%s; cv=%s; d=%s; s=%s; %s\r\n\tb=",
	    options->instance, algorithm, chain, options->domain,
	    options->selector,
	    options->seal_extra != NULL ? options->seal_extra : "");
	mail_relaxed_field(text, field->str);
	sign_text(options->key, options->sha1, text, field);
	mail_add_top(mail, "%s", field->str);
	g_string_free(field, TRUE);
	g_string_free(text, TRUE);
}

void
mail_add_arc_set(struct mail *mail, const struct arc_options *options)
{
	mail_add_top(mail,
	    "ARC-Authentication-Results: i=%u; %s; dkim=pass header.d=%s",
	    options->instance, options->domain, options->domain);
	add_message_signature(mail, options);
	add_seal(mail, options);
}
