/* Only a peer that has the key can connect to a signed listener. */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long to wait for a peer that drops the segments. A peer that accepts them answers at once. */
#define SILENCE_MS 300

static struct ka_md5_key make_key(int family, const char *ip, int prefix_length, const char *bytes) {
    struct ka_md5_key key = {.network = {.family = (uint16_t)family}, .prefix_length = prefix_length};
    memcpy(key.network.ip, ip, family == 4 ? 4 : 16);
    key.length = (int32_t)strlen(bytes);
    memcpy(key.key, bytes, strlen(bytes));
    return key;
}

static const char IPV4_LOOPBACK[4] = {127, 0, 0, 1};
static const char IPV4_NET[4] = {127, 0, 0, 0};
static const char ANY[16] = {0};
static const char IPV6_LOOPBACK[16] = {[15] = 1};

static int listen_signed(int family, const struct ka_md5_key *keys, int count, struct ka_address *bound) {
    struct ka_listen_config config = {.backlog = 4, .key_count = count};
    struct ka_address any = {.family = (uint16_t)family};
    int32_t failed = -1;
    int listener = ka_listen(&any, &config, keys, NULL, &failed);
    CHECK_GE(listener, 0);
    CHECK_EQ(ka_local_address(listener, bound), 0);
    return listener;
}

static int open_signed(int family, const char *bytes) {
    struct ka_config config = unset_config();
    int32_t failed = -1;
    int fd = ka_open(family, &config, &failed);
    CHECK_GE(fd, 0);
    if (bytes != NULL) {
        struct ka_md5_key key =
            family == 4 ? make_key(4, IPV4_LOOPBACK, 32, bytes) : make_key(6, IPV6_LOOPBACK, 128, bytes);
        CHECK_EQ(ka_set_md5_key(fd, &key), 0);
    }
    return fd;
}

static int connect_result(int family, uint16_t port, const char *bytes, int timeout_ms) {
    struct ka_address address = loopback_address(family, port);
    int fd = open_signed(family, bytes);
    int result = ka_connect(fd, &address, timeout_ms);
    CHECK_EQ(ka_close(fd), 0);
    return result;
}

static void check_passes(int family, uint16_t port, int listener, const char *bytes) {
    struct ka_address address = loopback_address(family, port);
    char byte = 0;
    int link = open_signed(family, bytes);
    CHECK_EQ(ka_connect(link, &address, PATIENCE_MS), 0);
    int peer = accept_soon(listener);
    CHECK_EQ(ka_send(link, 'Q'), 1);
    await_poll(peer, POLLIN);
    CHECK_EQ(recv(peer, &byte, 1, 0), 1);
    CHECK_EQ(ka_send(peer, 'A'), 1);
    await_poll(link, POLLIN);
    CHECK_EQ(recv(link, &byte, 1, 0), 1);
    CHECK_EQ(byte, 'A');
    CHECK_EQ(ka_close(link), 0);
    CHECK_EQ(ka_close(peer), 0);
}

static void check_only_with_key(int family, uint16_t port, int listener) {
    check_passes(family, port, listener, "secret");
    CHECK_EQ(connect_result(family, port, NULL, SILENCE_MS), -ETIME);
    CHECK_EQ(connect_result(family, port, "Secret", SILENCE_MS), -ETIME);
}

static void check_prefixes(void) {
    struct ka_md5_key keys[] = {make_key(4, ANY, 0, "secret"), make_key(6, ANY, 0, "secret")};
    struct ka_address bound;
    int listener = listen_signed(4, keys, 1, &bound);
    check_only_with_key(4, bound.port, listener);
    CHECK_EQ(ka_close(listener), 0);
    listener = listen_signed(6, keys, 2, &bound);
    check_only_with_key(6, bound.port, listener);
    check_only_with_key(4, bound.port, listener);
    CHECK_EQ(ka_close(listener), 0);
}

