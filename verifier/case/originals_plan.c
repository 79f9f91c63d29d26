/* originals_plan.c - see originals_plan.h.  Limits: those of originals.h. */
#include "verifier/case/originals_plan.h"

#include "keysnap/base/span_key.h"
#include "verifier/run/results.h"

#define ID_MAX     998 /* octets of a Message-ID: RFC 5322 2.1.1 */
#define LENGTH_MAX 76  /* octets of l=: RFC 6376 3.5 */

static bool
has_verdict(const json_t *signature, struct span verdict)
{
	return span_equal(record_get_string(signature, "verdict"), verdict);
}

/* Was the signature made over another header, as far as that is known, and
 * what it was is not? */
static bool
is_header_open(const json_t *signature)
{
	if (json_object_get(signature, "signed_fields") != NULL)
		return false;
	return has_verdict(signature, SPAN("altered")) ||
	    (has_verdict(signature, SPAN("key-mismatch")) &&
		span_equal_nocase(
		    record_get_string(signature, "a"), SPAN("ed25519-sha256")));
}

/* What is looked for; nothing of a message that verifies. */
static void
look_at(const struct record_view *view, bool *header_out, bool *body_out)
{
	const json_t *signatures = json_object_get(view->json, "signatures");

	*header_out = *body_out = false;
	if (view->verdict <= VERDICT_VERIFIED_REPAIRED)
		return;
	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const json_t *one = json_array_get(signatures, i);

		if (!span_equal(record_get_string(one, "kind"), SPAN("dkim")))
			continue;
		*header_out |= is_header_open(one);
		*body_out |= has_verdict(one, SPAN("headers-only"));
	}
}

/* Does it hold after repairs only: over other octets than are stored? */
static bool
is_repaired(const json_t *signature)
{
	const json_t *reasons = json_object_get(signature, "reasons"), *reason;
	size_t i;

	json_array_foreach(reasons, i, reason)
	{
		if (g_strcmp0(json_string_value(reason), "repaired") == 0 ||
		    g_strcmp0(json_string_value(reason), "restored") == 0)
			return true;
	}
	return false;
}

static void
take_passing(struct copy *copy, const json_t *record)
{
	const json_t *signatures = json_object_get(record, "signatures");

	for (size_t i = 0; i < json_array_size(signatures) &&
	     copy->n_passing < SAME_SIGNERS_MAX;
	     i++) {
		const json_t *one = json_array_get(signatures, i);
		struct passing passing = { .signature = i };

		if (!span_equal(record_get_string(one, "kind"), SPAN("dkim")) ||
		    !span_equal(
			record_get_string(one, "result"), SPAN("pass")) ||
		    !verdict_from_code(
			record_get_string(one, "verdict"), &passing.verdict))
			continue;
		if (is_repaired(one))
			copy->repaired = true;
		else
			copy->passing[copy->n_passing++] = passing;
	}
}

/* The header of such a signature holds, and so does what l= says. */
static void
take_lengths(struct copy *copy, const json_t *record)
{
	const json_t *signatures = json_object_get(record, "signatures");

	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const json_t *one = json_array_get(signatures, i);
		struct span l = record_get_string(one, "l");

		if (!has_verdict(one, SPAN("headers-only")) || l.n == 0 ||
		    l.n > LENGTH_MAX)
			continue;
		if (copy->lengths == NULL)
			copy->lengths = json_array();
		json_array_append_new(copy->lengths,
		    json_pack("{s:s%, s:I}", "l", (const char *)l.p, l.n,
			"signature", (json_int_t)i));
	}
}

static struct span
id_of(const struct record_view *view)
{
	struct span id = record_get_string(
	    json_object_get(view->json, "message"), "message_id");

	return id.n > ID_MAX || view->sha256.n == 0 ? SPAN("") : id;
}

static void
free_copy(gpointer data)
{
	struct copy *copy = data;

	json_decref(copy->record);
	json_decref(copy->lengths);
	if (copy->bodies != NULL)
		g_array_unref(copy->bodies);
	g_free(copy->path);
	g_free(copy);
}

