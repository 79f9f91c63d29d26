/* anchor_item.c - see anchor_item.h. */
#include "verifier/run/anchor_item.h"

static void
find_wire(const struct anchor_tools *tools, const struct item *item,
    const struct reading *wire, struct anchored_by *by, size_t *n)
{
	uint8_t sha256[DIGEST_MAX_SIZE];
	struct message message;

	message_open(&message, tools->arena, tools->buffer, item->raw, wire);
	digest_reset(tools->digest);
	message_push(&message, &tools->digest->sink);
	digest_finish(tools->digest, sha256);
	digest_reset(tools->digest);
	anchors_find(tools->anchors, sha256, ANCHORED_MESSAGE, by, n);
}

static void
find_file(const struct anchor_tools *tools, const struct item *item,
    struct anchored_by *by, size_t *n)
{
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_reset(tools->digest);
	digest_add(tools->digest, item->raw);
	digest_finish(tools->digest, sha256);
	digest_reset(tools->digest);
	anchors_find(tools->anchors, sha256, ANCHORED_FILE, by, n);
}

void
anchor_item(struct anchored *anchored_out, const struct anchor_tools *tools,
    const struct item *item, const struct reading *wire)
{
	struct anchored_by *by;
	size_t n = 0;

	*anchored_out = (struct anchored){ .time = TIMESTAMP_NONE };
	if (tools->anchors == NULL)
		return;
	by = arena_alloc_array(tools->arena, ANCHORS_MAX, sizeof(*by));
	if (wire != NULL)
		find_wire(tools, item, wire, by, &n);
	if (item->whole_file && item->raw.n > 0)
		find_file(tools, item, by, &n);
	anchor_files_find(tools->files, item, by, &n);
	anchors_sort(by, n);
	anchored_out->by = by;
	anchored_out->n = n;
	if (n > 0)
		anchored_out->time = by[0].anchor->proof.time;
}
