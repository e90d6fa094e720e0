#include "keepalive4j.h"

#include "address.h"
#include "options.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* A mark of 0 is every socket's, and setting it takes a privilege. */
static int apply_route_options(int fd, const struct ka_config *config, int32_t *failed) {
    struct ka_config route = *config;
    for (int i = 0; i < KA_OPTION_COUNT; i++) {
        route.option[i] = i == KA_SO_MARK && config->option[i] > 0 ? config->option[i] : KA_UNSET;
    }
    return ka_apply(fd, &route, failed);
}

/* Another socket has the port. */
static int bind_address(int fd, const struct ka_address *local, int32_t *failed) {
    struct ka_address any_port = *local;
    any_port.port = 0;
    *failed = KA_STEP_BIND;
    return local->family == 0 ? 0 : ka_bind(fd, &any_port);
}

/* The device comes first: in a VRF, an address is local to its devices only. */
static int ask(int fd, const struct ka_config *config, const struct ka_address *peer, int32_t *failed) {
    int result = apply_route_options(fd, config, failed);
    if (result == 0) {
        result = bind_address(fd, &config->source, failed);
    }
    if (result < 0) {
        return result;
    }
    struct sockaddr_storage storage;
    socklen_t length = ka_to_sockaddr(peer, &storage);
    *failed = KA_STEP_ROUTE;
    return connect(fd, (struct sockaddr *)&storage, length) < 0 ? -errno : 0;
}

int ka_check_route(const struct ka_config *config, const struct ka_address *peer, int32_t *failed) {
    *failed = KA_STEP_SOCKET;
    if (!ka_is_family(peer->family)) {
        return -EAFNOSUPPORT;
    }
    int fd = socket(peer->family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -errno;
    }
    int result = ask(fd, config, peer, failed);
    close(fd);
    return result;
}
