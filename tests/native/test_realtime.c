/*
 * Real-time threads: how the kernel schedules them, what is locked in memory, what happens to one that spins,
 * and what is refused without privilege.
 */
#include "loopback.h"

#include "check.h"
#include "set.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS 1000000LL
#define PRIORITY 10
#define NOBODY 65534
#define MAX_SPIN_NS (10000 * MS)  /* the watchdog takes 1 to 1.4 s */
#define MODERATE_NS (2500 * MS)   /* longer than that */
#define MODERATE_BUSY_NS (5 * MS) /* of 20 ms, so a quarter */
#define MANY_BYTES (1LL << 30)
#define MIB (1UL << 20)
#define STACK_SIZE (1LL << 20)

static const struct ka_watch_config PROBING = {.role = KA_ROLE_BACKUP,
                                               .liveness = KA_LIVENESS_HOST,
                                               .probe_interval_ns = 20 * MS,
                                               .probe_deadline_ns = 5000 * MS};

static pid_t own_id(void) {
    return (pid_t)syscall(SYS_gettid);
}

static int policy_of(pid_t id) {
    int policy = (int)syscall(SYS_sched_getscheduler, id);
    CHECK_GE(policy, 0);
    return policy;
}

static int priority_of(pid_t id) {
    struct sched_param parameter;
    CHECK_EQ(syscall(SYS_sched_getparam, id, &parameter), 0);
    return parameter.sched_priority;
}

static void check_realtime(pid_t id, int priority) {
    CHECK_EQ(policy_of(id), SCHED_FIFO | SCHED_RESET_ON_FORK);
    CHECK_EQ(priority_of(id), priority);
}

static int is_normal(pid_t id) {
    return (policy_of(id) & ~SCHED_RESET_ON_FORK) == SCHED_OTHER;
}

static int has_name(const char *id, const char *name) {
    char path[300];
    char comm[32] = "";
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", id);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        if (fgets(comm, sizeof comm, file) == NULL) {
            comm[0] = '\0'; /* it has just ended */
        }
        fclose(file);
    }
    return strncmp(comm, name, strlen(name)) == 0;
}

/* Returns the thread of that name, or 0. */
static pid_t thread_of(const char *name) {
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    pid_t found = 0;
    struct dirent *entry;
    while ((entry = readdir(tasks)) != NULL) {
        if (has_name(entry->d_name, name)) {
            found = (pid_t)atoi(entry->d_name);
        }
    }
    closedir(tasks);
    return found;
}

/* Another thread changes what this waits for. */
static pid_t await_thread(const char *name, int policy) {
    int64_t limit_ns = now_ns() + PATIENCE_MS * MS;
    pid_t id = 0;
    while ((id == 0 || policy_of(id) != policy) && now_ns() < limit_ns) {
        usleep(1000);
        id = thread_of(name);
    }
    return id;
}

static long long locked_bytes(void) {
    char line[256];
    long long kib = -1;
    FILE *status = fopen("/proc/self/status", "re");
    CHECK(status != NULL);
    while (fgets(line, sizeof line, status) != NULL) {
        sscanf(line, "VmLck: %lld", &kib);
    }
    fclose(status);
    return kib * 1024;
}

static struct ka_monitor *open_realtime(int priority) {
    struct ka_monitor *monitor;
    int32_t failed;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    CHECK_EQ(ka_monitor_realtime(monitor, priority, &failed), 0);
    return monitor;
}

static void *note_policy(void *policy) {
    *(int *)policy = policy_of(own_id());
    return NULL;
}

/* What a real-time thread starts is normal. */
static void check_children(void) {
    int policy = -1;
    int status;
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, note_policy, &policy), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(policy, SCHED_OTHER);
    pid_t child = fork();
    if (child == 0) {
        _exit(policy_of(0));
    }
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(WEXITSTATUS(status), SCHED_OTHER);
}

static void *check_own_thread(void *unused) {
    (void)unused;
    CHECK_EQ(ka_realtime_enter(PRIORITY), 0);
    check_realtime(own_id(), PRIORITY);
    check_children();
    CHECK_EQ(ka_realtime_leave(), 0);
    CHECK(is_normal(own_id()));
    CHECK_EQ(ka_realtime_leave(), -ESRCH);
    return NULL;
}

