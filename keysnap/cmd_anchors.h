/*
 * cmd_anchors.h - the trust anchors that a command works with: those of
 * --trust-anchor, or those built in.
 */
#ifndef KEYSNAP_CMD_ANCHORS_H
#define KEYSNAP_CMD_ANCHORS_H

#include "keysnap/dnssec/trust_anchor.h"

/* From the file "path", or built in when it is NULL.  NULL when the file
 * cannot be taken; that was said. */
struct trust_anchors *command_anchors_read(const char *path);

#endif
