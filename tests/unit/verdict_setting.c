/* verdict_setting.c - facts filled by hand. */
#include "tests/unit/verdict_setting.h"

#include "keysnap/store/provenance_windows.h"

#include <glib.h>
#include <string.h>

void
setting_init(struct setting *setting)
{
	memset(setting, 0, sizeof(*setting));
	setting->arena = arena_new();
	setting->crypto = crypto_open(NULL);
	setting->alignment = alignment_open(
	    "data/public_suffix_list.dat", NULL, setting->crypto, NULL);
	setting->buffer = g_malloc(READING_BUFFER);
}

void
setting_clear(struct setting *setting)
{
	alignment_close(setting->alignment);
	crypto_close(setting->crypto);
	arena_free(setting->arena);
	g_free(setting->buffer);
}

void
set_message(struct setting *setting, const char *text, bool open)
{
	static const struct reading reading;
	struct header_index *header = &setting->message.header;
	struct signature_facts *facts = &setting->signature_facts;

	message_open(&setting->message, setting->arena, setting->buffer,
	    span_from_string(text), &reading);
	message_facts_get(
	    &setting->facts, setting->arena, &setting->message, SPAN(""));
	*facts = (struct signature_facts){ .signature = &setting->signature,
		.header_hashed = true };
	facts->selection.signed_fields = arena_alloc(setting->arena, header->n);
	memset(facts->selection.signed_fields, 1, header->n);
	if (open)
		facts->selection.signed_fields[header->n - 1] = 0;
}

static void
set_known_key(struct setting *setting, size_t at, const struct key_case *given)
{
	struct known_key *key = &setting->known.keys[at];

	key->first_of_key = at;
	key->grade = given->grade;
	key->flags = given->flags;
	key->forgeable_since = TIMESTAMP_NONE;
	key->observations = 1;
	key->first_seen = key->last_seen = TIMESTAMP_NONE;
	key->record.revoked = (given->defects & CANDIDATE_REVOKED) != 0;
	setting->known.revoked_seen |= key->record.revoked;
	if (given->first == 0)
		return;
	key->has_time = true;
	key->first_seen = given->first * TIMESTAMP_DAY;
	key->last_seen = given->last * TIMESTAMP_DAY;
	windows_add(
	    &key->windows, setting->arena, key->first_seen, key->last_seen);
	key->cover = key->windows;
	if (key->record.revoked)
		setting->known.revoked_first = key->first_seen;
}

void
set_keys(struct setting *setting, const struct key_case *keys, size_t n)
{
	struct signature_facts *facts = &setting->signature_facts;

	setting->known = (struct known_name){ .absent_first = TIMESTAMP_NONE,
		.revoked_first = TIMESTAMP_NONE,
		.n_keys = n };
	setting->known.keys =
	    arena_alloc_array(setting->arena, n, sizeof(*setting->known.keys));
	facts->candidates =
	    arena_alloc_array(setting->arena, n, sizeof(*facts->candidates));
	facts->n_candidates = n;
	for (size_t i = 0; i < n; i++) {
		facts->candidates[i].defects = keys[i].defects;
		facts->candidates[i].checked =
		    (keys[i].defects &
			~(unsigned)(CANDIDATE_HASH | CANDIDATE_SERVICE |
			    CANDIDATE_STRICT)) == 0;
		facts->candidates[i].check.result = keys[i].result;
		set_known_key(setting, i, &keys[i]);
	}
}

void
set_signature(struct setting *setting, const char *domain, unsigned defects)
{
	setting->signature = (struct signature){ .defects = defects,
		.domain = span_from_string(domain),
		.time = SETTING_TIME,
		.expiry = TIMESTAMP_NONE };
}

void
assert_reasons(const struct reasons *reasons, const char *want)
{
	g_autoptr(GString) got = g_string_new(NULL);

	for (size_t i = 0; i < reasons->n; i++)
		g_string_append_printf(got, "%s%s", i > 0 ? " " : "",
		    reason_row(reasons->list[i])->code);
	g_assert_cmpstr(got->str, ==, want);
}
