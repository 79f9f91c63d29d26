/*
 * demo.h - the demonstration archive: who wrote to whom, what was done to
 * each message, and hence what a verifier has to find.
 */
#ifndef TESTS_GEN_DEMO_H
#define TESTS_GEN_DEMO_H

#include "tests/gen/key_list.h"
#include "tests/gen/mail.h"

struct sender;
struct treatment;

struct letter {
	const struct sender *sender;
	const struct treatment *treatment;
	gint64 date;
	guint number;		     /* from 1, in the order of dates */
	const struct letter *parent; /* answered, or NULL */
	const char *topic;
	char *id;		     /* Message-ID with its angle brackets */
	char *text;		     /* what the author typed, LF */
	struct mail *mail;
	const char *verdict, *why;   /* what has to be found, one word why */
};

extern const struct listed_key demo_keys[];

/* All letters in the order of their dates, and then those of demo_older.h;
 * letter_free() is set. */
GPtrArray *demo_letters(struct key_list *keys, uint64_t seed);

/* The address that the mbox From_ line names. */
const char *letter_address(const struct letter *letter);

#endif
