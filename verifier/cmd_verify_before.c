/*
 * cmd_verify_before.c - verifier verify: what is looked at, and said, before
 * anything is written.
 */
#include "verifier/cmd_verify_before.h"

#include "verifier/cmd.h"

#include <stdlib.h>
#include <string.h>

/* Findings that are said, not only recorded. */
#define PREMISES_SAID 20

void
premises_say(const struct premises *premises)
{
	for (size_t i = 0, said = 0; i < premises->n && said < PREMISES_SAID;
	     i++) {
		const struct premise *premise = &premises->list[i];

		if (!premise->broken)
			continue;
		command_say("%.*s: %s %.*s", (int)premise->path.n,
		    (const char *)premise->path.p, premise->code,
		    (int)premise->detail.n, (const char *)premise->detail.p);
		said++;
	}
	if (premises->broken > 0)
		command_say("%" G_GUINT64_FORMAT
			    " findings against the digests that came with "
			    "the archive; \"premises\" in run.json lists them",
		    premises->broken);
}

bool
case_is_inside(const char *output, const char *argument)
{
	g_autofree char *parent = g_path_get_dirname(output);
	/* It may be there, and be a link. */
	bool there = g_file_test(output, G_FILE_TEST_EXISTS);
	char *above = realpath(there ? output : parent, NULL);
	char *folder = realpath(argument, NULL);
	size_t n = folder != NULL ? strlen(folder) : 0;
	bool inside = above != NULL && folder != NULL &&
	    g_file_test(folder, G_FILE_TEST_IS_DIR) &&
	    strncmp(above, folder, n) == 0 &&
	    (above[n] == '\0' || above[n] == '/' || strcmp(folder, "/") == 0);

	free(above);
	free(folder);
	return inside;
}
