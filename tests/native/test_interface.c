/*
 * ka_interface finds the interface by which a link leaves this host: by its device, its mark, its addresses
 * and ports, in its own network namespace. ka_check_carrier tells how an interface is now.
 */
#include "cable.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct ka_config plain(void) {
    return keepalive_config(1, 1, 5);
}

static void check_found(const struct ka_config *config, const char *expected) {
    struct pair pair;
    open_far_pair(&pair, config);
    int descriptors = count_descriptors();
    CHECK_EQ(ka_interface(pair.link), index_of(expected));
    CHECK_EQ(count_descriptors(), descriptors);
    close_pair(&pair);
}

static void check_loopback(void) {
    struct ka_config config = plain();
    for (int family = 4; family <= 6; family += 2) {
        struct pair pair;
        open_pair(&pair, family, &config);
        CHECK_EQ(ka_interface(pair.link), -EOPNOTSUPP);
        close_pair(&pair);
    }
    CHECK_EQ(ka_check_carrier(index_of("lo")), 0);
}

static void check_route(void) {
    struct ka_config config = plain();
    check_found(&config, "near0");
    strcpy(config.device, "near0");
    check_found(&config, "near0");
}

/* The route of the mark is by another interface than that without it. */
static void check_mark(void) {
    struct ka_config config = plain();
    struct pair pair;
    config.option[KA_SO_MARK] = 7;
    open_far_pair(&pair, &config);
    run("ip link add other0 type veth peer name other1 && ip link set other0 up");
    run("ip rule add fwmark 7 table 100 priority 1 && ip route add 198.18.0.0/24 dev other0 table 100");
    CHECK_EQ(ka_interface(pair.link), index_of("other0"));
    run("ip rule del priority 1 && ip link del other0");
    CHECK_EQ(ka_interface(pair.link), index_of("near0"));
    close_pair(&pair);
}

/* A rule may be about a protocol and its ports. */
static void check_ports(void) {
    struct ka_config config = plain();
    struct pair pair;
    char rule[128];
    open_far_pair(&pair, &config);
    run("ip link add other0 type veth peer name other1 && ip link set other0 up");
    run("ip route add 198.18.0.0/24 dev other0 table 100");
    snprintf(rule, sizeof rule, "ip rule add ipproto tcp dport %d table 100 priority 1", pair.address.port);
    run(rule);
    CHECK_EQ(ka_interface(pair.link), index_of("other0"));
    run("ip rule del priority 1");
    struct ka_address local;
    CHECK_EQ(ka_local_address(pair.link, &local), 0);
    snprintf(rule, sizeof rule, "ip rule add ipproto tcp sport %d table 100 priority 1", local.port);
    run(rule);
    CHECK_EQ(ka_interface(pair.link), index_of("other0"));
    run("ip rule del priority 1 && ip link del other0");
    close_pair(&pair);
}

static void check_no_route(void) {
    struct ka_config config = plain();
    struct pair pair;
    open_far_pair(&pair, &config);
    run("ip route del 198.18.0.0/24");
    CHECK_EQ(ka_interface(pair.link), -ENETUNREACH);
    run("ip route add 198.18.0.0/24 dev near0");
    CHECK_EQ(ka_interface(pair.link), index_of("near0"));
    close_pair(&pair);
    CHECK_EQ(ka_interface(pair.link), -EBADF);
}

/* An IPv6 link-local address names the interface itself. */
static void check_link_local(void) {
    struct ka_address address = {.family = 6, .ip = {0xfe, 0x80, [15] = 2}};
    struct ka_config config = plain();
    run("ip address add fe80::1/64 dev near0 nodad");
    run_far("ip address add fe80::2/64 dev far0 nodad");
    go_far();
    address.scope_id = (uint32_t)index_of("far0");
    int listener = listen_at(&address, 16, 0);
    CHECK_GE(listener, 0);
    CHECK_EQ(ka_local_address(listener, &address), 0);
    come_back();
    address.scope_id = (uint32_t)index_of("near0");
    int link = connect_to(&address, &config);
    CHECK_EQ(ka_interface(link), index_of("near0"));
    CHECK_EQ(close(link) | close(listener), 0);
}

static void check_other_namespace(void) {
    struct ka_config config = plain();
    struct pair pair;
    open_far_pair(&pair, &config);
    go_far();
    CHECK_EQ(ka_interface(pair.link), -EREMOTE);
    come_back();
    close_pair(&pair);
}

static void check_carrier(void) {
    int index = index_of("near0");
    CHECK_EQ(ka_check_carrier(index), 0);
    unplug();
    CHECK_EQ(ka_check_carrier(index), -ENETDOWN);
    plug_in();
    CHECK_EQ(ka_check_carrier(index), 0);
    run("ip link set near0 down");
    CHECK_EQ(ka_check_carrier(index), -ENETDOWN);
    run("ip link del near0");
    CHECK_EQ(ka_check_carrier(index), -ENODEV);
}

int main(void) {
    lay_cable();
    check_loopback();
    check_route();
    check_mark();
    check_ports();
    check_no_route();
    check_link_local();
    check_other_namespace();
    check_carrier();
    return 0;
}
