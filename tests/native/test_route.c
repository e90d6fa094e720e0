/*
 * ka_check_route asks by a link's mark, device, addresses and ports: what is a route for the link is one for
 * the question, and what is none is none.
 */
#include "loopback.h"
#include "namespace.h"
#include "sandbox.h"

#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct ka_address address_of(uint8_t last) {
    struct ka_address address = {.ip = {198, 18, 0, last}, .family = 4, .port = 9};
    return address;
}

static struct ka_config link_from(uint8_t last) {
    struct ka_config config = keepalive_config(1, 1, 5);
    config.source = address_of(last);
    return config;
}

static void check_found(const struct ka_config *config) {
    struct ka_address peer = address_of(2);
    int32_t failed;
    int descriptors = count_descriptors();
    CHECK_EQ(ka_check_route(config, &peer, &failed), 0);
    CHECK_EQ(count_descriptors(), descriptors);
}

static void check_missing(const struct ka_config *config, int step, int error) {
    struct ka_address peer = address_of(2);
    int32_t failed = -1;
    int descriptors = count_descriptors();
    CHECK_EQ(ka_check_route(config, &peer, &failed), error);
    CHECK_EQ(failed, step);
    CHECK_EQ(count_descriptors(), descriptors);
}

static void check_plain(void) {
    struct ka_config config = link_from(1);
    check_found(&config);
    config.option[KA_SO_MARK] = 0; /* as ka_effective reads it back; setting it would take a privilege */
    check_found(&config);
    config = link_from(77);
    check_missing(&config, KA_STEP_BIND, -EADDRNOTAVAIL);
}

static void check_family(void) {
    struct ka_config config = link_from(1);
    struct ka_address peer = {.family = 5};
    int32_t failed;
    CHECK_EQ(ka_check_route(&config, &peer, &failed), -EAFNOSUPPORT);
    peer = loopback_address(6, 9);
    config.source = loopback_address(6, 9);
    CHECK_EQ(ka_check_route(&config, &peer, &failed), 0);
}

static void check_mark(void) {
    struct ka_config config = link_from(1);
    run("ip rule add fwmark 7 table 100 && ip route add 198.18.0.0/24 dev route0 table 100");
    run("ip route flush 198.18.0.0/24");
    check_missing(&config, KA_STEP_ROUTE, -ENETUNREACH);
    config.option[KA_SO_MARK] = 7;
    check_found(&config);
    run("ip rule add fwmark 7 priority 1 prohibit");
    check_missing(&config, KA_STEP_ROUTE, -EACCES);
    run("ip rule del priority 1 && ip rule del fwmark 7 && ip route flush table 100");
}

/* A rule may be about TCP alone, and about a port. UDP would have no route then. */
static void check_ports(void) {
    static const char *const rules[] = {"ipproto tcp", "ipproto tcp dport 9", "ipproto tcp sport 9998"};
    struct ka_config config = link_from(1);
    config.source.port = 9998;
    run("ip route add 198.18.0.0/24 dev route0 table 100");
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        char command[128];
        snprintf(command, sizeof command, "ip rule add %s table 100 priority 1", rules[i]);
        check_missing(&config, KA_STEP_ROUTE, -ENETUNREACH);
        run(command);
        check_found(&config);
        run("ip rule del priority 1");
    }
    run("ip route flush table 100");
}

static void check_ipv6(void) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_address peer = {.ip = {0xfd, [15] = 2}, .family = 6, .port = 9};
    int32_t failed = -1;
    config.source = (struct ka_address){.ip = {0xfd, [15] = 1}, .family = 6, .port = 9998};
    run("ip address add fd00::1/64 dev route0 nodad");
    CHECK_EQ(ka_check_route(&config, &peer, &failed), 0);
    run("ip -6 route flush fd00::/64 && ip -6 route add fd00::/64 dev route0 table 100");
    CHECK_EQ(ka_check_route(&config, &peer, &failed), -ENETUNREACH);
    CHECK_EQ(failed, KA_STEP_ROUTE);
    run("ip -6 rule add ipproto tcp dport 9 table 100 priority 1");
    CHECK_EQ(ka_check_route(&config, &peer, &failed), 0);
    run("ip -6 rule add ipproto tcp sport 9998 priority 0 prohibit");
    CHECK_EQ(ka_check_route(&config, &peer, &failed), -EACCES);
    CHECK_EQ(failed, KA_STEP_ROUTE);
    run("ip address del fd00::1/64 dev route0");
    CHECK_EQ(ka_check_route(&config, &peer, &failed), -EADDRNOTAVAIL);
    CHECK_EQ(failed, KA_STEP_BIND);
}

/* A link whose mark has a route, of a process that may set no mark any more. */
static void check_without_privilege(void) {
    struct ka_config config = link_from(1);
    config.option[KA_SO_MARK] = 7;
    refuse(SYS_setsockopt, ANY_ARGUMENT, EPERM);
    check_found(&config);
}

/* A sandbox without netlink. UDP is asked for then. */
static void check_udp(void) {
    struct ka_config config = link_from(1);
    check_missing(&config, KA_STEP_ROUTE, -ENETUNREACH);
    config.option[KA_SO_MARK] = 7;
    check_found(&config);
}

static void check_without_netlink(void) {
    refuse(SYS_socket, AF_NETLINK, EAFNOSUPPORT);
    check_udp();
}

static void check_without_questions(void) {
    refuse(SYS_sendto, ANY_ARGUMENT, EPERM);
    check_udp();
}

static void check_sandboxes(void) {
    run("ip rule add fwmark 7 table 100 && ip route add 198.18.0.0/24 dev route0 table 100");
    check_in_child(check_without_privilege);
    check_in_child(check_without_netlink);
    check_in_child(check_without_questions);
    run("ip rule del fwmark 7 && ip route flush table 100");
}

static void check_device(void) {
    struct ka_config config = link_from(1);
    strcpy(config.device, "route0");
    run("ip rule add oif route0 table 100 && ip route add 198.18.0.0/24 dev route0 table 100");
    check_found(&config);
    config.device[0] = 0;
    check_missing(&config, KA_STEP_ROUTE, -ENETUNREACH);
    strcpy(config.device, "nowhere");
    check_missing(&config, KA_STEP_BINDTODEVICE, -ENODEV);
}

int main(void) {
    enter_own_namespace();
    run("ip link add route0 type veth peer name route1 && ip address add 198.18.0.1/24 dev route0");
    run("ip link set route0 up && ip link set route1 up");
    check_plain();
    check_family();
    check_mark();
    check_ports();
    check_ipv6();
    check_sandboxes();
    check_device();
    return 0;
}
