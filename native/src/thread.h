#ifndef KA_THREAD_H
#define KA_THREAD_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* Starts a thread that takes no signals: the caller's language may handle them on its own threads only.
 * Returns 0 or -errno; -EAGAIN means that there is no further thread. */
int ka_thread_start(pthread_t *thread, void *(*run)(void *), void *argument);

void ka_thread_join(pthread_t thread);

/* Finds the calling thread's stack. Returns 0 or -errno. The main thread's grows: not all of it is mapped. */
int ka_thread_stack(uintptr_t *start, size_t *size);

#endif