static void on_thread(void *(*run)(void *), void *argument) {
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, run, argument), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void check_policies(void) {
    struct pair pair;
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(&pair, 4, &config);
    CHECK_EQ(ka_realtime_enter(PRIORITY), -ESRCH);
    CHECK_EQ(locked_bytes(), 0);
    struct ka_monitor *monitor = open_realtime(PRIORITY);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &PROBING, NULL), 0);
    check_realtime(await_thread("ka-detector", SCHED_FIFO | SCHED_RESET_ON_FORK), PRIORITY + 1);
    check_realtime(await_thread("ka-watchdog", SCHED_FIFO | SCHED_RESET_ON_FORK), PRIORITY + 2);
    long long locked = locked_bytes();
    CHECK_GE(locked, 1);
    CHECK_LE(locked, MANY_BYTES);
    on_thread(check_own_thread, NULL);
    CHECK_EQ(locked_bytes(), locked);
    CHECK_EQ(ka_monitor_unwatch(monitor, pair.link, NULL, NULL), 0);
    ka_monitor_close(monitor);
    close_pair(&pair);
    CHECK_EQ(thread_of("ka-watchdog"), 0);
    CHECK_EQ(locked_bytes(), 0);
}

/* A stack is one mapping with what lies beside it, which changes hands meanwhile. */
static void *share_a_mapping(void *beside) {
    long long before = locked_bytes();
    CHECK_EQ(ka_realtime_enter(PRIORITY), 0);
    CHECK_LE(locked_bytes() - before, STACK_SIZE);
    CHECK_EQ(mprotect(beside, STACK_SIZE / 2, PROT_NONE), 0);
    CHECK_EQ(ka_realtime_leave(), 0);
    CHECK_EQ(locked_bytes(), before);
    return NULL;
}

