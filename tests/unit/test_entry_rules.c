/* test_entry_rules.c - lines of every type: taken as they are, or refused.
 * The lines are written with ' for ". */
#include "keysnap/store/entry.h"

#include <string.h>

#define HA "aa23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HB "bb23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define T1 "'2020-01-01T00:00:00Z'"
#define T2 "'2021-01-01T00:00:00Z'"

/* An observation, with members up to "kind", between "name" and "source", and
 * from "source" on. */
#define SEEN(before, kind, middle, after)                                   \
	"{" before "'kind':'" kind "',"                                     \
	"'method':'dig','name':'s._domainkey.a'," middle "'source':1" after \
	",'type':'observation'}"
#define PRESENT ",'strings':['p=']"
#define NONE    ",'time_kind':'none'"
#define FIRST   "'first':" T1 ","
#define TIMED(kind, last, time_kind)                                 \
	"{'first':" T2 ",'kind':'" kind "','last':" last             \
	",'method':'dig','name':'s._domainkey.a','precision':'day'," \
	"'source':1,'time_kind':'" time_kind "','type':'observation'}"
#define RECOVERED(messages, key, after)                                    \
	"{'kind':'recovered'," messages "'method':'gcd','name':'s.a'," key \
	"'source':1" after ",'type':'observation'}"
#define MESSAGE(hash)  "{'corpus':'c','sha256':'" hash "'}"
#define MESSAGES(a, b) "'messages':[" MESSAGE(a) "," MESSAGE(b) "],"
#define PUBLIC_KEY     "'public_key':'AAAA',"
#define SIGHTING(of, last, time_kind)                              \
	"{'first':" T1 ",'last':" last ",'of':" of                 \
	",'precision':'second','source':1,'time_kind':'" time_kind \
	"','type':'sighting'}"
#define ANNOTATION(before, kind, middle, after)                \
	"{" before "'kind':'" kind "','made':" T1 middle after \
	",'type':'annotation'}"
#define ANCHOR(before, state, after)                                        \
	"{" before "'evidence':['" HA "'],'kind':'rfc3161','made':" T2      \
	",'precision':'second'" state ",'time':" T1 ",'tool':'k 1','type':" \
	"'anchor'" after "}"
#define CHAIN(from, result, until)                                    \
	"{'evidence':['" HA "']" from ",'made':" T2                   \
	",'observation':2,'result':'" result "','tool':'k 1','type':" \
	"'chain-result'" until "}"
#define HEALTH(before, after, result, since, with)                           \
	"{'check':'shared-factor'," before "'key':'" HA "','made':" T1 after \
	",'result':'" result "'" since                                       \
	",'tool':'k 1','type':'key-health'" with "}"
#define AUDIT(below, checks)                                         \
	"{'below':" below ",'checks':" checks ",'keys':7,'made':" T1 \
	",'tool':'k 1','type':'audit'}"
#define SOURCE(before, lineage, observer)                              \
	"{" before "'file':'f','format':'zone','imported':" T1 lineage \
	",'observer':'" observer "','sha256':'" HA                     \
	"','size':0,'tool':'k 1','type':'source'}"

