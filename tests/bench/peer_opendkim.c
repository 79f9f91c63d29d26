/*
 * peer_opendkim.c - verify each file with libopendkim, keys from a file.
 *
 *   peer_opendkim KEY-FILE FILE-OF-NAMES
 */
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <opendkim/dkim.h>

static bool
take(DKIM_LIB *library, const char *path)
{
	g_autofree char *text = NULL;
	DKIM_STAT status;
	gsize n;

	if (!g_file_get_contents(path, &text, &n, NULL))
		g_error("%s: cannot be read", path);
	DKIM *dkim =
	    dkim_verify(library, (const unsigned char *)"bench", NULL, &status);
	if (dkim == NULL)
		g_error("dkim_verify: %d", status);
	dkim_chunk(dkim, (unsigned char *)text, n);
	dkim_chunk(dkim, NULL, 0);
	status = dkim_eom(dkim, NULL);
	dkim_free(dkim);
	return status == DKIM_STAT_OK;
}

int
main(int argc, char **argv)
{
	dkim_query_t method = DKIM_QUERY_FILE;
	g_autofree char *names = NULL;
	unsigned good = 0;

	if (argc != 3 || !g_file_get_contents(argv[2], &names, NULL, NULL))
		return 2;
	DKIM_LIB *library = dkim_init(NULL, NULL);
	if (library == NULL)
		return 2;
	dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_QUERYMETHOD, &method,
	    sizeof(method));
	dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_QUERYINFO, argv[1],
	    strlen(argv[1]));
	g_auto(GStrv) lines = g_strsplit(names, "\n", -1);
	for (char **line = lines; *line != NULL && **line != '\0'; line++)
		good += take(library, *line);
	printf("%u pass\n", good);
	dkim_close(library);
	return 0;
}
