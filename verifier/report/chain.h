/*
 * chain.h - how records and run.json name a member inside containers.
 */
#ifndef VERIFIER_REPORT_CHAIN_H
#define VERIFIER_REPORT_CHAIN_H

#include "keysnap/base/json.h"
#include "verifier/archive/archive.h"

/* The member "chain": an array of {format, member, number}, outermost first.
 * Nothing is written when "n" is 0. */
void chain_write(
    struct json_writer *writer, const struct chain_link *chain, size_t n);

/* The member "member": the names joined by "!", for people; null when there
 * is none.  A name may hold "!" itself: "chain" is exact. */
void chain_write_member(
    struct json_writer *writer, const struct chain_link *chain, size_t n);

#endif
