/*
 * seal_list.h - what a renewing time stamp covers: the checkpoint and all
 * files of the seals up to a number, in the format of sha256sum.
 *
 *   list = HEX "  checkpoint" LF *( HEX "  seals/" name LF )
 *
 * by ascending name, octet by octet, all files of these numbers and no other.
 */
#ifndef KEYSNAP_STORE_SEAL_LIST_H
#define KEYSNAP_STORE_SEAL_LIST_H

#include "keysnap/store/seal.h"

/* Append the list over seals 1 to "last". */
void seal_list_append(GString *out, const struct seal_question *question,
    unsigned last);

/* The highest number of the files in the set; 0: none. */
unsigned seal_list_last(const struct seal_set *set);

/*
 * Is "list" the one over some first seals?  *last_out is their last number.
 * False with *why_out, in "arena", when it is of another form, or a file is
 * not what it was.
 */
bool seal_list_check(const struct seal_question *question,
    struct arena *arena, struct span list, unsigned *last_out,
    const char **why_out);

#endif
