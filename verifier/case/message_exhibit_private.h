/*
 * message_exhibit_private.h - inside of message_exhibit_check.c: what is known
 * while an exhibit is checked.
 */
#ifndef VERIFIER_CASE_MESSAGE_EXHIBIT_PRIVATE_H
#define VERIFIER_CASE_MESSAGE_EXHIBIT_PRIVATE_H

#include "verifier/case/message_exhibit.h"

struct exhibit_checking {
	const struct message_exhibit *exhibit;
	const struct crypto *crypto;
	const struct message_exhibit_trust *trust;
	struct arena *arena;
	struct record_view header, record;
	struct exhibit *keys; /* parsed */
	void (*report)(void *user, const struct snapshot_finding *finding);
	void *user;
	bool bad;
	enum verdict verdict; /* the worse of those judged */
};

enum exhibit_word { EXHIBIT_BAD, EXHIBIT_GOOD, EXHIBIT_NOTED };

/* Report a finding. */
void exhibit_tell(struct exhibit_checking *checking, enum exhibit_word word,
    const char *check, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* A string of a record; "(none)" where there is none. */
const char *exhibit_string(const json_t *object, const char *name);

/* Octets of a TEXT: exact where it is not UTF-8. */
struct span exhibit_octets(struct exhibit_checking *checking,
    const json_t *object, const char *name);

/* Judge the message with the keys of the exhibit, and compare its record. */
void exhibit_judge(struct exhibit_checking *checking);

#endif
