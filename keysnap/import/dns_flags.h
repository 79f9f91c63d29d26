/*
 * dns_flags.h - what the header of a DNS answer says of it, as words.
 */
#ifndef KEYSNAP_IMPORT_DNS_FLAGS_H
#define KEYSNAP_IMPORT_DNS_FLAGS_H

#include "keysnap/store/entry.h"

/* Bits, in the order of their words. */
enum dns_flag {
	DNS_FLAG_AA = 1 << 0,
	DNS_FLAG_AD = 1 << 1,
	DNS_FLAG_CD = 1 << 2,
	DNS_FLAG_VALIDATED = 1 << 3, /* no bit: delv says "fully validated" */
	DNS_FLAG_RA = 1 << 4,
	DNS_FLAG_RD = 1 << 5,
	DNS_FLAG_TC = 1 << 6
};

/* The flag that dig calls so, or 0. */
unsigned dns_flag_from_word(struct span word);

/* The set of words of "flags", ascending, in "arena". */
struct entry_texts dns_flags_texts(struct arena *arena, unsigned flags);

#endif
