#include "realtime.h"

#include "clock.h"
#include "keepalive4j.h"
#include "memory_lock.h"
#include "mutex.h"
#include "thread.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The detector runs at one above the caller's priority, the watchdog at one above that. */
#define WATCHDOG_ABOVE 2

/* A thread that uses more than half of a CPU in five periods in a row is demoted. */
#define PERIOD_MS 200
#define BUSY_PERIODS 5

struct thread {
    struct thread *next;
    pid_t id;
    int64_t used_ns; /* CPU time at the last look */
    int busy;        /* periods in a row */
    int demoted;
};

static pthread_mutex_t users_lock; /* taken before the next one, and never by the watchdog */
static pthread_mutex_t threads_lock;
static int users; /* guarded by users_lock, as are the next three */
static int watchdog_priority;
static int ending_fd;
static pthread_t watchdog;
static struct thread *threads; /* guarded by threads_lock */
static atomic_int demotions;
static atomic_int refusals;

/* Before any call: the C library has no initializer for such mutexes. */
__attribute__((constructor)) static void init_locks(void) {
    ka_mutex_init_inheriting(&users_lock);
    ka_mutex_init_inheriting(&threads_lock);
}

static int bounded(int priority) {
    return priority < KA_REALTIME_MAX - WATCHDOG_ABOVE ? priority : KA_REALTIME_MAX - WATCHDOG_ABOVE;
}

/*
 * The flag must be kept: without privilege the kernel doesn't let it be taken away. By its number, because
 * musl's sched_setscheduler(3) refuses with ENOSYS.
 */
static int schedule(pid_t id, int policy, int priority) {
    struct sched_param parameter = {.sched_priority = priority};
    return (int)syscall(SYS_sched_setscheduler, id, policy | SCHED_RESET_ON_FORK, &parameter) < 0 ? -errno
                                                                                                  : 0;
}

static pid_t own_id(void) {
    return (pid_t)syscall(SYS_gettid);
}

/* The kernel's number for the CPU clock of a thread (CPUCLOCK_PERTHREAD, CPUCLOCK_SCHED). */
static int64_t cpu_time_ns(pid_t id) {
    struct timespec used;
    clockid_t clock = (clockid_t)(~(unsigned)id << 3 | 6U);
    return clock_gettime(clock, &used) < 0 ? 0 : used.tv_sec * KA_NS_PER_S + used.tv_nsec;
}

static void look_at(struct thread *thread, int64_t elapsed_ns) {
    int64_t before_ns = thread->used_ns;
    thread->used_ns = cpu_time_ns(thread->id);
    thread->busy = thread->used_ns - before_ns > elapsed_ns / 2 ? thread->busy + 1 : 0;
    if (thread->busy >= BUSY_PERIODS && !thread->demoted) {
        thread->demoted = schedule(thread->id, SCHED_OTHER, 0) == 0;
        atomic_fetch_add(&demotions, thread->demoted);
    }
}

static void look_at_all(int64_t elapsed_ns) {
    pthread_mutex_lock(&threads_lock);
    for (struct thread *thread = threads; thread != NULL; thread = thread->next) {
        look_at(thread, elapsed_ns);
    }
    pthread_mutex_unlock(&threads_lock);
}

static void *watch_threads(void *argument) {
    struct pollfd ending = {.fd = *(int *)argument, .events = POLLIN};
    int64_t before_ns = ka_now_ns();
    prctl(PR_SET_NAME, "ka-watchdog");
    while (poll(&ending, 1, PERIOD_MS) <= 0) {
        int64_t now_ns = ka_now_ns();
        look_at_all(now_ns - before_ns);
        before_ns = now_ns;
    }
    return NULL;
}

static int start_watchdog(void) {
    ending_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (ending_fd < 0) {
        return -errno;
    }
    int result = ka_thread_start(&watchdog, watch_threads, &ending_fd);
    if (result < 0) {
        close(ending_fd);
    }
    watchdog_priority = 0;
    return result;
}

static void end_watchdog(void) {
    eventfd_write(ending_fd, 1);
    ka_thread_join(watchdog);
    close(ending_fd);
}

