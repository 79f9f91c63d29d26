/*
 * json_tree.h - one JSON text (RFC 8259) as a tree in an arena.
 *
 * For input of millions of lines: strings without escapes are borrowed from
 * the text, nothing is hashed and nothing freed one by one, which takes a
 * fifth of the time of jansson.  As strict as jansson with
 * JSON_REJECT_DUPLICATES: UTF-8 only, no lone surrogates, no member twice,
 * nothing behind the value.
 */
#ifndef KEYSNAP_BASE_JSON_TREE_H
#define KEYSNAP_BASE_JSON_TREE_H

#include "keysnap/base/arena.h"

#define JSON_TREE_DEPTH_MAX 16 /* JSON_DEPTH_MAX of json.h */

enum json_node_type {
	JSON_NODE_NULL,
	JSON_NODE_FALSE,
	JSON_NODE_TRUE,
	JSON_NODE_INTEGER, /* written without fraction and exponent, and it
			      fits into 64 bits */
	JSON_NODE_NUMBER,  /* any other number */
	JSON_NODE_STRING,
	JSON_NODE_ARRAY,
	JSON_NODE_OBJECT
};

struct json_node {
	enum json_node_type type;
	struct span name;    /* in an object: of the member, decoded */
	struct span text;    /* of a string: decoded; of a number: as written */
	int64_t integer;     /* of JSON_NODE_INTEGER */
	size_t n;	     /* elements of an array, members of an object */
	const struct json_node *first; /* of these, in the order of the text */
	const struct json_node *next;  /* of the same array or object */
};

/*
 * Parse "text", all of it.  NULL with *why_out, a static text, when it is not
 * JSON as above or nests deeper than JSON_TREE_DEPTH_MAX.  The nodes live in
 * "arena" and borrow from "text".
 */
const struct json_node *json_tree_parse(struct arena *arena, struct span text,
    const char **why_out);

/* The same of a line that must be an object in canonical form (RFC 8785, as
 * json.h has it), with no NUL in the name of a member. */
const struct json_node *json_tree_parse_canonical(struct arena *arena,
    struct span line, const char **why_out);

/* The same of a line that must be an object. */
const struct json_node *json_tree_parse_object(struct arena *arena,
    struct span line, const char **why_out);

/* The member "name" of "object", or NULL when it has none or is null. */
const struct json_node *json_tree_get(const struct json_node *object,
    const char *name);

/* Is "node" (NULL allowed) a string? */
bool json_tree_is_string(const struct json_node *node);

#endif
