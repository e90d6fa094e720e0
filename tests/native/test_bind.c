/* A link is bound to a device and to a source address. */
#include "loopback.h"

#include "check.h"

#include <errno.h>
#include <string.h>

static void check_fails(const struct ka_config *config, int expected, int step) {
    int descriptors = count_descriptors();
    int32_t failed = -1;
    CHECK_EQ(ka_open(4, config, &failed), expected);
    CHECK_EQ(failed, step);
    CHECK_EQ(count_descriptors(), descriptors);
}

static void check_device(void) {
    struct ka_config config = unset_config();
    struct ka_config effective;
    struct pair pair;
    strcpy(config.device, "lo");
    open_pair(&pair, 4, &config);
    CHECK_EQ(ka_effective(pair.link, &effective), 0);
    CHECK_EQ(strcmp(effective.device, "lo"), 0);
    close_pair(&pair);
}

static void check_wrong_device(void) {
    struct ka_config config = unset_config();
    strcpy(config.device, "nosuchdevice");
    check_fails(&config, -ENODEV, KA_STEP_BINDTODEVICE);
    memset(config.device, 'x', KA_DEVICE_SIZE);
    check_fails(&config, -EINVAL, KA_STEP_BINDTODEVICE);
}

static void check_source_address(int family) {
    struct ka_config config = unset_config();
    struct ka_address local;
    struct pair pair;
    config.source = loopback_address(family, 0);
    if (family == 4) {
        config.source.ip[3] = 7; /* all of 127.0.0.0/8 is this host */
    }
    open_pair(&pair, family, &config);
    CHECK_EQ(ka_local_address(pair.link, &local), 0);
    CHECK_EQ(local.family, family);
    CHECK_EQ(memcmp(local.ip, config.source.ip, sizeof local.ip), 0);
    CHECK_GE(local.port, 1);
    close_pair(&pair);
}

static void check_wrong_source_address(void) {
    struct ka_config config = unset_config();
    config.source = (struct ka_address){.family = 4, .ip = {198, 51, 100, 1}}; /* TEST-NET-2 */
    check_fails(&config, -EADDRNOTAVAIL, KA_STEP_BIND);
    config.source = loopback_address(6, 0); /* on an IPv4 socket */
    check_fails(&config, -EAFNOSUPPORT, KA_STEP_BIND);
}

int main(void) {
    int descriptors = count_descriptors();
    check_device();
    check_wrong_device();
    check_source_address(4);
    check_source_address(6);
    check_wrong_source_address();
    CHECK_EQ(count_descriptors(), descriptors);
    return 0;
}