static void check_stack_beside_other_memory(void) {
    struct ka_monitor *monitor = open_realtime(PRIORITY);
    pthread_attr_t attributes;
    pthread_t thread;
    char *stack = mmap(NULL, 2 * STACK_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(stack != MAP_FAILED);
    CHECK_EQ(pthread_attr_init(&attributes), 0);
    CHECK_EQ(pthread_attr_setstack(&attributes, stack, STACK_SIZE), 0);
    CHECK_EQ(pthread_create(&thread, &attributes, share_a_mapping, stack + STACK_SIZE), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    munmap(stack, 2 * STACK_SIZE);
    ka_monitor_close(monitor);
}

/* The watchdog follows the monitor of the highest priority, and lives as long as the last one. */
static void check_two_monitors(void) {
    struct ka_monitor *low = open_realtime(1);
    check_realtime(await_thread("ka-watchdog", SCHED_FIFO | SCHED_RESET_ON_FORK), 3);
    struct ka_monitor *high = open_realtime(KA_REALTIME_MAX);
    check_realtime(await_thread("ka-watchdog", SCHED_FIFO | SCHED_RESET_ON_FORK), KA_REALTIME_MAX);
    ka_monitor_close(high);
    check_realtime(await_thread("ka-watchdog", SCHED_FIFO | SCHED_RESET_ON_FORK), KA_REALTIME_MAX);
    ka_monitor_close(low);
    CHECK_EQ(thread_of("ka-watchdog"), 0);
}

static void *enter_at_highest(void *unused) {
    (void)unused;
    CHECK_EQ(ka_realtime_enter(KA_REALTIME_MAX), 0);
    check_realtime(own_id(), KA_REALTIME_MAX - 2);
    CHECK_EQ(ka_realtime_leave(), 0);
    return NULL;
}

static void check_bounds(void) {
    struct ka_monitor *monitor;
    int32_t failed = -1;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    for (int priority = -1; priority <= KA_REALTIME_MAX + 1; priority += KA_REALTIME_MAX + 2) {
        CHECK_EQ(ka_monitor_realtime(monitor, priority, &failed), -EINVAL);
        CHECK_EQ(failed, KA_REALTIME_PRIORITY);
    }
    CHECK_EQ(ka_monitor_realtime(monitor, 0, &failed), -EINVAL);
    CHECK_EQ(ka_monitor_realtime(monitor, KA_REALTIME_MAX, &failed), 0);
    CHECK_EQ(ka_monitor_realtime(monitor, 1, &failed), -EINVAL); /* it is real-time already */
    CHECK_EQ(ka_realtime_enter(0), -EINVAL);
    CHECK_EQ(ka_realtime_enter(KA_REALTIME_MAX + 1), -EINVAL);
    on_thread(enter_at_highest, NULL);
    ka_monitor_close(monitor);
}

static void spin_until_demoted(void) {
    int before = ka_realtime_demotions();
    int64_t limit_ns = now_ns() + MAX_SPIN_NS;
    while (ka_realtime_demotions() == before && now_ns() < limit_ns) {
    }
    CHECK_EQ(ka_realtime_demotions(), before + 1);
    CHECK(is_normal(own_id()));
    CHECK_EQ(ka_realtime_leave(), 1);
}

static void *spin(void *unused) {
    (void)unused;
    CHECK_EQ(ka_realtime_enter(PRIORITY), 0);
    spin_until_demoted();
    return NULL;
}

static void under_monitor(void *(*run)(void *)) {
    struct ka_monitor *monitor = open_realtime(PRIORITY);
    on_thread(run, NULL);
    ka_monitor_close(monitor);
}

static void *work_moderately(void *unused) {
    (void)unused;
    int64_t limit_ns = now_ns() + MODERATE_NS;
    CHECK_EQ(ka_realtime_enter(PRIORITY), 0);
    while (now_ns() < limit_ns) {
        int64_t rest_ns = now_ns() + MODERATE_BUSY_NS;
        while (now_ns() < rest_ns) {
        }
        usleep(15000);
    }
    CHECK_EQ(ka_realtime_leave(), 0);
    return NULL;
}

static atomic_int waiting;

static void *wait_for_lock(void *lock) {
    CHECK_EQ(ka_realtime_enter(PRIORITY), 0);
    atomic_store(&waiting, 1);
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    CHECK_EQ(ka_realtime_leave(), 0);
    return NULL;
}

/* The priority at which the kernel runs the thread: -1 - N for a real-time priority of N. */
static int running_priority(void) {
    int priority = 0;
    FILE *stat = fopen("/proc/thread-self/stat", "re");
    CHECK(stat != NULL);
    CHECK_EQ(fscanf(stat, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %d",
                    &priority),
             1);
    fclose(stat);
    return priority;
}

/* A normal thread that holds the set's lock has the priority of a real-time one that waits for it. */
static void check_inheritance(void) {
    struct ka_monitor *monitor = open_realtime(PRIORITY);
    struct ka_set set;
    pthread_t thread;
    CHECK_EQ(ka_set_open(&set), 0);
    CHECK_EQ(ka_set_inherit_priority(&set), 0);
    pthread_mutex_lock(&set.lock);
    CHECK_GE(running_priority(), 0);
    CHECK_EQ(pthread_create(&thread, NULL, wait_for_lock, &set.lock), 0);
    int64_t limit_ns = now_ns() + PATIENCE_MS * MS;
    while (running_priority() != -1 - PRIORITY && now_ns() < limit_ns) {
        usleep(1000);
    }
    CHECK_EQ(running_priority(), -1 - PRIORITY);
    pthread_mutex_unlock(&set.lock);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    ka_set_close(&set);
    ka_monitor_close(monitor);
}

static void drop_capability(unsigned capability) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    CHECK_EQ(syscall(SYS_capget, &header, data), 0);
    data[0].effective &= ~(1U << capability);
    CHECK_EQ(syscall(SYS_capset, &header, data), 0);
}

static void drop_all_capabilities(void) {
    CHECK_EQ(setgroups(0, NULL), 0);
    CHECK_EQ(setresgid(NOBODY, NOBODY, NOBODY), 0);
    CHECK_EQ(setresuid(NOBODY, NOBODY, NOBODY), 0); /* on all threads */
}

static void lower_limit(int resource, rlim_t value) {
    struct rlimit limit;
    CHECK_EQ(syscall(SYS_prlimit64, 0, resource, NULL, &limit), 0); /* the C libraries differ in its type */
    limit.rlim_cur = value < limit.rlim_max ? value : limit.rlim_max;
    limit.rlim_max = limit.rlim_cur;
    CHECK_EQ(syscall(SYS_prlimit64, 0, resource, &limit, NULL), 0);
}

static void check_refused(int step) {
    struct ka_monitor *monitor;
    int32_t failed = -1;
    CHECK_EQ(ka_monitor_open(&monitor), 0);
    int open_before = count_descriptors();
    int result = ka_monitor_realtime(monitor, PRIORITY, &failed);
    CHECK(result == -EPERM || result == -ENOMEM);
    CHECK_EQ(failed, step);
    CHECK_EQ(count_descriptors(), open_before);
    CHECK_EQ(thread_of("ka-watchdog"), 0);
    CHECK_EQ(locked_bytes(), 0);
    CHECK_EQ(ka_realtime_enter(PRIORITY), -ESRCH);
    CHECK_EQ(ka_monitor_close(monitor), 0);
}

static void refused_without_priority(void) {
    drop_capability(CAP_SYS_NICE);
    lower_limit(RLIMIT_RTPRIO, PRIORITY + 1);
    check_refused(KA_REALTIME_SCHEDULING);
}

static void refused_without_memory(void) {
    drop_capability(CAP_IPC_LOCK);
    lower_limit(RLIMIT_MEMLOCK, 0);
    check_refused(KA_REALTIME_MEMORY);
}

static void refused_with_little_memory(void) {
    drop_capability(CAP_IPC_LOCK);
    lower_limit(RLIMIT_MEMLOCK, 65536);
    check_refused(KA_REALTIME_MEMORY);
}

/* The code has room, the stacks don't. */
static void refused_without_memory_for_stacks(void) {
    struct ka_monitor *monitor = open_realtime(PRIORITY);
    long long code = locked_bytes();
    ka_monitor_close(monitor);
    drop_capability(CAP_IPC_LOCK);
    lower_limit(RLIMIT_MEMLOCK, (rlim_t)code + MIB);
    check_refused(KA_REALTIME_MEMORY);
}

/* At the limit the kernel would end the process before the watchdog sees that a thread spins. */
static void refused_with_little_cpu_time(void) {
    lower_limit(RLIMIT_RTTIME, KA_REALTIME_LEAST_RTTIME_US);
    ka_monitor_close(open_realtime(PRIORITY));
    lower_limit(RLIMIT_RTTIME, KA_REALTIME_LEAST_RTTIME_US - 1);
    check_refused(KA_REALTIME_CPU_TIME);
}

/* The privilege goes before the first link with probes comes. That one is watched all the same. */
static void detector_that_is_refused_is_counted(void) {
    struct ka_event event;
    struct pair pair;
    struct ka_config config = keepalive_config(1, 1, 5);
    open_pair(&pair, 4, &config);
    struct ka_monitor *monitor = open_realtime(PRIORITY);
    CHECK_EQ(ka_realtime_refusals(), 0);
    drop_capability(CAP_SYS_NICE);
    lower_limit(RLIMIT_RTPRIO, 0);
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, &PROBING, NULL), 0);
    int64_t limit_ns = now_ns() + PATIENCE_MS * MS;
    CHECK_EQ(ka_monitor_wait(monitor, &event, 1, PATIENCE_MS), 0); /* it wakes the caller */
    CHECK(now_ns() < limit_ns);
    CHECK_EQ(ka_realtime_refusals(), 1);
    CHECK(is_normal(thread_of("ka-detector")));
    ka_monitor_close(monitor);
}

