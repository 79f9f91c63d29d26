/*
 * bench_write.h - a bench corpus in its three forms, message by message, and
 * the index that spares the floor and the peer all parsing.
 */
#ifndef TESTS_GEN_BENCH_WRITE_H
#define TESTS_GEN_BENCH_WRITE_H

#include "tests/gen/bench_mail.h"

/* Where to write; each may be NULL. */
struct bench_targets {
	char *mbox, *maildir, *eml, *index;
	gint per_folder; /* .eml files in one folder; 0: all in one */
};

struct bench_writer;

/* Trouble ends the program, here and below. */
struct bench_writer *bench_writer_new(const struct bench_targets *targets);
void bench_writer_close(struct bench_writer *writer);

/* The keys come before all messages. */
void bench_writer_keys(struct bench_writer *writer, struct bench *bench);
void bench_writer_add(struct bench_writer *writer, guint64 number,
    const GString *trace, const struct bench_mail *mail);

/* Octets of all messages with CRLF so far. */
guint64 bench_writer_octets(const struct bench_writer *writer);

#endif
