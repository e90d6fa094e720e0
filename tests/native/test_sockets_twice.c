/* Two network namespaces may each have a connection between the same two addresses. */
#include "loopback.h"

#include "check.h"
#include "namespace.h"

#include <errno.h>
#include <sched.h>

#define LISTENER_PORT 4000
#define LINK_PORT 4001

static void open_at_fixed_ports(struct pair *pair) {
    struct ka_config config = unset_config();
    config.source = loopback_address(4, LINK_PORT);
    pair->address = loopback_address(4, LISTENER_PORT);
    pair->listener = listen_at(&pair->address, 16, 0);
    CHECK_GE(pair->listener, 0);
    pair->link = connect_to(&pair->address, &config);
    pair->peer = accept_soon(pair->listener);
}

int main(void) {
    struct pair here;
    struct pair there;
    struct ka_address local = loopback_address(4, LINK_PORT);
    struct ka_address peer = loopback_address(4, LISTENER_PORT);
    enter_own_namespace();
    open_at_fixed_ports(&here);
    CHECK_EQ(unshare(CLONE_NEWNET), 0);
    run("ip link set lo up");
    open_at_fixed_ports(&there);
    int descriptors = count_descriptors();
    CHECK_EQ(ka_find_socket(&local, &peer), -ENOTUNIQ);
    CHECK_EQ(count_descriptors(), descriptors);
    close_pair(&here);
    int copy = ka_find_socket(&local, &peer);
    CHECK_GE(copy, 0);
    CHECK_EQ(ka_close(copy), 0);
    close_pair(&there);
    return 0;
}
