/*
 * record_shape.h - the shape of a record, as tables: what verifier.5 says of
 * each member, one row per member.
 */
#ifndef VERIFIER_REPORT_RECORD_SHAPE_H
#define VERIFIER_REPORT_RECORD_SHAPE_H

enum member_kind {
	KIND_TEXT,   /* any string */
	KIND_BASE64, /* one spelling only */
	KIND_TIME,   /* "2016-10-31T00:00:00Z" */
	KIND_SHA256, /* 64 lower-case hex digits */
	KIND_COUNT,  /* an integer, not negative */
	KIND_BOOL,
	KIND_TEXTS,  /* an array of strings */
	KIND_COUNTS, /* an array of integers, not negative */
	KIND_OBJECT, /* of the members given */
	KIND_OBJECTS /* an array of such objects */
};

enum member_need { NEED_VALUE, NEED_OR_NULL, NEED_NOT, NEED_OPTIONAL };

struct member {
	const char *name; /* NULL ends the table */
	enum member_kind kind;
	enum member_need need; /* NEED_NOT: may be absent, but never null;
			   NEED_OPTIONAL: may be both */
	const struct member *members;
};

/* The members of the first line of results.jsonl, and of all others.  Members
 * that are not in the tables are kept and not looked at. */
extern const struct member record_header_shape[];
extern const struct member record_message_shape[];

#endif
