/*
 * cmd_verify_dnssec.h - keysnap verify --dnssec: every stored chain again.
 */
#ifndef KEYSNAP_CMD_VERIFY_DNSSEC_H
#define KEYSNAP_CMD_VERIFY_DNSSEC_H

#include "keysnap/cmd_seals.h"
#include "keysnap/dnssec/trust_anchor.h"

/*
 * Validate the chain of every chain-result entry under "anchors", and compare.
 * What differs is a finding: bad when the chain does not show what the entry
 * says, unmet when the chain ends at none of the anchors.  False with "error"
 * when the snapshot cannot be read.
 */
bool verify_dnssec(const char *folder, const struct snapshot_trust *trust,
    const struct trust_anchors *anchors, const struct crypto *crypto,
    struct findings *findings, GError **error);

#endif
