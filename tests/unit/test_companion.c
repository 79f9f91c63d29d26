/* test_companion.c - which files beside mail are known by their names. */
#include "verifier/archive/companion.h"

#include <glib.h>
#include <string.h>

static const struct {
	const char *name, *want;
} names[] = {
	{ ".mh_sequences", "companion-mh" },
	{ "inbox/.mh_sequences", "companion-mh" },
	{ "context", "companion-mh" },
	{ "cyrus.header", "companion-cyrus" },
	{ "user/alice/cyrus.squat", "companion-cyrus" },
	{ "dovecot.index.log", "companion-dovecot" },
	{ "dovecot-uidlist", "companion-dovecot" },
	{ "maildirfolder", "companion-maildir" },
	{ "subscriptions", "companion-maildir" },
	{ "INBOX.msf", "companion-thunderbird" },
	{ "Inbox.MSF", "companion-thunderbird" },
	{ "msgFilterRules.dat", "companion-thunderbird" },
	{ "INBOX.mbox/Info.plist", "companion-apple-mail" },
	{ "table_of_contents", "companion-apple-mail" },
	{ "12.2.emlxpart", "companion-apple-mail" },
	{ "case 7-metadata.xml", "companion-google-vault" },
	{ "results-count.csv", "companion-google-vault" },
	{ "case 7-results-count.csv", "companion-google-vault" },
	{ "case 7-errors.csv", "companion-google-vault" },
	{ "Takeout/archive_browser.html", "companion-google-takeout" },
	{ "bagit.txt", "companion-bag" },
	{ "manifest-sha512.txt", "companion-bag" },
	{ "tagmanifest-md5.txt", "companion-bag" },
	{ "case 7.md5", "companion-checksums" },
	{ "SHA256SUMS", "companion-checksums" },
	{ "File checksums", "companion-checksums" },
	{ ".DS_Store", "companion-system" },
	{ "thumbs.DB", "companion-system" },
	{ "._1.eml", "companion-system" },
	/* mail, or nobody's */
	{ "", NULL },
	{ "/", NULL },
	{ "dovecot/", NULL },
	{ "12", NULL },
	{ ",12", NULL },
	{ "#12", NULL },
	{ "12.", NULL },
	{ "12.emlx", NULL },
	{ "12.partial.emlx", NULL },
	{ "message.eml", NULL },
	{ "Inbox", NULL },
	{ "Inbox.msf.eml", NULL },
	{ "cyrus", NULL },
	{ "manifest-.tx", NULL },
	{ "manifest-txt", NULL },
	{ "my context", NULL },
	{ "contexts", NULL },
	{ "desktop.ini.eml", NULL },
};

static void
test_names(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct span name = span_from_string(names[i].name);
		g_test_message("%s", names[i].name);
		g_assert_cmpstr(companion_code(name), ==, names[i].want);
		bool text = false;
		g_assert_cmpstr(
		    companion_of(name, SPAN(""), &text), ==, names[i].want);
		g_assert_true(text);
	}
	g_assert_null(companion_code(SPAN(".DS_Store\0.eml")));
}

static const struct {
	const char *name, *start;
	bool companion;
} contents[] = {
	{ "Inbox.msf", "// <!-- <mdb:mork:z v=\"1.4\"/> -->\n", true },
	{ "Inbox.msf", "S: x\n\ny\n", false },
	{ "Inbox.msf", "From a@b Mon Jan  1 00:00:00 2024\nS: x\n", false },
	{ "Inbox.msf", ">From a@b\nS: x\n", false },
	{ "Inbox.msf", "\xef\xbb\xbfS: x\n", false },
	{ "Inbox.msf", "8\nS: x\n\ny\n", false },
	{ ".mh_sequences", "cur: 3\nunseen: 1-4\n", true },
	{ ".mh_sequences", "cur: 3\nSubject: x\n", false },
	{ ".mh_sequences", "Received: x\n", false },
	{ ".mh_sequences", "\xef\xbb\xbfTo: x\n", false },
	{ ".mh_sequences", "From a@b\ncur: 3\n", false },
	{ ".mh_sequences", "8\ncur: 3\n", false },
	{ "context", "Current-Folder: inbox\n", true },
	{ "bagit.txt", "BagIt-Version: 1.0\n", true },
	{ "bag-info.txt", "Source-Organization: x\nDate: x\n", false },
	{ "bag-info.txt", "Source-Organization: x\n Date: x\n", true },
	{ "Info.plist", "<plist>\n\nSubject: x\n\ny\n", false },
	{ "Inbox.msf", "// <mork>\r\nMessage-ID : <x>\r\n", false },
	{ "case.md5", "d41d8cd98f00b204e9800998ecf8427e  a\n\nFrom: x\n",
	    false },
	{ "dovecot.index.cache", "\x01 no NUL\nDate: x\n", false },
	{ "dovecot-uidlist", "3 V1 N2\n1 :a\n", true },
};

static void
test_contents(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(contents); i++) {
		struct span name = span_from_string(contents[i].name);
		struct span start = span_from_string(contents[i].start);
		g_test_message("%s: %s", contents[i].name, contents[i].start);
		bool text;
		g_assert_cmpstr(companion_of(name, start, &text), ==,
		    contents[i].companion ? companion_code(name) : NULL);
	}
}

/* A binary index keeps fields of its mail; what is only called so does not,
 * and a NUL far from the start makes no binary file. */
static void
test_binary(void)
{
	static const struct {
		struct span name, start;
		bool companion, text;
	} files[] = {
		{ SPAN("dovecot.index.cache"), SPAN("\1\0\0\0x\nDate: x\n"),
		    true, false },
		{ SPAN("cyrus.cache"), SPAN("\0\0\0\1x\nSubject: x\n"), true,
		    false },
		{ SPAN("cyrus.cache"), SPAN("Subject: x\n\0"), false, true },
		{ SPAN("Info.plist"), SPAN("\0\nSubject: x\n"), false, true },
		{ SPAN("dovecot.log"),
		    SPAN("0123456789abcdef0123456789abcdef0123456789abcdef"
			 "0123456789abcdef\0\nSubject: x\n"),
		    false, true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		bool text;
		const char *code =
		    companion_of(files[i].name, files[i].start, &text);
		g_test_message("%zu", i);
		g_assert_cmpint(code != NULL, ==, files[i].companion);
		g_assert_cmpint(text, ==, files[i].text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/companion/names", test_names);
	g_test_add_func("/companion/contents", test_contents);
	g_test_add_func("/companion/binary", test_binary);
	return g_test_run();
}
