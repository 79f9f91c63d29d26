/*
 * merge_note.c - entries about another log as a whole, as notes.
 * Limit: ENTRY_NOTE_MAX octets of text; what is longer is cut, and says so.
 */
#include "keysnap/store/merge_note.h"

#include "keysnap/base/digest.h"

#include <string.h>

static const char cut_mark[] = " [cut]";

static void
append_span(GString *out, struct span text)
{
	g_string_append_len(out, (const char *)text.p, (gssize)text.n);
}

/* "ORIGIN" of N entries with the root HEX */
static void
append_log(
    GString *out, struct span origin, uint64_t size, const uint8_t root[32])
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ root, 32 }, hex);
	g_string_append_c(out, '"');
	append_span(out, origin);
	g_string_append_printf(
	    out, "\" of %" PRIu64 " entries with the root %s", size, hex);
}

static struct entry_annotation *
begin(struct entry *note, const char *reason, int64_t made,
    struct entry_numbers target)
{
	entry_init(note, ENTRY_ANNOTATION);
	note->annotation.kind = ANNOTATION_NOTE;
	note->annotation.reason = span_from_string(reason);
	note->annotation.made = made;
	note->annotation.target = target;
	return &note->annotation;
}

static void
set_text(struct entry *note, struct arena *arena, GString *text)
{
	if (text->len > ENTRY_NOTE_MAX) {
		g_string_truncate(
		    text, ENTRY_NOTE_MAX - (sizeof(cut_mark) - 1));
		g_string_append(text, cut_mark);
	}
	note->annotation.text = arena_copy(
	    arena, (struct span){ (const uint8_t *)text->str, text->len });
}

void
merge_note_anchor(struct entry *note, struct arena *arena,
    const struct merge_log *log, const struct entry_anchor *anchor,
    struct entry_numbers target)
{
	g_autoptr(GString) text = g_string_new("anchor of another log, ");
	char at[TIMESTAMP_SIZE];

	begin(note, MERGE_FOREIGN_ANCHOR, anchor->made, target);
	note->annotation.evidence = anchor->evidence;
	append_log(text, log->origin, anchor->size, anchor->root);
	timestamp_format(anchor->time, at);
	g_string_append_printf(text,
	    ", which had these sources: it existed at the latest %s (to the "
	    "%s), by %s",
	    at, timestamp_precision_name(anchor->precision),
	    anchor_kind_name(anchor->kind));
	if (anchor->authority.n > 0) {
		g_string_append(text, " of ");
		append_span(text, anchor->authority);
	}
	if (anchor->until != TIMESTAMP_NONE) {
		timestamp_format(anchor->until, at);
		g_string_append_printf(text, ", certificate until %s", at);
	}
	g_string_append(text, "; checked by ");
	append_span(text, anchor->tool);
	set_text(note, arena, text);
}

void
merge_note_audit(struct entry *note, struct arena *arena,
    const struct merge_log *log, const struct entry_audit *audit,
    struct entry_numbers target)
{
	g_autoptr(GString) text = g_string_new("audit of another log, \"");

	begin(note, MERGE_FOREIGN_AUDIT, audit->made, target);
	note->annotation.evidence = audit->evidence;
	append_span(text, log->origin);
	g_string_append_printf(text,
	    "\", which had these sources: %" PRIu64
	    " keys of its first %" PRIu64 " entries, by ",
	    audit->keys, audit->below);
	append_span(text, audit->tool);
	g_string_append(text, "; checks:");
	for (size_t i = 0; i < audit->checks.n; i++) {
		g_string_append_c(text, ' ');
		append_span(text, audit->checks.items[i]);
	}
	set_text(note, arena, text);
}

void
merge_note_note(struct entry *note, struct arena *arena,
    const struct merge_log *log, const struct entry_annotation *annotation,
    struct entry_numbers target)
{
	g_autoptr(GString) text = g_string_new("on another log, \"");

	entry_init(note, ENTRY_ANNOTATION);
	note->annotation = *annotation;
	note->annotation.target = target;
	note->name = annotation->name;
	append_span(text, log->origin);
	g_string_append(text, "\", which had these sources: ");
	append_span(text, annotation->text);
	set_text(note, arena, text);
	if (annotation->reason.n == 0)
		note->annotation.reason = SPAN(MERGE_FOREIGN_NOTE);
}

void
merge_note_copied(struct entry *note, struct arena *arena,
    const struct merge_log *log, const struct merge_options *options,
    struct entry_numbers target)
{
	g_autoptr(GString) text = g_string_new("copied from the log ");

	begin(note, MERGE_REASON, options->made, target);
	note->annotation.operator= options->operator;
	append_log(text, log->origin, log->size, log->root);
	g_string_append_printf(text, ", %s", log->vouched);
	set_text(note, arena, text);
}
