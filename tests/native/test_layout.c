/* Callers in other languages rely on these offsets. A change here needs a new KA_ABI_VERSION. */
#include "keepalive4j.h"

#include "check.h"

#include <stddef.h>

static void check_address(void) {
    CHECK_EQ(offsetof(struct ka_address, ip), 0);
    CHECK_EQ(offsetof(struct ka_address, scope_id), 16);
    CHECK_EQ(offsetof(struct ka_address, port), 20);
    CHECK_EQ(offsetof(struct ka_address, family), 22);
    CHECK_EQ(sizeof(struct ka_address), 24);
}

static void check_config(void) {
    CHECK_EQ(KA_SO_KEEPALIVE, 0);
    CHECK_EQ(KA_TCP_KEEPCNT, 1);
    CHECK_EQ(KA_TCP_KEEPIDLE, 2);
    CHECK_EQ(KA_TCP_KEEPINTVL, 3);
    CHECK_EQ(KA_TCP_USER_TIMEOUT, 4);
    CHECK_EQ(KA_TCP_SYNCNT, 5);
    CHECK_EQ(KA_TCP_NODELAY, 6);
    CHECK_EQ(KA_SO_MARK, 7);
    CHECK_EQ(KA_TCP_RTO_MIN_US, 8);
    CHECK_EQ(KA_SINGLE_HOP, 9);
    CHECK_EQ(KA_STEP_SOCKET, 10);
    CHECK_EQ(KA_STEP_BINDTODEVICE, 11);
    CHECK_EQ(KA_STEP_BIND, 12);
    CHECK_EQ(KA_STEP_MD5SIG, 13);
    CHECK_EQ(KA_STEP_LISTEN, 14);
    CHECK_EQ(offsetof(struct ka_config, option), 0);
    CHECK_EQ(offsetof(struct ka_config, device), 8 * KA_OPTION_COUNT);
    CHECK_EQ(offsetof(struct ka_config, source), 8 * KA_OPTION_COUNT + 16);
    CHECK_EQ(sizeof(struct ka_config), 8 * KA_OPTION_COUNT + 40);
}

static void check_md5_key(void) {
    CHECK_EQ(offsetof(struct ka_md5_key, network), 0);
    CHECK_EQ(offsetof(struct ka_md5_key, prefix_length), 24);
    CHECK_EQ(offsetof(struct ka_md5_key, length), 28);
    CHECK_EQ(offsetof(struct ka_md5_key, key), 32);
    CHECK_EQ(sizeof(struct ka_md5_key), 112);
}

static void check_listen_config(void) {
    CHECK_EQ(offsetof(struct ka_listen_config, backlog), 0);
    CHECK_EQ(offsetof(struct ka_listen_config, v6only), 4);
    CHECK_EQ(offsetof(struct ka_listen_config, single_hop), 8);
    CHECK_EQ(offsetof(struct ka_listen_config, key_count), 12);
    CHECK_EQ(sizeof(struct ka_listen_config), 16);
}

static void check_event(void) {
    CHECK_EQ(offsetof(struct ka_event, token), 0);
    CHECK_EQ(offsetof(struct ka_event, verdict_ns), 8);
    CHECK_EQ(offsetof(struct ka_event, last_heard_ns), 16);
    CHECK_EQ(offsetof(struct ka_event, fd), 24);
    CHECK_EQ(offsetof(struct ka_event, type), 28);
    CHECK_EQ(offsetof(struct ka_event, cause), 32);
    CHECK_EQ(offsetof(struct ka_event, error), 36);
    CHECK_EQ(offsetof(struct ka_event, probes), 40);
    CHECK_EQ(offsetof(struct ka_event, byte), 44);
    CHECK_EQ(offsetof(struct ka_event, tcp_info_length), 48);
    CHECK_EQ(offsetof(struct ka_event, tcp_info), 56);
    CHECK_EQ(sizeof(struct ka_event), 312);
}

static void check_watch_config(void) {
    CHECK_EQ(offsetof(struct ka_watch_config, role), 0);
    CHECK_EQ(offsetof(struct ka_watch_config, suspect_probes), 4);
    CHECK_EQ(offsetof(struct ka_watch_config, defer_evidence), 12);
    CHECK_EQ(offsetof(struct ka_watch_config, interface), 32);
    CHECK_EQ(sizeof(struct ka_watch_config), 40);
}

static void check_sockets(void) {
    CHECK_EQ(offsetof(struct ka_socket_id, cookie), 0);
    CHECK_EQ(offsetof(struct ka_socket_id, fd), 8);
    CHECK_EQ(sizeof(struct ka_socket_id), 16);
    CHECK_EQ(offsetof(struct ka_socket_look, cookie), 0);
    CHECK_EQ(offsetof(struct ka_socket_look, error), 12);
    CHECK_EQ(offsetof(struct ka_socket_look, state), 20);
    CHECK_EQ(offsetof(struct ka_socket_look, user_timeout_ms), 40);
    CHECK_EQ(offsetof(struct ka_socket_look, unacked), 56);
    CHECK_EQ(offsetof(struct ka_socket_look, rto_us), 112);
    CHECK_EQ(sizeof(struct ka_socket_look), 120);
}

int main(void) {
    CHECK_EQ(ka_abi_version(), KA_ABI_VERSION);
    check_address();
    check_config();
    check_md5_key();
    check_listen_config();
    check_event();
    check_watch_config();
    check_sockets();
    return 0;
}
