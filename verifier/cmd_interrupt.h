/*
 * cmd_interrupt.h - SIGINT and SIGTERM end a run cleanly.
 */
#ifndef VERIFIER_CMD_INTERRUPT_H
#define VERIFIER_CMD_INTERRUPT_H

#include <stdbool.h>

/* From now on the first signal ends the run after the batch that is being
 * read; the second one ends the process. */
void interrupt_catch(void);

/* Did a signal come? */
bool interrupt_came(void);

#endif
