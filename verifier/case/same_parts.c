/* same_parts.c - see same_parts.h.  Limits: SAME_PARTS_MAX, SAME_NAME_MAX. */
#include "verifier/case/same_parts.h"

#include "keysnap/base/span_key.h"
#include "verifier/message/mime_name.h"

#include <string.h>

/* ---- the parts of a message ---------------------------------------------- */

/* Valid UTF-8 is cut between characters. */
static struct span
cut_name(struct span name)
{
	size_t n = MIN(name.n, SAME_NAME_MAX);

	while (n < name.n && n > 0 && (name.p[n] & 0xc0) == 0x80)
		n--;
	return span_sub(name, 0, n);
}

/* A media type, lower case and cut; p NULL when there is none. */
static struct span
take_type(struct arena *keep, const struct mime_part *part)
{
	struct span media = span_sub(part->media, 0, ATTACHMENT_WORD_MAX);
	uint8_t *type;

	if (media.n == 0)
		return part->in_digest ? SPAN("message/rfc822")
				       : (struct span){ NULL, 0 };
	type = arena_alloc(keep, media.n);
	for (size_t i = 0; i < media.n; i++)
		type[i] = (uint8_t)g_ascii_tolower((gchar)media.p[i]);
	return (struct span){ type, media.n };
}

static void
take_part(struct part_seen *seen, struct arena *keep, struct arena *scratch,
    struct digest *digest, const struct message *message,
    const struct mime_part *part)
{
	struct span name = mime_name_get(scratch, part);

	part_content_hash(&seen->content, digest, message, part);
	seen->place = (struct part_place){ .at = (uint64_t)(part->body.p -
					       message->raw.p),
		.n = part->body.n,
		.behind = part->behind,
		.type = take_type(keep, part) };
	seen->exact_simple =
	    part_is_exact(seen->content.decode, part, CANON_SIMPLE);
	seen->exact_relaxed =
	    part_is_exact(seen->content.decode, part, CANON_RELAXED);
	digest_reset(digest);
	digest_add(digest, part->body);
	digest_finish(digest, seen->stored);
	if (name.p != NULL)
		seen->name = arena_copy(keep, cut_name(name));
}

struct parts_seen *
parts_seen_take(struct arena *keep, struct arena *scratch,
    struct digest *digest, const struct message *message, size_t max)
{
	struct parts_seen *parts = arena_alloc(keep, sizeof(*parts));
	struct part_seen list[SAME_PARTS_MAX];
	struct mime_parts walk;
	struct mime_part part;

	*parts = (struct parts_seen){ .total = 0 };
	max = MIN(max, SAME_PARTS_MAX);
	mime_parts_start(&walk, scratch, message);
	for (size_t number = 0; mime_parts_next(&walk, &part); number++) {
		if (part.body.n == 0)
			continue;
		parts->total++;
		if (parts->n == max) {
			parts->left_out++;
			continue;
		}
		list[parts->n] =
		    (struct part_seen){ .number = number, .of = parts };
		take_part(
		    &list[parts->n++], keep, scratch, digest, message, &part);
	}
	parts->list =
	    arena_alloc_array(keep, MAX(parts->n, 1), sizeof(*parts->list));
	memcpy(parts->list, list, parts->n * sizeof(*list));
	parts->left_out += walk.left_out;
	parts->cut = walk.cut;
	parts->multipart = walk.multipart;
	return parts;
}

/* ---- those that are the same --------------------------------------------- */

struct same_parts {
	GHashTable *first; /* struct span * -> struct part_seen * */
};

struct same_parts *
same_parts_new(void)
{
	struct same_parts *same = g_new0(struct same_parts, 1);

	same->first = g_hash_table_new(span_key_hash, span_key_equal);
	return same;
}

void
same_parts_free(struct same_parts *same)
{
	if (same == NULL)
		return;
	g_hash_table_unref(same->first);
	g_free(same);
}

void
same_parts_add(struct same_parts *same, struct parts_seen *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		struct part_seen *part = &parts->list[i], *first;

		part->key =
		    (struct span){ part->content.sha256, DIGEST_SHA256_SIZE };
		if (part->content.size == 0)
			continue;
		first = g_hash_table_lookup(same->first, &part->key);
		if (first == NULL) {
			part->last = part;
			g_hash_table_insert(same->first, &part->key, part);
		} else if (first->last->of != parts) {
			first->last->next = part;
			first->last = part;
		}
	}
}

const struct part_seen *
same_parts_next(const struct same_parts *same, const struct part_seen *part,
    const struct part_seen *after)
{
	const struct part_seen *next = after != NULL
	    ? after->next
	    : g_hash_table_lookup(same->first, &part->key);

	while (next != NULL && next->of == part->of)
		next = next->next;
	return next;
}

bool
same_as_stored(const struct part_seen *a, const struct part_seen *b)
{
	return a->place.n == b->place.n &&
	    memcmp(a->stored, b->stored, sizeof(a->stored)) == 0;
}

bool
same_is_exact(const struct part_seen *part, const struct part_signer *signer)
{
	if (signed_share_of(&part->place, signer->signed_end) != SHARE_ALL)
		return false;
	if (signer->canon == CANON_SIMPLE)
		return part->exact_simple;
	return signer->canon == CANON_RELAXED && part->exact_relaxed;
}

bool
same_parts_any(const struct same_parts *same, const struct parts_seen *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		if (same_parts_next(same, &parts->list[i], NULL) != NULL)
			return true;
	}
	return false;
}