/* All are entry 5. */
static const struct {
	const char *name, *line;
	bool want;
} cases[] = {
	{ "source, lineage", SOURCE("", ",'lineage':['a','b']", "me"), true },
	{ "source, lineage not sorted",
	    SOURCE("", ",'lineage':['b','a']", "me"), false },
	{ "source, lineage twice", SOURCE("", ",'lineage':['a','a']", "me"),
	    false },
	{ "source, lineage empty", SOURCE("", ",'lineage':[]", "me"), false },
	{ "source, lineage of an empty text",
	    SOURCE("", ",'lineage':['']", "me"), false },
	{ "source, its own lineage", SOURCE("", ",'lineage':['me']", "me"),
	    false },
	{ "source, order of octets, not of escapes",
	    SOURCE("", ",'lineage':['~','\\\\200']", "me"), true },
	{ "source, order of escapes",
	    SOURCE("", ",'lineage':['\\\\200','~']", "me"), false },

	{ "observation", SEEN("", "present", "", PRESENT NONE), true },
	{ "without method",
	    "{'kind':'nodata','name':'a','source':1,'time_kind':'none','type':"
	    "'observation'}",
	    false },
	{ "without type of time", SEEN("", "present", "", PRESENT), false },
	{ "all members",
	    "{'bailiwick':'a','cname':['x.a'],'complete':true,'count':3,"
	    "'evidence':['" HA "'],'first':" T1
	    ",'item':1,'joined':'exact','kind':'present','last':" T1
	    ",'line':2,'lineage':['l'],'method':'pdns','name':"
	    "'s._domainkey.a','observer':'o','offset':0,'owner':'x.a',"
	    "'precision':'second','record':'4711','serial':4294967295,"
	    "'signer':'" HB "','source':1,'strings':['a',''],'time_kind':"
	    "'zone','ttl':0,'type':'observation','vantage':{'flags':['ad',"
	    "'tc'],'place':'lab','server':'::1','transport':'udp'},'warnings':"
	    "['escapes','truncated']}",
	    true },
	{ "count of none", SEEN("'count':0,", "present", "", PRESENT NONE),
	    false },
	{ "item of none", SEEN("'item':0,", "present", "", PRESENT NONE),
	    false },
	{ "serial too large",
	    SEEN("", "present", "'serial':4294967296,", PRESENT NONE), false },
	{ "offset below 0", SEEN("", "present", "'offset':-1,", PRESENT NONE),
	    false },
	{ "offset of text", SEEN("", "present", "'offset':'1',", PRESENT NONE),
	    false },
	{ "number for a text", SEEN("", "present", "'owner':1,", PRESENT NONE),
	    false },
	{ "signer no hash", SEEN("", "present", "'signer':'aa',", PRESENT NONE),
	    false },
	{ "observer empty", SEEN("", "present", "'observer':'',", PRESENT NONE),
	    false },
	{ "lineage of the source's observer",
	    "{'kind':'nodata','lineage':['l'],'method':'dig','name':'a',"
	    "'source':1,'time_kind':'none','type':'observation'}",
	    false },
	{ "warnings not sorted",
	    "{'kind':'nodata','method':'dig','name':'a','source':1,"
	    "'time_kind':'none','type':'observation','warnings':['b','a']}",
	    false },
	{ "vantage of a list",
	    "{'kind':'nodata','method':'dig','name':'a','source':1,"
	    "'time_kind':'none','type':'observation','vantage':['ad']}",
	    false },
	{ "vantage without members",
	    "{'kind':'nodata','method':'dig','name':'a','source':1,"
	    "'time_kind':'none','type':'observation','vantage':{}}",
	    false },
	{ "vantage, flags not sorted",
	    "{'kind':'nodata','method':'dig','name':'a','source':1,"
	    "'time_kind':'none','type':'observation','vantage':{'flags':"
	    "['tc','ad']}}",
	    false },
	{ "vantage, new member",
	    "{'kind':'nodata','method':'dig','name':'a','source':1,"
	    "'time_kind':'none','type':'observation','vantage':{'new':[1]}}",
	    true },
	{ "nodata, joined", SEEN("'joined':'exact',", "nodata", "", NONE),
	    false },
	{ "nodata, no time", SEEN("", "nodata", "", NONE), true },
	{ "nodata, zone", TIMED("nodata", T2, "zone"), true },
	{ "nodata, rrsig", TIMED("nodata", T2, "rrsig"), true },
	{ "nodata, observed", TIMED("nodata", T2, "observed"), true },
	{ "nodata, new kind of time", TIMED("nodata", T2, "novel"), false },
	{ "nodata, last before first", TIMED("nodata", T1, "zone"), false },
	{ "first without last",
	    SEEN(FIRST, "nodata", "'precision':'day',",
		",'time_kind':'claimed'"),
	    false },
	{ "precision without times",
	    SEEN("", "nodata", "'precision':'day',", NONE), false },

	{ "recovered", RECOVERED(MESSAGES(HA, HB), PUBLIC_KEY, NONE), true },
	{ "recovered, custody",
	    RECOVERED("'messages':[{'corpus':'c','custody':'d','sha256':'" HA
		      "'}," MESSAGE(HB) "],",
		PUBLIC_KEY, NONE),
	    true },
	{ "recovered, one message",
	    RECOVERED("'messages':[" MESSAGE(HA) "],", PUBLIC_KEY, NONE),
	    false },
	{ "recovered, one message twice",
	    RECOVERED(MESSAGES(HA, HA), PUBLIC_KEY, NONE), false },
	{ "recovered, messages not sorted",
	    RECOVERED(MESSAGES(HB, HA), PUBLIC_KEY, NONE), false },
	{ "recovered, no messages", RECOVERED("", PUBLIC_KEY, NONE), false },
	{ "recovered, no key", RECOVERED(MESSAGES(HA, HB), "", NONE), false },
	{ "recovered, key not base64",
	    RECOVERED(MESSAGES(HA, HB), "'public_key':'AAA',", NONE), false },
	{ "recovered, message without corpus",
	    RECOVERED("'messages':[{'sha256':'" HA "'}," MESSAGE(HB) "],",
		PUBLIC_KEY, NONE),
	    false },
	{ "recovered with strings",
	    RECOVERED(MESSAGES(HA, HB), PUBLIC_KEY, PRESENT NONE), false },
	{ "present with messages",
	    "{'kind':'present'," MESSAGES(
		HA, HB) "'method':'dig','name':'a','source':1" PRESENT NONE
			",'type':'observation'}",
	    false },
	{ "nodata with a key",
	    "{'kind':'nodata','method':'dig','name':'a'," PUBLIC_KEY
	    "'source':1" NONE ",'type':'observation'}",
	    false },

	{ "sighting", SIGHTING("[2,4]", T1, "observed"), true },
	{ "sighting, last before first",
	    SIGHTING("[2]", "'2019-01-01T00:00:00Z'", "observed"), false },
	{ "sighting without time", SIGHTING("[2]", T1, "none"), false },
	{ "sighting of nothing", SIGHTING("[]", T1, "observed"), false },
	{ "sighting of itself", SIGHTING("[5]", T1, "observed"), false },
	{ "sighting of one twice", SIGHTING("[2,2]", T1, "observed"), false },
	{ "sighting, not sorted", SIGHTING("[4,2]", T1, "observed"), false },

	{ "note", ANNOTATION("", "note", ",'target':[0,1]", ",'text':'x'"),
	    true },
	{ "note of a key",
	    ANNOTATION("'key':'" HA "',", "note", "", ",'text':'x'"), true },
	{ "note without text", ANNOTATION("", "note", ",'target':[2]", ""),
	    false },
	{ "note of nothing", ANNOTATION("", "note", "", ",'text':'x'"), false },
	{ "note, since",
	    ANNOTATION("", "note", ",'precision':'day','since':" T1,
		",'target':[1],'text':'x'"),
	    false },
	{ "retract", ANNOTATION("", "retract", "", ",'target':[1,2]"), true },
	{ "retract nothing", ANNOTATION("", "retract", "", ""), false },
	{ "retract the store", ANNOTATION("", "retract", "", ",'target':[0]"),
	    false },
	{ "retract a later entry",
	    ANNOTATION("", "retract", "", ",'target':[6]"), false },
	{ "retract and key",
	    ANNOTATION("'key':'" HA "',", "retract", "", ",'target':[2]"),
	    false },
	{ "compromise",
	    ANNOTATION("'key':'" HA "',", "compromise",
		",'precision':'day','reason':'breach','since':" T1, ""),
	    true },
	{ "compromise, since unknown",
	    ANNOTATION("'key':'" HA "',", "compromise", "", ""), true },
	{ "compromise under a name",
	    ANNOTATION("'key':'" HA "',", "compromise", ",'name':'a.b'", ""),
	    true },
	{ "compromise of no key", ANNOTATION("", "compromise", "", ""), false },
	{ "compromise of entries",
	    ANNOTATION("'key':'" HA "',", "compromise", "", ",'target':[2]"),
	    false },
	{ "compromise, no precision",
	    ANNOTATION("'key':'" HA "',", "compromise", ",'since':" T1, ""),
	    false },
	{ "published",
	    ANNOTATION("'evidence':['" HB "'],'key':'" HA "',",
		"private-key-published", "", ""),
	    true },
	{ "annotation of unknown kind",
	    ANNOTATION("", "novel", "", ",'target':[2]"), false },

	{ "anchor of a state", ANCHOR("", ",'root':'" HA "','size':5", ""),
	    true },
	{ "anchor of a digest", ANCHOR("'digest':'" HA "',", "", ""), true },
	{ "anchor with all",
	    ANCHOR("'authority':'t','digest':'" HA "',", "", ",'until':" T2),
	    true },
	{ "anchor of nothing", ANCHOR("", "", ""), false },
	{ "anchor of both",
	    ANCHOR("'digest':'" HA "',", ",'root':'" HA "','size':5", ""),
	    false },
	{ "anchor without root", ANCHOR("", ",'size':5", ""), false },
	{ "anchor without size", ANCHOR("", ",'root':'" HA "'", ""), false },
	{ "anchor of no entries", ANCHOR("", ",'root':'" HA "','size':0", ""),
	    false },
	{ "anchor of later entries",
	    ANCHOR("", ",'root':'" HA "','size':6", ""), false },

	{ "chain, secure", CHAIN(",'from':" T1, "secure", ",'until':" T2),
	    true },
	{ "chain, one second", CHAIN(",'from':" T1, "secure", ",'until':" T1),
	    true },
	{ "chain, bogus", CHAIN("", "bogus", ""), true },
	{ "chain, secure for ever", CHAIN("", "secure", ""), false },
	{ "chain, never valid", CHAIN(",'from':" T2, "secure", ",'until':" T1),
	    false },
	{ "chain, from without until", CHAIN(",'from':" T1, "bogus", ""),
	    false },
	{ "chain, until without from", CHAIN("", "bogus", ",'until':" T1),
	    false },
	{ "chain, other result", CHAIN("", "novel", ""), false },

	{ "health", HEALTH("", "", "good", "", ""), true },
	{ "health, factor",
	    HEALTH("'factor':'1f',", ",'precision':'year'", "bad",
		",'since':" T1, ",'with':['" HB "']"),
	    true },
	{ "health, factor of a good key",
	    HEALTH("'factor':'1f',", "", "good", "", ""), false },
	{ "health, factor with a zero",
	    HEALTH("'factor':'01f',", "", "bad", "", ""), false },
	{ "health, factor in capitals",
	    HEALTH("'factor':'1F',", "", "bad", "", ""), false },
	{ "health, with itself",
	    HEALTH("", "", "bad", "", ",'with':['" HA "']"), false },
	{ "health, since without precision",
	    HEALTH("", "", "bad", ",'since':" T1, ""), false },

	{ "audit", AUDIT("5", "['a','b']"), true },
	{ "audit of nothing", AUDIT("0", "['a']"), false },
	{ "audit of later entries", AUDIT("6", "['a']"), false },
	{ "audit without checks", AUDIT("5", "[]"), false },
	{ "audit, check twice", AUDIT("5", "['a','a']"), false },
};

static char *
line_of(const char *text)
{
	return g_strdelimit(g_strdup(text), "'", '"');
}

/* What is taken is also written again as it was. */
static void
test_case(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) again = g_string_new(NULL);
	g_autofree char *line = line_of(cases[i].line);
	const char *why = NULL;
	struct entry entry;
	bool ok = entry_parse(&entry, arena, span_from_string(line), 5, &why);

	if (!ok)
		g_test_message("%s", why);
	g_assert_true(ok == cases[i].want);
	g_assert_true(ok || why != NULL);
	/* A line that is not canonical would be refused for that alone. */
	g_assert_true(ok || strstr(why, "canonical") == NULL);
	if (!ok || strstr(line, "new") != NULL)
		return;
	g_assert_true(entry_check(&entry, arena, 5, &why));
	entry_write(again, &entry);
	if (strstr(line, "\"strings\"") == NULL ||
	    strstr(line, "\"joined\"") != NULL)
		g_assert_cmpstr(again->str, ==, line);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
		    g_strdup_printf("/entry-rules/%s", cases[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
	}
	return g_test_run();
}
