/*
 * If a busy kernel sends its loss probe only when the probe's time is over, the acknowledgement gets a jiffy
 * more. This test replaces TCP_INFO, because no test can delay the kernel's timers to the ms.
 */
#include "loopback.h"

#include "check.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define MS 1000000LL
#define DEADLINE_NS (100 * MS)

/* What TCP_INFO reports once the probe's time is over. Before that it reports that nothing has happened. */
struct kernel_script {
    uint8_t retransmits;
    uint32_t last_data_sent_ms;
    int acknowledges; /* from the second read on */
};

static struct kernel_script script;
static int64_t sent_ns;
static int sent;
static int looks; /* reads of TCP_INFO since the time was over */
static int64_t looked_ns;
static int was_paused; /* for so long that the shim adds the pause to the probe's time */

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags) {
    (void)fd, (void)bytes, (void)flags;
    sent++;
    sent_ns = now_ns();
    looked_ns = sent_ns;
    looks = 0;
    return (ssize_t)size;
}

static void fill_info(struct tcp_info *info, int64_t age_ns) {
    info->tcpi_state = 1; /* TCP_ESTABLISHED */
    info->tcpi_unacked = sent > 0;
    info->tcpi_last_data_sent = (uint32_t)(age_ns / MS);
    info->tcpi_snd_wnd = 65536;
    if (sent > 0 && age_ns >= DEADLINE_NS) {
        looks++;
        info->tcpi_retransmits = script.retransmits;
        info->tcpi_last_data_sent = script.last_data_sent_ms;
        info->tcpi_unacked = !(script.acknowledges && looks > 1);
    }
}

int __real_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *length) {
    if (level != IPPROTO_TCP || name != TCP_INFO) {
        return __real_getsockopt(fd, level, name, value, length);
    }
    struct tcp_info info = {0};
    int64_t look_ns = now_ns();
    was_paused |= sent > 0 && look_ns - looked_ns > DEADLINE_NS / 4;
    looked_ns = look_ns;
    fill_info(&info, look_ns - sent_ns);
    *length = *length < sizeof info ? *length : (socklen_t)sizeof info;
    memcpy(value, &info, *length);
    return 0;
}

/* Returns the result of ka_await, which waits beyond the first probe's time. */
static int await_after(struct kernel_script wanted, struct ka_event *event) {
    struct pair pair;
    struct ka_config config = unset_config();
    struct ka_watch_config watch = {.role = KA_ROLE_BACKUP,
                                    .liveness = KA_LIVENESS_HOST,
                                    .probe_interval_ns = 20 * MS,
                                    .probe_deadline_ns = DEADLINE_NS};
    open_pair(&pair, 4, &config);
    script = wanted;
    sent = 0;
    was_paused = 0;
    int result = ka_await(pair.link, &watch, NULL, wanted.acknowledges ? 1000 : PATIENCE_MS, event);
    close_pair(&pair);
    return result;
}

/* A failure takes two reads: one for the verdict, one for its evidence. */
static void check_failed_after(struct kernel_script wanted, int least, int most) {
    struct ka_event event;
    do {
        CHECK_EQ(await_after(wanted, &event), 1);
    } while (was_paused || looks == most + 1); /* one more: the shim read just before the time was over */
    CHECK_EQ(event.type, KA_EVENT_FAILED);
    CHECK_EQ(event.cause, KA_CAUSE_TIMED_OUT);
    CHECK_EQ(sent, 1);
    CHECK_GE(looks, least);
    CHECK_LE(looks, most);
    CHECK_GE(event.verdict_ns - sent_ns, DEADLINE_NS + (least > 2 ? ka_jiffy_us() * 1000LL : 0));
}

int main(void) {
    struct kernel_script resent_and_acknowledged = {.acknowledges = 1};
    struct kernel_script resent = {.retransmits = 0};
    struct kernel_script resent_before = {.retransmits = 1};
    struct kernel_script resent_in_time = {.last_data_sent_ms = 12};
    struct ka_event event;
    CHECK_EQ(await_after(resent_and_acknowledged, &event), 0);
    CHECK_GE(sent, 2);
    check_failed_after(resent, 3, 20); /* one jiffy only, however often the kernel resends */
    check_failed_after(resent_before, 2, 2);
    check_failed_after(resent_in_time, 2, 2);
    return 0;
}
