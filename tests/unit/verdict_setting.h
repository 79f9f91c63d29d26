/*
 * verdict_setting.h - a message, its facts and its keys, filled by hand.
 */
#ifndef TESTS_UNIT_VERDICT_SETTING_H
#define TESTS_UNIT_VERDICT_SETTING_H

#include "verifier/verdict/verdict.h"

#define SETTING_TIME (1000 * TIMESTAMP_DAY) /* t= of every signature */

/* A record of the name, how the signature checks with it, and what is known
 * of it.  Days from 1970; none of both: no time known. */
struct key_case {
	unsigned defects; /* enum candidate_defect */
	enum key_check_result result;
	unsigned flags; /* enum provenance_flag */
	enum grade grade;
	int first, last;
};

/* Everything that a judgement borrows from. */
struct setting {
	struct arena *arena;
	struct crypto *crypto;
	struct alignment *alignment;
	uint8_t *buffer;
	struct message message;
	struct message_facts facts;
	struct signature signature;
	struct signature_facts signature_facts;
	struct known_name known;
	struct signature_verdict verdict;
};

/* With the public suffix list of data/. */
void setting_init(struct setting *setting);
void setting_clear(struct setting *setting);

/* Every field of "text" is signed; with "open" all but the last. */
void set_message(struct setting *setting, const char *text, bool open);

/* The keys that the name has, and the candidates' facts. */
void set_keys(struct setting *setting, const struct key_case *keys, size_t n);

void set_signature(
    struct setting *setting, const char *domain, unsigned defects);

/* The codes of "reasons", in order, each but the first after a space. */
void assert_reasons(const struct reasons *reasons, const char *want);

#endif