static void *spin_without_privilege(void *unused) {
    (void)unused;
    CHECK_EQ(ka_realtime_enter(PRIORITY), 0);
    drop_all_capabilities();
    spin_until_demoted();
    return NULL;
}

/* Without privilege the kernel doesn't let SCHED_RESET_ON_FORK be taken away with the priority. */
static void demoted_without_privilege(void) {
    under_monitor(spin_without_privilege);
}

static void in_child(void (*check)(void)) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        check();
        _exit(EXIT_SUCCESS);
    }
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
}

static int may_be_realtime(void) {
    struct sched_param parameter = {.sched_priority = KA_REALTIME_MAX};
    struct sched_param normal = {0};
    return geteuid() == 0 && syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &parameter) == 0 &&
           syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &normal) == 0;
}

int main(void) {
    if (!may_be_realtime()) {
        return EXIT_SKIPPED;
    }
    in_child(refused_without_priority); /* forks before it starts threads */
    in_child(refused_without_memory);
    in_child(refused_with_little_memory);
    in_child(refused_without_memory_for_stacks);
    in_child(refused_with_little_cpu_time);
    in_child(detector_that_is_refused_is_counted);
    in_child(demoted_without_privilege);
    check_bounds();
    check_policies();
    check_stack_beside_other_memory();
    check_two_monitors();
    check_inheritance();
    under_monitor(spin);
    under_monitor(work_moderately);
    return EXIT_SUCCESS;
}
