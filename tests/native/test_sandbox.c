/*
 * A sandbox refuses a system call that watching needs. That says nothing of the source: it is ABORTED, not a
 * failure of the source.
 */
#include "loopback.h"
#include "sandbox.h"

#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

#define MS 1000000LL

static const struct ka_watch_config PLAIN = {.role = KA_ROLE_BACKUP};
static const struct ka_watch_config PROBING = {.role = KA_ROLE_BACKUP,
                                               .liveness = KA_LIVENESS_HOST,
                                               .probe_interval_ns = 20 * MS,
                                               .probe_deadline_ns = 1000 * MS};

static struct ka_monitor *monitor;
static struct pair pair;
static int refused;

static void check_aborted(const struct ka_event *event) {
    CHECK_EQ(event->type, KA_EVENT_FAILED);
    CHECK_EQ(event->cause, KA_CAUSE_ABORTED);
    CHECK_EQ(event->error, refused);
}

static void watch(const struct ka_watch_config *config) {
    struct ka_event event;
    int64_t deadline_ns = now_ns() + PATIENCE_MS * MS;
    int count;
    CHECK_EQ(ka_monitor_watch(monitor, pair.link, 1, config, NULL), 0);
    do { /* 0 means that the set has changed */
        count = ka_monitor_wait(monitor, &event, 1, PATIENCE_MS);
    } while (count == 0 && now_ns() < deadline_ns);
    CHECK_EQ(count, 1);
    check_aborted(&event);
}

/* Reading begins when the source says something. */
static void check_reading(void) {
    refuse(SYS_recvfrom, ANY_ARGUMENT, (uint32_t)refused);
    CHECK_EQ(ka_send(pair.peer, 'H'), 1);
    watch(&PLAIN);
}

static void check_classifying(void) {
    struct ka_event event;
    refuse(SYS_recvfrom, ANY_ARGUMENT, (uint32_t)refused);
    CHECK_EQ(ka_classify(pair.link, &PLAIN, NULL, &event), 1);
    check_aborted(&event);
}

static void check_sending(void) {
    refuse(SYS_sendto, ANY_ARGUMENT, (uint32_t)refused);
    watch(&PROBING);
}

static void check_asking(void) {
    refuse(SYS_getsockopt, ANY_ARGUMENT, (uint32_t)refused);
    watch(&PROBING);
}

int main(void) {
    static const int errors[] = {EPERM, ENOSYS};
    static void (*const checks[])(void) = {check_reading, check_classifying, check_sending, check_asking};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        for (size_t j = 0; j < sizeof checks / sizeof checks[0]; j++) {
            struct ka_config config = keepalive_config(1, 1, 5);
            refused = errors[i];
            open_pair(&pair, 4, &config);
            CHECK_EQ(ka_monitor_open(&monitor), 0);
            check_in_child(checks[j]);
            CHECK_EQ(ka_monitor_close(monitor), 0);
            close_pair(&pair);
        }
    }
    return 0;
}
