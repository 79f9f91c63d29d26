/*
 * audit_moduli.h - the distinct moduli of the keys of an audit, in blocks.
 *
 * Small prime factors are taken out before: moduli that have nothing but
 * these in common (even ones, damaged ones) share no secret.
 */
#ifndef KEYSNAP_STORE_AUDIT_MODULI_H
#define KEYSNAP_STORE_AUDIT_MODULI_H

#include "keysnap/store/audit_keys.h"

/* Moduli from "start" on. */
struct audit_block {
	size_t start, n;
};

struct audit_moduli {
	struct span *numbers;	/* without small factors, none 1; those of old
				   keys first, each half in ascending order of
				   octets */
	size_t n, n_old;
	uint32_t *members;	/* indexes of keys: those of modulus i are
				   members[first[i]] to members[first[i + 1] -
				   1], ascending */
	size_t *first;		/* n + 1 of them */
	uint64_t octets;	/* of the numbers */
	struct audit_block *blocks; /* those of old keys first */
	size_t n_blocks, n_old_blocks;
	struct arena *arena;
};

/* The octets that "n" moduli take here, beside the keys. */
uint64_t audit_moduli_memory(size_t n);

/* "keys" must outlive the moduli. */
void audit_moduli_init(struct audit_moduli *moduli,
    const struct audit_keys *keys, const struct modulus_checker *checker);
void audit_moduli_clear(struct audit_moduli *moduli);

/* Cut them into blocks that take "memory" octets each (modulus_block.h), as
 * few as that allows; of at least one modulus. */
void audit_moduli_cut(struct audit_moduli *moduli, uint64_t memory);

#endif
