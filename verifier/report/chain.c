/*
 * chain.c - how records and run.json name a member inside containers.
 */
#include "verifier/report/chain.h"

void
chain_write(
    struct json_writer *writer, const struct chain_link *chain, size_t n)
{
	if (n == 0)
		return;
	json_open_array(writer, "chain");
	for (size_t i = 0; i < n; i++) {
		json_open_object(writer, NULL);
		json_write_string(writer, "format", chain[i].format);
		if (chain[i].name.p == NULL)
			json_write_null(writer, "member");
		else
			json_write_text(
			    writer, "member", "member_b64", chain[i].name);
		json_write_integer(writer, "number", (int64_t)chain[i].number);
		json_close_object(writer);
	}
	json_close_array(writer);
}

void
chain_write_member(
    struct json_writer *writer, const struct chain_link *chain, size_t n)
{
	g_autoptr(GString) joined = NULL;

	for (size_t i = 0; i < n; i++) {
		if (chain[i].name.p == NULL)
			continue;
		if (joined == NULL)
			joined = g_string_new(NULL);
		else
			g_string_append_c(joined, '!');
		g_string_append_len(joined, (const char *)chain[i].name.p,
		    (gssize)chain[i].name.n);
	}
	if (joined == NULL)
		json_write_null(writer, "member");
	else
		json_write_text(writer, "member", "member_b64",
		    (struct span){ (const uint8_t *)joined->str, joined->len });
}