/* The watchdog is above the threads that it looks at. */
static int raise_watchdog(int priority) {
    struct sched_param parameter = {.sched_priority = priority};
    if (priority <= watchdog_priority) {
        return 0;
    }
    int result = pthread_setschedparam(watchdog, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameter);
    if (result == 0) {
        watchdog_priority = priority;
    }
    return -result;
}

/* At the limit the kernel sends SIGXCPU, which ends the process, to whatever spins. */
static int check_cpu_time_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_RTTIME, &limit) < 0) {
        return -errno;
    }
    return limit.rlim_cur < KA_REALTIME_LEAST_RTTIME_US ? -EPERM : 0;
}

static int lock_memory(void) {
    int result = ka_memory_lock_code();
    return result == 0 ? ka_memory_try_stacks() : result;
}

static int add_user(int priority, int32_t *failed) {
    *failed = KA_REALTIME_THREAD;
    int result = users == 0 ? start_watchdog() : 0;
    if (result < 0) {
        return result;
    }
    *failed = KA_REALTIME_SCHEDULING;
    result = raise_watchdog(bounded(priority) + WATCHDOG_ABOVE);
    if (result == 0) {
        *failed = KA_REALTIME_MEMORY;
        result = lock_memory();
    }
    if (result == 0) {
        *failed = KA_REALTIME_CPU_TIME;
        result = check_cpu_time_limit();
    }
    if (result < 0 && users == 0) {
        ka_memory_unlock_code();
        end_watchdog();
    }
    users += result == 0;
    return result;
}

int ka_realtime_hold(int priority, int32_t *failed) {
    pthread_mutex_lock(&users_lock);
    int result = add_user(priority, failed);
    pthread_mutex_unlock(&users_lock);
    return result;
}

void ka_realtime_release(void) {
    pthread_mutex_lock(&users_lock);
    users--;
    if (users == 0) {
        end_watchdog();
        ka_memory_unlock_code();
    }
    pthread_mutex_unlock(&users_lock);
}

/* Returns 0 if nobody uses real time: then there is no watchdog. */
static int join_users(void) {
    pthread_mutex_lock(&users_lock);
    int joined = users > 0;
    users += joined;
    pthread_mutex_unlock(&users_lock);
    return joined;
}

static void put_under_watch(struct thread *thread) {
    thread->id = own_id();
    thread->used_ns = cpu_time_ns(thread->id);
    pthread_mutex_lock(&threads_lock);
    thread->next = threads;
    threads = thread;
    pthread_mutex_unlock(&threads_lock);
}

static struct thread *take_from_watch(void) {
    pid_t id = own_id();
    pthread_mutex_lock(&threads_lock);
    struct thread **link = &threads;
    while (*link != NULL && (*link)->id != id) {
        link = &(*link)->next;
    }
    struct thread *found = *link;
    if (found != NULL) {
        *link = found->next;
    }
    pthread_mutex_unlock(&threads_lock);
    return found;
}

static int begin(int priority) {
    struct thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL) {
        return -ENOMEM;
    }
    int result = ka_memory_lock_stack();
    put_under_watch(thread); /* before it can spin */
    if (result == 0) {
        result = schedule(0, SCHED_FIFO, priority);
    }
    if (result < 0) {
        free(take_from_watch());
        ka_memory_unlock_stack();
    }
    return result;
}

int ka_realtime_begin(int priority, int above) {
    if (priority < 1 || priority > KA_REALTIME_MAX) {
        return -EINVAL;
    }
    if (!join_users()) {
        return -ESRCH;
    }
    int result = begin(bounded(priority) + above);
    if (result < 0) {
        ka_realtime_release();
    }
    return result;
}

int ka_realtime_enter(int priority) {
    return ka_realtime_begin(priority, 0);
}

int ka_realtime_leave(void) {
    struct thread *thread = take_from_watch();
    if (thread == NULL) {
        return -ESRCH;
    }
    int demoted = thread->demoted;
    schedule(0, SCHED_OTHER, 0);
    free(thread);
    ka_memory_unlock_stack();
    ka_realtime_release();
    return demoted;
}

void ka_realtime_count_refusal(void) {
    atomic_fetch_add(&refusals, 1);
}

int ka_realtime_refusals(void) {
    return atomic_load(&refusals);
}

int ka_realtime_demotions(void) {
    return atomic_load(&demotions);
}
