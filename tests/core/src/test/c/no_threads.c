/* With LD_PRELOAD no thread can be made while the file $NO_THREADS exists. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *argument) {
    const char *file = getenv("NO_THREADS");
    if (file != NULL && access(file, F_OK) == 0) {
        return EAGAIN;
    }
    create_fn *create = (create_fn *)dlsym(RTLD_NEXT, "pthread_create");
    return create(thread, attributes, start, argument);
}
