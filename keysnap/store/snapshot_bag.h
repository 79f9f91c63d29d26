/*
 * snapshot_bag.h - a snapshot packed as a BagIt bag (RFC 8493), version 1.0.
 *
 * Its files lie in data/, octet for octet, so "data" is the snapshot again.
 * The tag files hold what RFC 8493 asks for: manifest-sha256.txt,
 * tagmanifest-sha256.txt, and bag-info.txt with Payload-Oxum, the date, the
 * origin and the root.
 */
#ifndef KEYSNAP_STORE_SNAPSHOT_BAG_H
#define KEYSNAP_STORE_SNAPSHOT_BAG_H

#include "keysnap/store/snapshot.h"

/*
 * Make the folder "bag" (must not exist; under a temporary name first) from
 * the snapshot that was opened at "path".  Every file is hashed as it is
 * copied: MANIFEST and what it names must be what the opened checkpoint says.
 */
bool snapshot_bag_write(const struct snapshot *snapshot, const char *path,
    const char *bag, int64_t date, const struct crypto *crypto, GError **error);

#endif
