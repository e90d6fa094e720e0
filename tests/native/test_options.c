/* The ranges of the socket options: one below, at and one above each bound. */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const struct {
    int64_t min;
    int64_t max;
} BOUNDS[] = {
    [KA_SO_KEEPALIVE] = {0, 1},
    [KA_TCP_KEEPCNT] = {1, 127},
    [KA_TCP_KEEPIDLE] = {1, 32767},
    [KA_TCP_KEEPINTVL] = {1, 32767},
    [KA_TCP_USER_TIMEOUT] = {0, INT32_MAX},
    [KA_TCP_SYNCNT] = {1, 127},
    [KA_TCP_NODELAY] = {0, 1},
    [KA_SO_MARK] = {0, UINT32_MAX},
};

static void check_refused(int family, int option, int64_t value) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    int descriptors = count_descriptors();
    config.option[option] = value;
    CHECK_EQ(ka_open(family, &config, &failed), -EINVAL);
    CHECK_EQ(failed, option);
    CHECK_EQ(count_descriptors(), descriptors);
}

static void check_taken(int family, int option, int64_t value) {
    struct ka_config config = unset_config();
    struct ka_config effective;
    int32_t failed = -1;
    config.option[option] = value;
    int fd = ka_open(family, &config, &failed);
    if (fd == -EPERM && option == KA_SO_MARK) {
        CHECK_EQ(failed, KA_SO_MARK);
        return;
    }
    CHECK_GE(fd, 0);
    CHECK_EQ(ka_effective(fd, &effective), 0);
    CHECK_EQ(effective.option[option], value);
    CHECK_EQ(ka_close(fd), 0);
}

/* With a lower bound of 0, one below is KA_UNSET. The first value out of range is -2. */
static int64_t below(int64_t min) {
    return min - 1 == KA_UNSET ? KA_UNSET - 1 : min - 1;
}

static void check_bounds(int family) {
    for (int option = 0; option <= KA_SO_MARK; option++) {
        check_refused(family, option, below(BOUNDS[option].min));
        check_taken(family, option, BOUNDS[option].min);
        check_taken(family, option, BOUNDS[option].max);
        check_refused(family, option, BOUNDS[option].max + 1);
        check_refused(family, option, INT64_MIN);
        check_refused(family, option, INT64_MAX);
    }
}

static int64_t taken_rto_min_us(int64_t value) {
    struct ka_config config = unset_config();
    struct ka_config effective;
    int32_t failed = -1;
    config.option[KA_TCP_RTO_MIN_US] = value;
    int fd = ka_open(4, &config, &failed);
    CHECK_GE(fd, 0);
    CHECK_EQ(ka_effective(fd, &effective), 0);
    CHECK_EQ(ka_close(fd), 0);
    return effective.option[KA_TCP_RTO_MIN_US];
}

/* The kernel's lower bound depends on its jiffy. It rounds values up to whole jiffies. */
static void check_rto_min(void) {
    int least_us = ka_rto_min_us();
    check_refused(4, KA_TCP_RTO_MIN_US, 0);
    check_refused(4, KA_TCP_RTO_MIN_US, 200001);
    if (least_us == -ENOPROTOOPT) {
        return;
    }
    check_refused(4, KA_TCP_RTO_MIN_US, ka_jiffy_us());
    CHECK_GE(taken_rto_min_us(least_us), least_us);
    CHECK_LE(taken_rto_min_us(least_us), least_us + ka_jiffy_us());
    CHECK_EQ(taken_rto_min_us(200000), 200000);
}

static void check_unset_leaves_kernel_defaults(void) {
    struct ka_config config = unset_config();
    struct ka_config effective;
    int32_t failed = -1;
    int fd = ka_open(4, &config, &failed);
    CHECK_EQ(ka_effective(fd, &effective), 0);
    CHECK_EQ(effective.option[KA_SO_KEEPALIVE], 0);
    CHECK_GE(effective.option[KA_TCP_KEEPIDLE], 1);
    CHECK_EQ(effective.device[0], 0);
    CHECK_EQ(effective.source.family, 4);
    CHECK_EQ(ka_close(fd), 0);
}

static void check_descriptor_flags(void) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    int fd = ka_open(6, &config, &failed);
    CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    CHECK_EQ(ka_close(fd), 0);
    CHECK_EQ(ka_close(fd), -EBADF);
}

static void check_effective_of_no_socket(void) {
    struct ka_config effective;
    CHECK_EQ(ka_effective(-1, &effective), -EBADF);
    CHECK_EQ(ka_effective(STDERR_FILENO, &effective), -ENOTSOCK);
}

int main(void) {
    int descriptors = count_descriptors();
    check_bounds(4);
    check_bounds(6);
    check_rto_min();
    check_unset_leaves_kernel_defaults();
    check_descriptor_flags();
    check_effective_of_no_socket();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
