#include "thread.h"

#include <signal.h>

/* Since glibc 2.34 these functions have a second version, which an older glibc lacks. */
#ifdef KA_SYMBOLS_OF_OLD_GLIBC
#if defined(__x86_64__)
#define KA_OLDEST_GLIBC "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define KA_OLDEST_GLIBC "GLIBC_2.17"
#endif
#if defined(__GLIBC__) && defined(KA_OLDEST_GLIBC)
__asm__(".symver pthread_create,pthread_create@" KA_OLDEST_GLIBC);
__asm__(".symver pthread_join,pthread_join@" KA_OLDEST_GLIBC);
__asm__(".symver pthread_attr_setstacksize,pthread_attr_setstacksize@" KA_OLDEST_GLIBC);
__asm__(".symver pthread_attr_getstack,pthread_attr_getstack@" KA_OLDEST_GLIBC);
__asm__(".symver pthread_getattr_np,pthread_getattr_np@" KA_OLDEST_GLIBC);
#endif
#endif

/* Enough for the buffers of a wait and the C library, also under a sanitizer. */
#define STACK_SIZE (256 * 1024)

int ka_thread_start(pthread_t *thread, void *(*run)(void *), void *argument) {
    pthread_attr_t attributes;
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    int result = pthread_attr_init(&attributes);
    if (result == 0) {
        pthread_attr_setstacksize(&attributes, STACK_SIZE);
        sigprocmask(SIG_SETMASK, &all, &before); /* of this thread alone; in libc also before glibc 2.32 */
        result = pthread_create(thread, &attributes, run, argument);
        sigprocmask(SIG_SETMASK, &before, NULL);
        pthread_attr_destroy(&attributes);
    }
    return -result;
}

void ka_thread_join(pthread_t thread) {
    pthread_join(thread, NULL);
}

int ka_thread_stack(uintptr_t *start, size_t *size) {
    pthread_attr_t attributes;
    void *lowest;
    int result = pthread_getattr_np(pthread_self(), &attributes);
    if (result == 0) {
        result = pthread_attr_getstack(&attributes, &lowest, size);
        *start = (uintptr_t)lowest;
        pthread_attr_destroy(&attributes);
    }
    return -result;
}
