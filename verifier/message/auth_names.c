/* auth_names.c - the words of records for what auth_results.c finds. */
#include "verifier/message/auth_results.h"

const char *
auth_defect_name(enum auth_defect defect)
{
	static const char *const names[AUTH_DEFECTS] = {
		[AUTH_EMPTY] = "empty",
		[AUTH_BAD_INSTANCE] = "bad-instance",
		[AUTH_BAD_OCTET] = "bad-octet",
		[AUTH_BAD_COMMENT] = "bad-comment",
		[AUTH_DEEP_COMMENT] = "deep-comment",
		[AUTH_BAD_QUOTED] = "bad-quoted",
		[AUTH_NO_NAME] = "no-name",
		[AUTH_NO_EQUALS] = "no-equals",
		[AUTH_LONG_WORD] = "long-word",
	};

	return names[defect];
}

const char *
auth_liberty_name(unsigned at)
{
	static const char *const names[AUTH_LIBERTIES] = { "no-server",
		"stray-word", "empty-result", "no-results", "none-beside",
		"bare-property", "odd-name", "odd-value", "no-value",
		"late-reason" };

	return names[at];
}
