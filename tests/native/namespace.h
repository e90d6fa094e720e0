#ifndef NAMESPACE_H
#define NAMESPACE_H

#include <stdint.h>

/*
 * Moves the process into a network namespace of its own, with nothing but a loopback device. It goes with the
 * process, so nothing is left behind however the test ends. Without the privilege the test ends as skipped,
 * or as failed where the environment says CI=true.
 */
void enter_own_namespace(void);

/* Runs a command and fails the test unless it succeeds. */
void run(const char *command);

/* From now on segments from and to the port vanish on their way, as behind a cut cable. */
void cut_port(uint16_t port);

/* From now on segments to the port are answered with ICMP's "host unreachable". */
void reject_port(uint16_t port);

/* Undoes every cut and every reject. */
void mend(void);

#endif
