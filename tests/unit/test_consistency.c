/* test_consistency.c - the file of a consistency proof. */
#include "keysnap/store/consistency.h"

#include <string.h>

#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define DIGEST \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define BODY(origin, size) \
	origin "\n" size "\n" ROOT "\nmanifest-sha256 " DIGEST "\n"
#define SIGNER                                                             \
	"signer PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE" \
	"4izWy10TW\n"
#define SIGNED BODY("o", "3") SIGNER "\n\xe2\x80\x94 a QUJDREU=\n"
#define HEAD   CONSISTENCY_HEAD

/* Empty, and of one root: holds when the sizes are equal. */
static const struct {
	const char *name, *text;
	int want; /* 2: holds, 1: of the right form, 0: not even that */
} cases[] = {
	{ "the same twice", HEAD "\n" BODY("o", "3") "\n" BODY("o", "3"), 2 },
	{ "signed", HEAD "\n" SIGNED "\n" SIGNED, 2 },
	{ "the first signed", HEAD "\n" SIGNED "\n" BODY("o", "3"), 2 },
	{ "the second signed", HEAD "\n" BODY("o", "3") "\n" SIGNED, 2 },
	{ "from the empty log", HEAD "\n" BODY("o", "0") "\n" BODY("o", "3"),
	    2 },
	{ "two origins", HEAD "\n" BODY("o", "3") "\n" BODY("p", "3"), 1 },
	{ "smaller", HEAD "\n" BODY("o", "3") "\n" BODY("o", "2"), 1 },
	{ "no proof", HEAD "\n" BODY("o", "2") "\n" BODY("o", "3"), 1 },
	{ "a hash too many",
	    HEAD ROOT "\n\n" BODY("o", "3") "\n" BODY("o", "3"), 1 },
	{ "another hash", HEAD ROOT "\n\n" BODY("o", "2") "\n" BODY("o", "3"),
	    1 },
	{ "no hash", HEAD "x\n\n" BODY("o", "3") "\n" BODY("o", "3"), 0 },
	{ "one checkpoint", HEAD "\n" BODY("o", "3"), 0 },
	{ "one and a line", HEAD "\n" BODY("o", "3") "\n", 0 },
	{ "three",
	    HEAD "\n" BODY("o", "3") "\n" BODY("o", "3") "\n" BODY("o", "3"),
	    0 },
	{ "a line feed more", HEAD "\n" BODY("o", "3") "\n" BODY("o", "3") "\n",
	    0 },
	{ "two empty lines", HEAD "\n" BODY("o", "3") "\n\n" BODY("o", "3"),
	    0 },
	{ "no empty line", HEAD BODY("o", "3") "\n" BODY("o", "3"), 0 },
	{ "another head",
	    "keysnap-consistency 2\n\n" BODY("o", "3") "\n" BODY("o", "3"), 0 },
	{ "head alone", HEAD, 0 },
	{ "empty", "", 0 },
};

static int
judge(const struct crypto *crypto, struct span text)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct consistency consistency;
	const char *why = NULL;

	if (!consistency_parse(&consistency, arena, crypto, text, &why)) {
		g_assert_nonnull(why);
		return 0;
	}
	return consistency_check(&consistency, crypto, &why) ? 2 : 1;
}

static void
test_cases(void)
{
	struct crypto *crypto = crypto_open(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_cmpint(judge(crypto, span_from_string(cases[i].text)),
		    ==, cases[i].want);
	}
	crypto_close(crypto);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/consistency/cases", test_cases);
	return g_test_run();
}
