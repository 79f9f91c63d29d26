/*
 * root_hints.h - where the servers of the root zone are: those of the
 * internet, or of a file in the form of named.root (RFC 1035 section 5).
 */
#ifndef KEYSNAP_CAPTURE_ROOT_HINTS_H
#define KEYSNAP_CAPTURE_ROOT_HINTS_H

#include "keysnap/capture/dns_server.h"

#define ROOT_HINTS_PORT 53

/* Those of the internet; at most "max", the number is returned. */
size_t root_hints_builtin(
    unsigned port, struct dns_server *servers, size_t max);

/*
 * The addresses of the hosts that a file names as servers of the root, "text"
 * its octets; records of other names and types are passed over.  0: none, or
 * *bad_out is the number of a line that is no record.
 */
size_t root_hints_parse(struct span text, unsigned port,
    struct dns_server *servers, size_t max, unsigned *bad_out);

#endif
