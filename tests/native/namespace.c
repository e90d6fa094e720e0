#include "namespace.h"

#include "check.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

static void lack(const char *privilege) {
    const char *ci = getenv("CI");
    fprintf(stderr, "needs %s\n", privilege);
    exit(ci != NULL && strcmp(ci, "true") == 0 ? EXIT_FAILURE : EXIT_SKIPPED);
}

void run(const char *command) {
    int status = system(command);
    if (status != 0) {
        fprintf(stderr, "%s: status %d\n", command, status);
    }
    CHECK_EQ(status, 0);
}

void enter_own_namespace(void) {
    if (unshare(CLONE_NEWNET) < 0) {
        CHECK_EQ(errno, EPERM);
        lack("CAP_SYS_ADMIN, to make a network namespace");
    }
    run("ip link set lo up");
    /* Drop in the input hook: if the output hook dropped a segment, the sender's kernel would see an error.
     */
    run("nft 'add table inet faults; add chain inet faults in { type filter hook input priority 0; }'");
}

static void put_rule(const char *place, const char *match, uint16_t port, const char *verdict) {
    char command[128];
    snprintf(command, sizeof command, "nft %s rule inet faults in tcp %s %u %s", place, match, port, verdict);
    run(command);
}

static void add_rule(const char *match, uint16_t port, const char *verdict) {
    put_rule("add", match, port, verdict);
}

void cut_port(uint16_t port) {
    add_rule("dport", port, "drop");
    add_rule("sport", port, "drop");
}

void reject_port(uint16_t port) {
    add_rule("dport", port, "reject with icmpx type host-unreachable");
}

void mend_port(uint16_t port) {
    put_rule("insert", "dport", port, "accept"); /* before the rules that drop */
    put_rule("insert", "sport", port, "accept");
}

void mend(void) {
    run("nft flush chain inet faults in");
}
