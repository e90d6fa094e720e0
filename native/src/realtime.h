#ifndef KA_REALTIME_H
#define KA_REALTIME_H

#include <stdint.h>

/*
 * Real-time scheduling, of the threads that ask for it. A watchdog's thread looks at the CPU time that they
 * use. It takes real time from a thread that spins, which could otherwise hang the machine.
 */

/* Starts the watchdog, or joins it, and locks the code in memory. Returns 0, or -errno with *failed the enum
 * ka_realtime_step. ka_realtime_release has to follow a success. */
int ka_realtime_hold(int priority, int32_t *failed);

void ka_realtime_release(void);

/* Counts a monitor's own thread that has to go on as a normal one. */
void ka_realtime_count_refusal(void);

/* Makes the calling thread real-time, at `above` more than the priority. Returns 0 or -errno. */
int ka_realtime_begin(int priority, int above);

#endif
