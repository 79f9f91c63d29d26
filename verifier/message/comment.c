/* comment.c - see comment.h. */
#include "verifier/message/comment.h"

size_t
rfc5322_comment_length(struct span text)
{
	size_t depth = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\\')
			i++;
		else if (text.p[i] == '(' && ++depth > COMMENT_DEPTH)
			return 0;
		else if (text.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}
