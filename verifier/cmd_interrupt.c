/* cmd_interrupt.c - see cmd_interrupt.h. */
#include "verifier/cmd_interrupt.h"

#include <signal.h>

/* Set by the signal handler; the run asks between batches. */
static volatile sig_atomic_t signalled;

static void
on_signal(int number)
{
	(void)number;
	signalled = 1;
}

void
interrupt_catch(void)
{
	struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESTART | (int)SA_RESETHAND,
	};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool
interrupt_came(void)
{
	return signalled != 0;
}