static void
free_same_id(gpointer data)
{
	struct same_id *group = data;

	g_ptr_array_unref(group->copies);
	same_parts_free(group->same);
	g_free(group);
}

/* ---- the two readings ---------------------------------------------------- */

static void
ask_for(struct originals_plan *plan, const struct record_view *view)
{
	struct span id = id_of(view), *key;
	bool header, body;

	look_at(view, &header, &body);
	plan->counts.headers += header;
	plan->counts.bodies += body;
	if ((!header && !body) || id.n == 0 ||
	    g_hash_table_contains(plan->ids, &id))
		return;
	if (g_hash_table_size(plan->ids) == ORIGINALS_IDS_MAX) {
		plan->counts.left_out++;
		return;
	}
	struct same_id *group = g_new0(struct same_id, 1);

	group->copies = g_ptr_array_new();
	key = arena_alloc(plan->arena, sizeof(*key));
	*key = arena_copy(plan->arena, id);
	g_hash_table_insert(plan->ids, key, group);
}

static void
add_copy(struct originals_plan *plan, const struct record_view *view)
{
	struct span id = id_of(view);
	struct same_id *group = g_hash_table_lookup(plan->ids, &id);
	struct copy *copy;

	if (group == NULL)
		return;
	if (plan->copies->len == ORIGINALS_COPIES_MAX ||
	    group->copies->len == OTHER_MESSAGES_MAX + 1) {
		plan->counts.left_out++;
		return;
	}
	copy = g_new0(struct copy, 1);
	copy->seq = view->seq;
	memcpy(copy->sha256, view->sha256.p,
	    MIN(view->sha256.n, sizeof(copy->sha256) - 1));
	copy->path = g_strndup((const char *)view->path.p, view->path.n);
	copy->group = group;
	copy->verdict = view->verdict;
	look_at(view, &copy->header_open, &copy->body_open);
	take_passing(copy, view->json);
	if (copy->body_open)
		take_lengths(copy, view->json);
	g_ptr_array_add(group->copies, copy);
	g_ptr_array_add(plan->copies, copy);
}

static bool
read_results(struct originals_plan *plan, const char *folder,
    const struct crypto *crypto,
    void (*take)(struct originals_plan *plan, const struct record_view *view),
    GError **error)
{
	struct results *results = results_open(folder, crypto, error);
	struct record_view view;
	struct span line;
	int got = -1;

	while (results != NULL &&
	    (got = results_next(results, &view, &line, error)) == 1)
		take(plan, &view);
	results_close(results);
	return got == 0;
}

/* Which messages are to be read, and which are alone. */
static void
close_groups(struct originals_plan *plan)
{
	for (guint i = 0; i < plan->copies->len; i++) {
		struct copy *copy = g_ptr_array_index(plan->copies, i);
		bool open = copy->header_open || copy->body_open;

		if (!open)
			continue;
		if (copy->group->copies->len > 1) {
			copy->group->wanted = true;
			copy->group->body_wanted |= copy->body_open;
		} else {
			plan->counts.alone++;
		}
	}
}

bool
copy_has_parts(const struct copy *copy)
{
	return copy->body_open && copy->bodies == NULL && copy->parts != NULL &&
	    copy->group->same != NULL &&
	    same_parts_any(copy->group->same, copy->parts);
}

struct originals_plan *
originals_plan_new(
    const char *folder, const struct crypto *crypto, GError **error)
{
	struct originals_plan *plan = g_new0(struct originals_plan, 1);

	plan->ids = g_hash_table_new_full(
	    span_key_hash, span_key_equal, NULL, free_same_id);
	plan->copies = g_ptr_array_new_with_free_func(free_copy);
	plan->arena = arena_new();
	if (read_results(plan, folder, crypto, ask_for, error) &&
	    read_results(plan, folder, crypto, add_copy, error)) {
		close_groups(plan);
		return plan;
	}
	originals_plan_free(plan);
	return NULL;
}

void
originals_plan_free(struct originals_plan *plan)
{
	if (plan == NULL)
		return;
	g_hash_table_unref(plan->ids);
	g_ptr_array_unref(plan->copies);
	arena_free(plan->arena);
	g_free(plan);
}
