/*
 * self_test.h - known vectors, run on the machine that is to be relied on.
 *
 * Some are built in: examples of the RFCs for the parts that decide.  The
 * others are messages that are installed with the program, or lie in another
 * folder: "log.jsonl", the log of a snapshot with their keys; "expect.tsv",
 * lines of file, what must come out, and the repairs or "-"; and the files.
 * What must come out is a verdict, or "pass" for messages whose signatures
 * must all pass; such a message is also run with a word of its Subject and with
 * its body changed, and must not.
 */
#ifndef VERIFIER_CASE_SELF_TEST_H
#define VERIFIER_CASE_SELF_TEST_H

#include "verifier/run/judge.h"

#define SELF_TEST_FILE_MAX (16u << 20) /* octets of one file */

struct self_test_result {
	char *id;
	char *requirement; /* what asks for it: an RFC, a row of the matrix */
	char *expected, *actual;
	uint8_t input[DIGEST_SHA256_SIZE]; /* SHA-256 of what was run */
	bool good;
};

struct self_test {
	const struct crypto *crypto;
	const struct alignment *alignment;
	GPtrArray *results; /* struct self_test_result * */
	size_t failed;
	uint8_t log[DIGEST_SHA256_SIZE], expect[DIGEST_SHA256_SIZE];
};

void self_test_init(struct self_test *test, const struct crypto *crypto,
    const struct alignment *alignment);
void self_test_clear(struct self_test *test);

/* Add a result; what is given is copied. */
void self_test_add(struct self_test *test, const char *id,
    const char *requirement, struct span input, const char *expected,
    const char *actual);

/* Those that are built in. */
void self_test_builtin(struct self_test *test);

/* Those of "folder"; false with "error" when its two lists cannot be read.  A
 * file that cannot be is a result that fails. */
bool self_test_folder(
    struct self_test *test, const char *folder, GError **error);

#endif
