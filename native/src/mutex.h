#ifndef KA_MUTEX_H
#define KA_MUTEX_H

#include <pthread.h>

/* Makes a mutex whose holder has the priority of those that wait for it. So a thread without a CPU doesn't
 * keep a real-time thread waiting. Where the kernel has no such mutex it is a usual one. Returns 0 or -errno.
 */
int ka_mutex_init_inheriting(pthread_mutex_t *mutex);

#endif
