/*
 * audit_past.h - what earlier audits covered, and the one that was begun.
 */
#ifndef KEYSNAP_STORE_AUDIT_PAST_H
#define KEYSNAP_STORE_AUDIT_PAST_H

#include "keysnap/store/audit.h"

/* What an audit does; all of it decides what its steps find. */
struct audit_plan {
	uint64_t from;	    /* entries below are covered by the checks without
			       lists */
	uint64_t list_from; /* and by the lists given; UINT64_MAX: none */
	uint64_t below;
	int64_t made;
	uint64_t share; /* memory of one block */
	uint8_t settings[32]; /* of the tool and the lists */
};

/* The words of all checks that such a request makes, a set; in "arena". */
struct entry_texts audit_checks(const struct audit_request *request,
    struct arena *arena);

/* The plan of a new audit: all but "share". */
bool audit_plan_make(struct audit_plan *plan, struct store *store,
    const struct crypto *crypto, const struct audit_request *request,
    GError **error);

/* The plan that was begun before and fits this one, but for "below", "made"
 * and "share": true in *fits_out.  Inside a transaction. */
bool audit_plan_load(struct audit_plan *begun_out, struct store *store,
    const struct audit_plan *plan, bool *fits_out, GError **error);
bool audit_plan_save(const struct audit_plan *plan, struct store *store,
    GError **error);

/* Are there observations in the entries that it has to cover? */
bool audit_plan_has_work(const struct audit_plan *plan, struct store *store,
    bool *has_out, GError **error);

#endif
