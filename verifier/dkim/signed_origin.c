/* signed_origin.c - the words for enum signed_origin. */
#include "verifier/dkim/facts.h"

const char *
signed_origin_name(enum signed_origin origin)
{
	static const char *const names[] = {
		[SIGNED_COPIED] = "copied",
		[SIGNED_FIELD] = "field",
		[SIGNED_TAG] = "tag",
		[SIGNED_REPLY] = "reply",
		[SIGNED_ENCODING] = "encoding",
		[SIGNED_SPELLING] = "spelling",
		[SIGNED_TIME] = "time",
		[SIGNED_ABSENT] = "absent",
		[SIGNED_MESSAGE] = "message",
	};

	G_STATIC_ASSERT(G_N_ELEMENTS(names) == SIGNED_ORIGINS);
	return names[origin];
}
