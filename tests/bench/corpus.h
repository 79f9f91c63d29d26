/*
 * corpus.h - a corpus of make_bench through its index: the octets of files
 * and of messages, without any parsing, and the signatures with their keys.
 */
#ifndef TESTS_BENCH_CORPUS_H
#define TESTS_BENCH_CORPUS_H

#include <glib.h>
#include <openssl/evp.h>
#include <stdint.h>

/* mbox and Maildir have LF, .eml files are as they went over the wire. */
enum corpus_form { CORPUS_MBOX, CORPUS_MAILDIR, CORPUS_EML };

struct corpus_signature {
	guint key; /* index of corpus.keys */
	gboolean simple_body;
	uint8_t digest[32]; /* SHA-256 of the header */
	guchar *octets;	    /* b= */
	gsize n;
};

struct corpus_message {
	guint64 at;    /* in the mbox */
	gsize in_mbox; /* octets there */
	gsize lf, crlf;
	gsize header;  /* octets before the body, with CRLF */
	char *maildir, *eml;
	guint first, signatures; /* of corpus.signatures */
};

struct corpus {
	enum corpus_form form;
	GArray *keys;	    /* EVP_PKEY *, owned */
	GArray *messages;   /* struct corpus_message */
	GArray *signatures; /* struct corpus_signature */
};

/* Load the index for one form ("mbox", "maildir" or "eml").  Trouble ends the
 * program, here and below. */
struct corpus *corpus_load(const char *form, const char *index);
void corpus_free(struct corpus *corpus);

/* What is done with what is read; each may be NULL. */
struct corpus_visitor {
	/* Octets of a file as they are, and its end. */
	void (*file)(void *data, const uint8_t *p, size_t n);
	void (*file_end)(void *data);
	/* A message with CRLF and without quoting: begin, octets, end. */
	void (*begin)(void *data, const struct corpus_message *message);
	void (*octets)(void *data, const uint8_t *p, size_t n);
	void (*end)(void *data, const struct corpus_message *message);
};

/* Read the mbox, or every file of the folder, at "path". */
void corpus_read(const struct corpus *corpus, const char *path,
    const struct corpus_visitor *visitor, void *data);

/* CPU seconds of this process so far. */
void corpus_times(double *user_out, double *system_out);

#endif
