/*
 * key_list.h - named keys, their DNS records, and the files that a key
 * collector would have of them.
 */
#ifndef TESTS_GEN_KEY_LIST_H
#define TESTS_GEN_KEY_LIST_H

#include "tests/gen/gen_key.h"

/* One key, and one TXT record if it was ever seen. */
struct listed_key {
	const char *label, *domain, *selector;
	int bits;	   /* 0: Ed25519 */
	unsigned exponent; /* 0: 65537 */
	const char *tags;  /* before p=; NULL: v=DKIM1 and k= */
	const char *first, *last; /* days of first and last sight; NULL: the
				     key was never seen */
	gboolean bare;	   /* p= holds the bare RSAPublicKey */
	gboolean revoked;  /* p= is empty */
};

struct key_list;

/* "table" ends with a NULL label and outlives the list. */
struct key_list *key_list_new(const struct listed_key *table, uint64_t seed);
void key_list_free(struct key_list *list);

/* The key pair of "label", which must be in the table; and its row. */
const struct gen_key *key_list_key(struct key_list *list, const char *label);
const struct listed_key *key_list_row(const struct key_list *list,
    const char *label);

/* The records seen, as JSON lines with times, as lines of a name and its TXT
 * record, as a master file, and as one file LABEL.txt each in the form of
 * opendkim-genkey in "folder". */
GString *key_list_jsonl(struct key_list *list);
GString *key_list_lines(struct key_list *list);
GString *key_list_zone(struct key_list *list);
void key_list_write_txt(struct key_list *list, const char *folder);

#endif
