#include "cable.h"

#include "check.h"
#include "namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int near_namespace;
static int far_namespace;

static int open_namespace(void) {
    int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    CHECK_GE(fd, 0);
    return fd;
}

void go_far(void) {
    CHECK_EQ(setns(far_namespace, CLONE_NEWNET), 0);
}

void come_back(void) {
    CHECK_EQ(setns(near_namespace, CLONE_NEWNET), 0);
}

void run_far(const char *command) {
    go_far();
    run(command);
    come_back();
}

/* The kernel reports changes of an interface at once if its index differs from that of its other end, as with
 * any virtual one. Else it reports a second one within a second only after that. */
void lay_cable(void) {
    char command[112];
    enter_own_namespace();
    near_namespace = open_namespace();
    CHECK_EQ(unshare(CLONE_NEWNET), 0);
    far_namespace = open_namespace();
    come_back();
    snprintf(command, sizeof command,
             "ip link add near0 index 70 type veth peer name far0 netns /proc/%d/fd/%d", getpid(),
             far_namespace);
    run(command);
    run("ip address add 198.18.0.1/24 dev near0 && ip link set near0 up");
    run_far("ip link set lo up && ip address add 198.18.0.2/24 dev far0 && ip link set far0 up");
    plug_in();
}

void move_away(const char *name) {
    char command[96];
    snprintf(command, sizeof command, "ip link set %s netns /proc/%d/fd/%d", name, getpid(), far_namespace);
    run(command);
}

static void await_carrier(int result) {
    int64_t limit_ns = now_ns() + PATIENCE_MS * 1000000LL;
    while (ka_check_carrier(index_of("near0")) != result) {
        CHECK_LE(now_ns(), limit_ns);
        usleep(1000);
    }
}

void plug_in(void) {
    run_far("ip link set far0 up");
    await_carrier(0);
}

void unplug(void) {
    run_far("ip link set far0 down");
    await_carrier(-ENETDOWN);
}

void open_far_pair(struct pair *pair, const struct ka_config *config) {
    struct ka_address any = {.family = 4, .ip = {198, 18, 0, 2}};
    go_far();
    pair->listener = listen_at(&any, 16, 0);
    CHECK_GE(pair->listener, 0);
    CHECK_EQ(ka_local_address(pair->listener, &pair->address), 0);
    come_back();
    pair->link = connect_to(&pair->address, config);
    pair->peer = accept_soon(pair->listener);
}

int index_of(const char *name) {
    int index = (int)if_nametoindex(name);
    CHECK_GE(index, 1);
    return index;
}
