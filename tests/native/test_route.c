/*
 * ka_check_route asks by a link's mark, device and local address: what is a route for the link is one for the
 * question, and what is none is none.
 */
#include "loopback.h"
#include "namespace.h"

#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
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
    check_device();
    return 0;
}
