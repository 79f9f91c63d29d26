/* test_mime_frame.c - when unsigned MIME fields leave a choice. */
#include "verifier/message/mime_frame.h"

#define MULTI "Content-Type: multipart/mixed; boundary=\"b\"\n"
#define PARTS "--b\n\nx\n--b--\n"

static const struct {
	const char *name, *raw;
	enum mime_frame want;
} cases[] = {
	{ "no MIME fields", "A: 1\n\nx\n", MIME_FRAME_FIXED },
	{ "text/plain", "Content-Type: text/plain; charset=utf-8\n\nx\n",
	    MIME_FRAME_FIXED },
	{ "text/plain, no parameters", "Content-Type: text/plain;\n\nx\n",
	    MIME_FRAME_FIXED },
	{ "flowed",
	    "Content-Type: text/plain; charset=\"ISO-8859-1\";\n"
	    " format=flowed\n\nx\n",
	    MIME_FRAME_FIXED },
	{ "a charset that is no ASCII",
	    "Content-Type: text/plain; charset=utf-7\n\n"
	    "+AGI-\n",
	    MIME_FRAME_OPEN },
	{ "two charsets",
	    "Content-Type: text/plain; charset=utf-8; charset=utf-7\n\nx\n",
	    MIME_FRAME_OPEN },
	{ "RFC 2231 charset",
	    "Content-Type: text/plain; charset*=''utf-7\n\nx\n",
	    MIME_FRAME_OPEN },
	{ "spaces that are deleted",
	    "Content-Type: text/plain; format=flowed; delsp=yes\n\nx\n",
	    MIME_FRAME_OPEN },
	{ "text/plain with a comment",
	    "Content-Type: text/plain; charset=utf-8 (x)\n\nx\n",
	    MIME_FRAME_OPEN },
	{ "text/html", "Content-Type: text/html\n\nx\n", MIME_FRAME_OPEN },
	{ "8bit", "Content-Transfer-Encoding: 8BIT\n\nx\n", MIME_FRAME_FIXED },
	{ "base64", "Content-Transfer-Encoding: base64\n\nx\n",
	    MIME_FRAME_OPEN },
	{ "two encodings",
	    "Content-Transfer-Encoding: 7bit\n"
	    "Content-Transfer-Encoding: 7bit\n\nx\n",
	    MIME_FRAME_OPEN },
	{ "multipart", MULTI "\n" PARTS, MIME_FRAME_FIXED },
	{ "token", "Content-Type: Multipart/x; a=b;\n BOUNDARY=b\n\n" PARTS,
	    MIME_FRAME_FIXED },
	{ "white space round it", MULTI "\n\n \n" PARTS "\n \n",
	    MIME_FRAME_FIXED },
	{ "two types", MULTI MULTI "\n" PARTS, MIME_FRAME_OPEN },
	{ "preamble", MULTI "\nhello\n" PARTS, MIME_FRAME_OPEN },
	{ "epilogue", MULTI "\n" PARTS "bye\n", MIME_FRAME_OPEN },
	{ "epilogue on the line", MULTI "\n--b\n\nx\n--b--bye\n",
	    MIME_FRAME_OPEN },
	{ "closed twice", MULTI "\n" PARTS "--b--\n", MIME_FRAME_OPEN },
	{ "never closed", MULTI "\n--b\n\nx\n", MIME_FRAME_OPEN },
	{ "another boundary", MULTI "\n--c\n\nx\n--c--\n", MIME_FRAME_OPEN },
	{ "a longer first delimiter", MULTI "\n--bc\n\nx\n--b--\n",
	    MIME_FRAME_OPEN },
	{ "no boundary", "Content-Type: multipart/mixed\n\n" PARTS,
	    MIME_FRAME_OPEN },
	{ "two boundaries",
	    "Content-Type: multipart/mixed; boundary=b; boundary=b\n\n" PARTS,
	    MIME_FRAME_OPEN },
	{ "RFC 2231 boundary",
	    "Content-Type: multipart/mixed; boundary=b; boundary*=c\n\n" PARTS,
	    MIME_FRAME_OPEN },
	{ "comment",
	    "Content-Type: multipart/mixed (x); boundary=b (y)\n\n" PARTS,
	    MIME_FRAME_OPEN },
	{ "empty body", MULTI "\n", MIME_FRAME_OPEN },
	{ "unfinished quote",
	    "Content-Type: multipart/mixed; boundary=\"b\n\n" PARTS,
	    MIME_FRAME_OPEN },
	{ "the part to show first is named",
	    "Content-Type: multipart/related; boundary=b; start=\"<x>\"\n\n" PARTS,
	    MIME_FRAME_OPEN },
	{ "boundary of two lines",
	    "Content-Type: multipart/mixed; boundary=\"b\n c\"\n\n"
	    "--b\r\n c\r\n\r\nx\r\n--b\r\n c--\r\n",
	    MIME_FRAME_OPEN },
	{ "space in a token",
	    "Content-Type: multipart/mixed; boundary=b c\n\n"
	    "--b c\n\nx\n--b c--\n",
	    MIME_FRAME_OPEN },
	{ "quote in a token",
	    "Content-Type: multipart/mixed; a=x\"; boundary=b; c=\"\n\n" PARTS,
	    MIME_FRAME_OPEN },
	{ "quote in a name",
	    "Content-Type: multipart/mixed; a\"=x; boundary=b; c\"=x\n\n" PARTS,
	    MIME_FRAME_OPEN },
	{ "space at the end of a boundary",
	    "Content-Type: multipart/mixed; boundary=\"b \"\n\n"
	    "--b \n\nx\n--b --\n",
	    MIME_FRAME_OPEN },
	{ "nothing behind =",
	    "Content-Type: multipart/mixed; boundary=\n\n" PARTS,
	    MIME_FRAME_OPEN },
};

static void
test_cases(void)
{
	static uint8_t buffer[READING_BUFFER];
	const struct reading reading = { QUOTING_KEPT, LINE_ENDS_CRLF, NULL, 0,
		false };
	struct arena *arena = arena_new();
	struct message message;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		message_open(&message, arena, buffer,
		    span_from_string(cases[i].raw), &reading);
		if (mime_frame_get(&message, arena) == cases[i].want)
			continue;
		g_test_message("wrong: %s", cases[i].name);
		g_test_fail();
	}
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/mime-frame/cases", test_cases);
	return g_test_run();
}
