/* corpus.c - the index of a corpus; see corpus.h and gen/bench_write.c. */
#include "tests/bench/corpus.h"

#include <openssl/x509.h>
#include <string.h>
#include <sys/resource.h>

#define FIELDS_MAX 9 /* of a line of the index */

static EVP_PKEY *
load_key(const char *type, const char *text)
{
	gsize n;
	g_autofree guchar *octets = g_base64_decode(text, &n);
	const guchar *p = octets;
	EVP_PKEY *key = strcmp(type, "ed25519") == 0
	    ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, octets, n)
	    : d2i_PUBKEY(NULL, &p, (long)n);

	if (key == NULL)
		g_error("the index has a bad key");
	return key;
}

static guint64
number(const char *text)
{
	return g_ascii_strtoull(text, NULL, 10);
}

static void
load_message(struct corpus *corpus, char **fields)
{
	const struct corpus_message message = {
		.at = number(fields[1]),
		.lf = number(fields[2]),
		.crlf = number(fields[4]),
		.header = number(fields[5]),
		.in_mbox = number(fields[6]),
		.maildir = g_strdup(fields[7]),
		.eml = g_strdup(fields[8]),
		.first = corpus->signatures->len,
	};

	g_array_append_val(corpus->messages, message);
}

static void
load_signature(struct corpus *corpus, char **fields)
{
	struct corpus_signature signature = {
		.key = (guint)number(fields[1]),
		.simple_body = strcmp(fields[2], "simple") == 0,
	};

	for (guint i = 0; i < sizeof(signature.digest); i++)
		signature.digest[i] =
		    (uint8_t)(g_ascii_xdigit_value(fields[3][2 * i]) << 4 |
			g_ascii_xdigit_value(fields[3][2 * i + 1]));
	signature.octets = g_base64_decode(fields[4], &signature.n);
	g_array_append_val(corpus->signatures, signature);
	g_array_index(
	    corpus->messages, struct corpus_message, corpus->messages->len - 1)
	    .signatures++;
}

static void
load_line(struct corpus *corpus, const char *line)
{
	g_auto(GStrv) fields = g_strsplit(line, " ", FIELDS_MAX);
	guint n = g_strv_length(fields);

	if (n == 3 && strcmp(fields[0], "K") == 0) {
		EVP_PKEY *key = load_key(fields[1], fields[2]);
		g_array_append_val(corpus->keys, key);
	} else if (n == 9 && strcmp(fields[0], "M") == 0) {
		load_message(corpus, fields);
	} else if (n == 5 && strcmp(fields[0], "S") == 0) {
		load_signature(corpus, fields);
	} else {
		g_error("the index has a bad line: %s", line);
	}
}

static enum corpus_form
form_of(const char *name)
{
	static const char *const names[] = { "mbox", "maildir", "eml" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i], name) == 0)
			return (enum corpus_form)i;
	}
	g_error("%s: no such form", name);
}

struct corpus *
corpus_load(const char *form, const char *index)
{
	struct corpus *corpus = g_new0(struct corpus, 1);
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	corpus->form = form_of(form);
	corpus->keys = g_array_new(FALSE, FALSE, sizeof(EVP_PKEY *));
	corpus->messages =
	    g_array_new(FALSE, FALSE, sizeof(struct corpus_message));
	corpus->signatures =
	    g_array_new(FALSE, FALSE, sizeof(struct corpus_signature));
	if (!g_file_get_contents(index, &text, NULL, &error))
		g_error("%s", error->message);
	for (char *p = text, *end; (end = strchr(p, '\n')) != NULL;
	     p = end + 1) {
		*end = '\0';
		load_line(corpus, p);
	}
	return corpus;
}

void
corpus_free(struct corpus *corpus)
{
	for (guint i = 0; i < corpus->keys->len; i++)
		EVP_PKEY_free(g_array_index(corpus->keys, EVP_PKEY *, i));
	for (guint i = 0; i < corpus->messages->len; i++) {
		const struct corpus_message *message =
		    &g_array_index(corpus->messages, struct corpus_message, i);
		g_free(message->maildir);
		g_free(message->eml);
	}
	for (guint i = 0; i < corpus->signatures->len; i++)
		g_free(g_array_index(
		    corpus->signatures, struct corpus_signature, i)
			   .octets);
	g_array_unref(corpus->keys);
	g_array_unref(corpus->messages);
	g_array_unref(corpus->signatures);
	g_free(corpus);
}

static double
seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

void
corpus_times(double *user_out, double *system_out)
{
	struct rusage usage;
	int got = getrusage(RUSAGE_SELF, &usage);

	g_assert(got == 0);
	*user_out = seconds(usage.ru_utime);
	*system_out = seconds(usage.ru_stime);
}
