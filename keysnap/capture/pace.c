/*
 * pace.c - not more messages a second than were allowed.
 */
#include "keysnap/capture/pace.h"
#include "keysnap/base/span_key.h"

struct known {
	gint64 slot;       /* when the next message may go */
	gint64 down_until; /* 0: it is not */
	unsigned failures; /* in a row */
};

struct pace {
	unsigned rate, server_rate;
	GMutex lock;
	gint64 slot;
	GHashTable *servers; /* text -> struct known */
};

struct pace *
pace_new(unsigned rate, unsigned server_rate)
{
	struct pace *pace = g_new0(struct pace, 1);

	pace->rate = rate;
	pace->server_rate = server_rate;
	g_mutex_init(&pace->lock);
	pace->servers =
	    g_hash_table_new_full(string_key_hash, g_str_equal, g_free, g_free);
	return pace;
}

void
pace_free(struct pace *pace)
{
	if (pace == NULL)
		return;
	g_hash_table_destroy(pace->servers);
	g_mutex_clear(&pace->lock);
	g_free(pace);
}

static gboolean
is_idle(gpointer key, gpointer value, gpointer user)
{
	const struct known *known = value;
	const gint64 *now = user;

	(void)key;
	return known->slot <= *now;
}

static struct known *
known_of(struct pace *pace, const struct dns_server *server, gint64 now)
{
	struct known *known = g_hash_table_lookup(pace->servers, server->text);

	if (known != NULL)
		return known;
	if (g_hash_table_size(pace->servers) >= PACE_SERVERS_MAX)
		g_hash_table_foreach_remove(pace->servers, is_idle, &now);
	known = g_new0(struct known, 1);
	g_hash_table_insert(pace->servers, g_strdup(server->text), known);
	return known;
}

static gint64
take_slot(gint64 *slot, unsigned rate, gint64 now)
{
	gint64 at = MAX(now, *slot);

	if (rate == 0)
		return now;
	*slot = at + G_USEC_PER_SEC / rate;
	return at;
}

gint64
pace_next(struct pace *pace, const struct dns_server *server, gint64 now)
{
	gint64 at = now, all;

	if (pace->rate == 0 && pace->server_rate == 0)
		return now;
	g_mutex_lock(&pace->lock);
	if (pace->server_rate > 0)
		at = take_slot(
		    &known_of(pace, server, now)->slot, pace->server_rate, now);
	all = take_slot(&pace->slot, pace->rate, now);
	g_mutex_unlock(&pace->lock);
	return MAX(at, all);
}

void
pace_report(struct pace *pace, const struct dns_server *server, bool answered,
    gint64 now)
{
	struct known *known;

	g_mutex_lock(&pace->lock);
	known = known_of(pace, server, now);
	known->failures = answered ? 0 : known->failures + 1;
	known->down_until =
	    known->failures >= PACE_FAILURES_MAX ? now + PACE_DOWN : 0;
	g_mutex_unlock(&pace->lock);
}

bool
pace_is_down(struct pace *pace, const struct dns_server *server, gint64 now)
{
	const struct known *known;
	bool down;

	g_mutex_lock(&pace->lock);
	known = g_hash_table_lookup(pace->servers, server->text);
	down = known != NULL && known->down_until > now;
	g_mutex_unlock(&pace->lock);
	return down;
}