static void check_longest_prefix_counts(void) {
    struct ka_md5_key keys[] = {make_key(4, IPV4_LOOPBACK, 32, "secret"), make_key(4, ANY, 0, "other"),
                                make_key(4, IPV4_NET, 8, "third")};
    struct ka_address bound;
    int listener = listen_signed(6, keys, 3, &bound);
    check_only_with_key(4, bound.port, listener);
    CHECK_EQ(connect_result(4, bound.port, "other", SILENCE_MS), -ETIME);
    CHECK_EQ(connect_result(6, bound.port, NULL, PATIENCE_MS), 0); /* no key covers IPv6 peers */
    CHECK_EQ(ka_close(listener), 0);
}

static void check_unsigned_listener(void) {
    struct ka_address bound;
    int listener = listen_signed(4, NULL, 0, &bound);
    CHECK_EQ(connect_result(4, bound.port, "secret", SILENCE_MS), -ETIME);
    CHECK_EQ(connect_result(4, bound.port, NULL, PATIENCE_MS), 0);
    CHECK_EQ(ka_close(listener), 0);
}

static int set_result(int socket_family, struct ka_md5_key key) {
    int fd = open_signed(socket_family, NULL);
    int result = ka_set_md5_key(fd, &key);
    CHECK_EQ(ka_close(fd), 0);
    return result;
}

static int length_result(int32_t length) {
    struct ka_md5_key key = make_key(4, IPV4_LOOPBACK, 32, "k");
    key.length = length;
    return set_result(4, key);
}

static void check_arguments(int taken) {
    CHECK_EQ(length_result(0), -EINVAL);
    CHECK_EQ(length_result(-1), -EINVAL);
    CHECK_EQ(length_result(INT32_MIN), -EINVAL);
    CHECK_EQ(length_result(1), taken);
    CHECK_EQ(length_result(KA_MD5_KEY_SIZE), taken);
    CHECK_EQ(length_result(KA_MD5_KEY_SIZE + 1), -EINVAL);
    CHECK_EQ(length_result(INT32_MAX), -EINVAL);
    for (int family = 4; family <= 6; family += 2) {
        int bits = family == 4 ? 32 : 128;
        CHECK_EQ(set_result(6, make_key(family, ANY, -1, "k")), -EINVAL);
        CHECK_EQ(set_result(6, make_key(family, ANY, 0, "k")), taken);
        CHECK_EQ(set_result(6, make_key(family, ANY, bits, "k")), taken);
        CHECK_EQ(set_result(6, make_key(family, ANY, bits + 1, "k")), -EINVAL);
    }
    CHECK_EQ(set_result(4, make_key(6, ANY, 0, "k")), -EAFNOSUPPORT);
    CHECK_EQ(set_result(4, make_key(5, ANY, 0, "k")), -EAFNOSUPPORT);
    struct ka_md5_key key = make_key(4, ANY, 0, "k");
    CHECK_EQ(ka_set_md5_key(-1, &key), -EBADF);
    CHECK_EQ(ka_set_md5_key(STDERR_FILENO, &key), -ENOTSOCK);
}

/* If the second key is refused, the listener is closed, and `failed` names the step. */
static void check_listen_refused(int expected_of_first) {
    struct ka_md5_key keys[] = {make_key(4, ANY, 0, "secret"), make_key(4, ANY, 33, "secret")};
    struct ka_listen_config config = {.backlog = 4, .key_count = 2};
    struct ka_address any = {.family = 4};
    int32_t failed = -1;
    int descriptors = count_descriptors();
    CHECK_EQ(ka_listen(&any, &config, keys, NULL, &failed),
             expected_of_first < 0 ? expected_of_first : -EINVAL);
    CHECK_EQ(failed, KA_STEP_MD5SIG);
    CHECK_EQ(count_descriptors(), descriptors);
}

int main(void) {
    int descriptors = count_descriptors();
    int has_md5 = kernel_has_md5();
    check_arguments(has_md5 ? 0 : -ENOPROTOOPT);
    check_listen_refused(has_md5 ? 0 : -ENOPROTOOPT);
    if (has_md5) {
        check_prefixes();
        check_longest_prefix_counts();
        check_unsigned_listener();
    }
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
