/*
 * companion.c - a table of names that mail programs and exporters use.
 *
 * Names are compared without case: archives have been through file systems
 * that do not keep it.
 */
#include "verifier/archive/companion.h"

#include "verifier/archive/checksum_list.h"
#include "verifier/archive/emlx.h"
#include "verifier/archive/from_line.h"

#include <glib.h>

/* Octets that every binary file here has a NUL in, and no text. */
#define BINARY_START 64

/* What a file of that name looks like. */
enum companion_form {
	COMPANION_TEXT,
	COMPANION_FIELDS, /* a text that begins like a header section */
	COMPANION_BINARY  /* an index, which may keep header fields of mail */
};

struct companion {
	const char *pattern; /* "*" at most once */
	const char *code;
	enum companion_form form;
};

static const struct companion companions[] = {
	{ ".mh_sequences", "companion-mh", COMPANION_FIELDS },
	{ ".mh_profile", "companion-mh", COMPANION_FIELDS },
	{ ".xmhcache", "companion-mh", COMPANION_BINARY },
	{ "context", "companion-mh", COMPANION_FIELDS },
	{ "cyrus.*", "companion-cyrus", COMPANION_BINARY },
	{ "dovecot*", "companion-dovecot", COMPANION_BINARY },
	{ ".dovecot*", "companion-dovecot", COMPANION_BINARY },
	{ "maildirfolder", "companion-maildir", COMPANION_TEXT },
	{ "maildirsize", "companion-maildir", COMPANION_TEXT },
	{ "subscriptions", "companion-maildir", COMPANION_TEXT },
	{ "courierimap*", "companion-maildir", COMPANION_TEXT },
	{ "*.msf", "companion-thunderbird", COMPANION_TEXT },
	{ "msgFilterRules.dat", "companion-thunderbird", COMPANION_TEXT },
	{ "filterlog.html", "companion-thunderbird", COMPANION_TEXT },
	{ "popstate.dat", "companion-thunderbird", COMPANION_TEXT },
	{ "*.emlxpart", "companion-apple-mail", COMPANION_TEXT },
	{ "Info.plist", "companion-apple-mail", COMPANION_TEXT },
	{ "table_of_contents", "companion-apple-mail", COMPANION_BINARY },
	{ "Envelope Index*", "companion-apple-mail", COMPANION_BINARY },
	{ "*-metadata.xml", "companion-google-vault", COMPANION_TEXT },
	{ "*-metadata.csv", "companion-google-vault", COMPANION_TEXT },
	{ "*results-count.csv", "companion-google-vault", COMPANION_TEXT },
	{ "*-errors.csv", "companion-google-vault", COMPANION_TEXT },
	{ "*-errors.xml", "companion-google-vault", COMPANION_TEXT },
	{ "*error.csv", "companion-google-vault", COMPANION_TEXT },
	{ "errors.xml", "companion-google-vault", COMPANION_TEXT },
	{ "*-account-exceptions.csv", "companion-google-vault",
	    COMPANION_TEXT },
	{ "*-group-membership.csv", "companion-google-vault", COMPANION_TEXT },
	{ "*-failed-group-membership-lookups.csv", "companion-google-vault",
	    COMPANION_TEXT },
	{ "archive_browser.html", "companion-google-takeout", COMPANION_TEXT },
	{ "bagit.txt", "companion-bag", COMPANION_FIELDS },
	{ "bag-info.txt", "companion-bag", COMPANION_FIELDS },
	{ "fetch.txt", "companion-bag", COMPANION_TEXT },
	{ "manifest-*.txt", "companion-bag", COMPANION_TEXT },
	{ "tagmanifest-*.txt", "companion-bag", COMPANION_TEXT },
	{ ".DS_Store", "companion-system", COMPANION_BINARY },
	{ "._*", "companion-system", COMPANION_BINARY },
	{ "Icon\r", "companion-system", COMPANION_TEXT },
	{ "Thumbs.db", "companion-system", COMPANION_BINARY },
	{ "desktop.ini", "companion-system", COMPANION_TEXT },
};

static bool
matches(struct span name, struct span pattern)
{
	size_t star = span_find(pattern, '*');
	struct span before = span_sub(pattern, 0, star);
	struct span after = span_from(pattern, star + 1);

	if (star == pattern.n)
		return span_equal_nocase(name, pattern);
	return name.n >= before.n + after.n &&
	    span_equal_nocase(span_sub(name, 0, before.n), before) &&
	    span_equal_nocase(span_from(name, name.n - after.n), after);
}

/* Is a pattern that begins with "first" worth a look?  Every file of an archive
 * comes here. */
static bool
may_match(struct span name, char first)
{
	return first == '*' ||
	    (name.n > 0 && ((name.p[0] ^ (uint8_t)first) & ~0x20) == 0);
}

/* What stands behind the last "/". */
static struct span
base_name(struct span path)
{
	size_t slash;

	while ((slash = span_find(path, '/')) < path.n)
		path = span_from(path, slash + 1);
	return path;
}

/* Lists of digests have a module of their own, which knows their names. */
static const struct companion checksum_lists = { "", "companion-checksums",
	COMPANION_TEXT };

static const struct companion *
find(struct span path)
{
	struct span name = base_name(path);

	for (size_t i = 0; i < sizeof(companions) / sizeof(*companions); i++) {
		if (may_match(name, companions[i].pattern[0]) &&
		    matches(name, span_from_string(companions[i].pattern)))
			return &companions[i];
	}
	return checksum_list_is_name(name) ? &checksum_lists : NULL;
}

static bool
is_binary(struct span start)
{
	return span_find(span_sub(start, 0, BINARY_START), '\0') <
	    MIN(start.n, BINARY_START);
}

/* Is what comes first, whatever follows, that of a message or a mailbox? */
static bool
begins_like_mail(struct span start, enum companion_form form)
{
	return emlx_is_emlx(start) || span_starts_with(start, SPAN("From ")) ||
	    span_starts_with(start, SPAN(">From ")) ||
	    (form != COMPANION_FIELDS && from_line_is_field(start));
}

/* Is one of the lines of "text" a header field of mail? */
static bool
has_mail_field(struct span text)
{
	while (text.n > 0) {
		if (from_line_is_mail_field(text))
			return true;
		text = span_from(text, span_find(text, '\n') + 1);
	}
	return false;
}

const char *
companion_code(struct span name)
{
	const struct companion *companion = find(name);

	return companion != NULL ? companion->code : NULL;
}

const char *
companion_of(struct span name, struct span start, bool *text_out)
{
	const struct companion *companion = find(name);

	*text_out = true;
	start = span_sub(start, 0, COMPANION_START);
	if (span_starts_with(start, SPAN("\xef\xbb\xbf")))
		start = span_from(start, 3);
	if (companion == NULL || begins_like_mail(start, companion->form))
		return NULL;
	if (companion->form == COMPANION_BINARY && is_binary(start))
		*text_out = false;
	else if (has_mail_field(start))
		return NULL;
	return companion->code;
}
