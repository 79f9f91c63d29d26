/*
 * audit_common.h - what the keys of an audit have in common with each other:
 * factors, moduli, names.
 */
#ifndef KEYSNAP_STORE_AUDIT_COMMON_H
#define KEYSNAP_STORE_AUDIT_COMMON_H

#include "keysnap/key/shared_factor.h"
#include "keysnap/store/audit_find.h"

/* Batch GCD of new moduli with all, and of old ones with those new ones that
 * it found something for; what is found is kept as records. */
bool audit_common_run(struct audit *audit, GError **error);

struct audit_common; /* what it comes to */

/* Take the records together. */
struct audit_common *audit_common_new(struct audit *audit, GError **error);
void audit_common_free(struct audit_common *common);

/* Call "add" for what is found of key "index", as lines of key-health
 * entries; false when "add" was. */
bool audit_common_each(const struct audit_common *common, size_t index,
    bool (*add)(void *user, struct span line), void *user);

#endif
