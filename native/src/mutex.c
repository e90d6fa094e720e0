#include "mutex.h"

#include <errno.h>

/* As in thread.c: glibc 2.34 has a second version of these. */
#ifdef KA_SYMBOLS_OF_OLD_GLIBC
#if defined(__x86_64__)
#define KA_OLDEST_GLIBC "GLIBC_2.2.5"
#define KA_OLDEST_PROTOCOL "GLIBC_2.4"
#elif defined(__aarch64__)
#define KA_OLDEST_GLIBC "GLIBC_2.17"
#define KA_OLDEST_PROTOCOL "GLIBC_2.17"
#endif
#if defined(__GLIBC__) && defined(KA_OLDEST_GLIBC)
__asm__(".symver pthread_mutexattr_init,pthread_mutexattr_init@" KA_OLDEST_GLIBC);
__asm__(".symver pthread_mutexattr_destroy,pthread_mutexattr_destroy@" KA_OLDEST_GLIBC);
__asm__(".symver pthread_mutexattr_setprotocol,pthread_mutexattr_setprotocol@" KA_OLDEST_PROTOCOL);
#endif
#endif

int ka_mutex_init_inheriting(pthread_mutex_t *mutex) {
    pthread_mutexattr_t attributes;
    int result = pthread_mutexattr_init(&attributes);
    if (result == 0) {
        pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
        result = pthread_mutex_init(mutex, &attributes);
        pthread_mutexattr_destroy(&attributes);
    }
    return result == ENOTSUP ? -pthread_mutex_init(mutex, NULL) : -result;
}
