#include "evidence.h"

#include "clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

int ka_tcp_info(int fd, uint8_t *info, uint32_t size) {
    socklen_t length = size;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &length) < 0) {
        return -errno;
    }
    return (int)length;
}

/* Data and acknowledgements both show that the peer's kernel lives, as in keepalive_time_elapsed(). */
static int64_t silence_ns(const struct tcp_info *info) {
    uint32_t data_ms = info->tcpi_last_data_recv;
    uint32_t ack_ms = info->tcpi_last_ack_recv;
    return (int64_t)(data_ms < ack_ms ? data_ms : ack_ms) * KA_NS_PER_MS;
}

struct tcp_info ka_evidence_of(const struct ka_event *event) {
    struct tcp_info info = {0};
    size_t length = event->tcp_info_length;
    memcpy(&info, event->tcp_info, sizeof info < length ? sizeof info : length);
    return info;
}

static uint32_t less(uint32_t time_ms, uint32_t age_ms) {
    return time_ms < age_ms ? 0 : time_ms - age_ms;
}

/* TCP_INFO counts times back from now. Converts them to times back from the verdict. */
static void put_back(struct ka_event *event, uint32_t age_ms) {
    struct tcp_info info = ka_evidence_of(event);
    info.tcpi_last_data_sent = less(info.tcpi_last_data_sent, age_ms);
    info.tcpi_last_data_recv = less(info.tcpi_last_data_recv, age_ms);
    info.tcpi_last_ack_recv = less(info.tcpi_last_ack_recv, age_ms);
    size_t length = event->tcp_info_length;
    memcpy(event->tcp_info, &info, sizeof info < length ? sizeof info : length);
}

int ka_evidence(int fd, struct ka_event *event) {
    int64_t verdict_ns = event->verdict_ns;
    int result = ka_take_evidence(fd, event);
    if (result == 0) {
        put_back(event, (uint32_t)((event->verdict_ns - verdict_ns) / KA_NS_PER_MS));
    }
    event->verdict_ns = verdict_ns;
    return result;
}

/* The clock is read first. If the thread is held up after that, the evidence is newer than verdict_ns. Older
 * evidence could miss an acknowledgement that came before verdict_ns. */
int ka_take_evidence(int fd, struct ka_event *event) {
    event->verdict_ns = ka_now_ns();
    int length = ka_tcp_info(fd, event->tcp_info, KA_TCP_INFO_SIZE);
    if (length < 0) {
        return length;
    }
    event->tcp_info_length = (uint32_t)length;
    struct tcp_info info = ka_evidence_of(event);
    event->last_heard_ns = event->verdict_ns - silence_ns(&info);
    event->probes = info.tcpi_probes;
    return 0;
}
