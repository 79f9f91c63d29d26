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

#include <stddef.h>

struct companion {
	const char *pattern; /* "*" at most once */
	const char *code;
	bool fields; /* its text looks like a header section */
};

static const struct companion companions[] = {
	{ ".mh_sequences", "companion-mh", true },
	{ ".mh_profile", "companion-mh", true },
	{ ".xmhcache", "companion-mh", false },
	{ "context", "companion-mh", true },
	{ "cyrus.*", "companion-cyrus", false },
	{ "dovecot*", "companion-dovecot", false },
	{ ".dovecot*", "companion-dovecot", false },
	{ "maildirfolder", "companion-maildir", false },
	{ "maildirsize", "companion-maildir", false },
	{ "subscriptions", "companion-maildir", false },
	{ "courierimap*", "companion-maildir", false },
	{ "*.msf", "companion-thunderbird", false },
	{ "msgFilterRules.dat", "companion-thunderbird", false },
	{ "filterlog.html", "companion-thunderbird", false },
	{ "popstate.dat", "companion-thunderbird", false },
	{ "*.emlxpart", "companion-apple-mail", false },
	{ "Info.plist", "companion-apple-mail", false },
	{ "table_of_contents", "companion-apple-mail", false },
	{ "Envelope Index*", "companion-apple-mail", false },
	{ "*-metadata.xml", "companion-google-vault", false },
	{ "*-metadata.csv", "companion-google-vault", false },
	{ "*results-count.csv", "companion-google-vault", false },
	{ "*-errors.csv", "companion-google-vault", false },
	{ "*-errors.xml", "companion-google-vault", false },
	{ "*error.csv", "companion-google-vault", false },
	{ "errors.xml", "companion-google-vault", false },
	{ "*-account-exceptions.csv", "companion-google-vault", false },
	{ "*-group-membership.csv", "companion-google-vault", false },
	{ "*-failed-group-membership-lookups.csv", "companion-google-vault",
	    false },
	{ "archive_browser.html", "companion-google-takeout", false },
	{ "bagit.txt", "companion-bag", true },
	{ "bag-info.txt", "companion-bag", true },
	{ "fetch.txt", "companion-bag", false },
	{ "manifest-*.txt", "companion-bag", false },
	{ "tagmanifest-*.txt", "companion-bag", false },
	{ ".DS_Store", "companion-system", false },
	{ "._*", "companion-system", false },
	{ "Icon\r", "companion-system", false },
	{ "Thumbs.db", "companion-system", false },
	{ "desktop.ini", "companion-system", false },
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
	false };

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

static bool
begins_like_mail(struct span start, bool fields)
{
	if (emlx_is_emlx(start))
		return true;
	if (span_starts_with(start, SPAN("\xef\xbb\xbf")))
		start = span_from(start, 3);
	if (span_starts_with(start, SPAN("From ")) ||
	    span_starts_with(start, SPAN(">From ")))
		return true;
	return fields ? has_mail_field(start) : from_line_is_field(start);
}

const char *
companion_code(struct span name)
{
	const struct companion *companion = find(name);

	return companion != NULL ? companion->code : NULL;
}

const char *
companion_of(struct span name, struct span start)
{
	const struct companion *companion = find(name);

	start = span_sub(start, 0, COMPANION_START);
	if (companion == NULL || begins_like_mail(start, companion->fields))
		return NULL;
	return companion->code;
}
