#ifndef NAMESPACE_H
#define NAMESPACE_H

#include <stdint.h>

/*
 * Moves the process into its own network namespace, which has only a loopback device. The kernel removes the
 * namespace when the process ends. Without the privilege the test is skipped; with CI=true in the environment
 * it fails.
 */
void enter_own_namespace(void);

/* Runs a command. The test fails if the command fails. */
void run(const char *command);

/* Drops all segments from and to the port from now on, as a cut cable does. */
void cut_port(uint16_t port);

/* Answers segments to the port with ICMP's "host unreachable" from now on. */
void reject_port(uint16_t port);

/* Lets segments from and to the port pass again; the cuts of others go on. */
void mend_port(uint16_t port);

/* Undoes all cuts and rejects. */
void mend(void);

#endif
