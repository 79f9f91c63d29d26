/*
 * peer_opendkim.c - verify each message with libopendkim, keys from memory.
 * It reads as the floor does and hashes no file.
 *
 *   peer_opendkim mbox|maildir|eml INDEX PATH KEYS
 *
 * KEYS has a name and its TXT record on each line.  Prints CPU seconds, user
 * and system, of this work alone; messages; and how many pass.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <dkim.h>

#include "tests/bench/corpus.h"

struct peer {
	DKIM_LIB *library;
	GHashTable *keys; /* name to record */
	DKIM *message;
	guint good;
};

static GHashTable *
load_keys(const char *path)
{
	GHashTable *keys =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		g_error("%s: cannot be read", path);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL && **line != '\0'; line++) {
		char *space = strchr(*line, ' ');
		g_assert(space != NULL);
		g_hash_table_insert(keys,
		    g_strndup(*line, (gsize)(space - *line)),
		    g_strdup(space + 1));
	}
	return keys;
}

static DKIM_CBSTAT
look_up(DKIM *message, DKIM_SIGINFO *signature, u_char *out, size_t size)
{
	const struct peer *peer = dkim_get_user_context(message);
	g_autofree char *name = g_strdup_printf("%s._domainkey.%s",
	    dkim_sig_getselector(signature), dkim_sig_getdomain(signature));
	const char *record = g_hash_table_lookup(peer->keys, name);

	if (record == NULL)
		return DKIM_CBSTAT_NOTFOUND;
	g_strlcpy((char *)out, record, size);
	return DKIM_CBSTAT_CONTINUE;
}

static void
on_begin(void *data, const struct corpus_message *message)
{
	struct peer *peer = data;
	DKIM_STAT status;

	(void)message;
	peer->message = dkim_verify(
	    peer->library, (const unsigned char *)"bench", NULL, &status);
	if (peer->message == NULL)
		g_error("dkim_verify: %d", status);
	dkim_set_user_context(peer->message, peer);
}

static void
on_octets(void *data, const uint8_t *p, size_t n)
{
	struct peer *peer = data;

	dkim_chunk(peer->message, (unsigned char *)p, n);
}

static void
on_end(void *data, const struct corpus_message *message)
{
	struct peer *peer = data;

	(void)message;
	dkim_chunk(peer->message, NULL, 0);
	peer->good += dkim_eom(peer->message, NULL) == DKIM_STAT_OK;
	dkim_free(peer->message);
}

int
main(int argc, char **argv)
{
	static const struct corpus_visitor visitor = {
		.begin = on_begin, .octets = on_octets, .end = on_end
	};
	double user, system, user_end, system_end;

	if (argc != 5)
		return 2;
	struct corpus *corpus = corpus_load(argv[1], argv[2]);
	struct peer peer = { .library = dkim_init(NULL, NULL),
		.keys = load_keys(argv[4]) };
	if (peer.library == NULL ||
	    dkim_set_key_lookup(peer.library, look_up) != DKIM_STAT_OK)
		g_error("libopendkim cannot start");
	corpus_times(&user, &system);
	corpus_read(corpus, argv[3], &visitor, &peer);
	corpus_times(&user_end, &system_end);
	printf("%.6f %.6f %u %u\n", user_end - user, system_end - system,
	    corpus->messages->len, peer.good);
	dkim_close(peer.library);
	g_hash_table_unref(peer.keys);
	corpus_free(corpus);
	return 0;
}
