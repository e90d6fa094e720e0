#include "route.h"

#include "address.h"
#include "options.h"
#include "rtnetlink.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int send_question(int netlink_fd, const struct ka_route_key *key) {
    struct ka_rtnetlink_request request;
    uint8_t bytes = key->peer.family == 4 ? 4 : 16;
    struct rtmsg route = {.rtm_family = key->peer.family == 4 ? AF_INET : AF_INET6,
                          .rtm_dst_len = (uint8_t)(8 * bytes),
                          .rtm_src_len = (uint8_t)(key->local.family == 0 ? 0 : 8 * bytes)};
    uint32_t mark = (uint32_t)key->mark;
    uint8_t protocol = IPPROTO_TCP;
    uint16_t local_port = htons(key->local.port);
    uint16_t peer_port = htons(key->peer.port);
    ka_rtnetlink_begin(&request, RTM_GETROUTE, &route, sizeof route);
    ka_rtnetlink_add(&request, RTA_DST, key->peer.ip, bytes);
    if (key->local.family != 0) {
        ka_rtnetlink_add(&request, RTA_SRC, key->local.ip, bytes);
    }
    ka_rtnetlink_add(&request, RTA_IP_PROTO, &protocol, sizeof protocol);
    ka_rtnetlink_add(&request, RTA_SPORT, &local_port, sizeof local_port);
    ka_rtnetlink_add(&request, RTA_DPORT, &peer_port, sizeof peer_port);
    if (key->bound > 0) {
        ka_rtnetlink_add(&request, RTA_OIF, &key->bound, sizeof key->bound);
    }
    if (mark != 0) {
        ka_rtnetlink_add(&request, RTA_MARK, &mark, sizeof mark);
    }
    return ka_rtnetlink_send(netlink_fd, &request);
}

/* Of the kernel, or of a sandbox that plays one. */
static int is_no_answer(int32_t error) {
    return error == -ENOMEM || error == -ENOBUFS || error == -EOPNOTSUPP || error == -EPERM;
}

/* Returns as ka_route_ask. */
static int read_answer(int netlink_fd, int *answer) {
    uint8_t buffer[KA_RTNETLINK_SIZE];
    struct ka_rtnetlink_message message;
    const uint8_t *bytes = buffer;
    int length = ka_rtnetlink_receive(netlink_fd, buffer);
    size_t size = length < 0 ? 0 : (size_t)length;
    while (ka_rtnetlink_next(&bytes, &size, &message)) {
        if (message.type == RTM_NEWROUTE) {
            uint32_t index = ka_rtnetlink_attribute(&message, sizeof(struct rtmsg), RTA_OIF, 0);
            *answer = index == 0 ? -ENODEV : (int)index;
            return 0;
        }
        if (message.type == NLMSG_ERROR && message.size >= sizeof(int32_t)) {
            int32_t error;
            memcpy(&error, message.content, sizeof error);
            *answer = error < 0 ? error : -ENODEV;
            return is_no_answer(error) ? error : 0;
        }
    }
    return length < 0 ? length : -EPROTO;
}

int ka_route_ask(int netlink_fd, const struct ka_route_key *key, int *answer) {
    int result = send_question(netlink_fd, key);
    return result < 0 ? result : read_answer(netlink_fd, answer);
}

/* Binds to the device first: in a VRF, an address is local to its devices only. The port may be another
 * socket's. */
static int bind_scratch(int fd, const struct ka_config *config, int32_t *failed) {
    struct ka_config device_alone = *config;
    struct ka_address any_port = config->source;
    for (int i = 0; i < KA_OPTION_COUNT; i++) {
        device_alone.option[i] = KA_UNSET;
    }
    any_port.port = 0;
    int result = ka_apply(fd, &device_alone, failed);
    if (result == 0 && config->source.family != 0) {
        *failed = KA_STEP_BIND;
        result = ka_bind(fd, &any_port);
    }
    return result;
}

static int index_of(int fd, const char *device) {
    struct ifreq request = {0};
    if (device[0] == 0) {
        return 0;
    }
    memcpy(request.ifr_name, device, IFNAMSIZ);
    return ioctl(fd, SIOCGIFINDEX, &request) < 0 ? -errno : request.ifr_ifindex;
}

/* Returns as ka_route_ask. */
static int ask_netlink(int fd, const struct ka_config *config, const struct ka_address *peer, int *answer) {
    struct ka_route_key key = {.local = config->source,
                               .peer = *peer,
                               .mark = config->option[KA_SO_MARK] > 0 ? config->option[KA_SO_MARK] : 0,
                               .bound = index_of(fd, config->device)};
    if (key.bound < 0) {
        return key.bound;
    }
    int netlink_fd = ka_rtnetlink_open(0, fd);
    if (netlink_fd < 0) {
        return netlink_fd;
    }
    int result = ka_route_ask(netlink_fd, &key, answer);
    close(netlink_fd);
    return result;
}

/* By UDP's route, which differs from TCP's only where a rule names a protocol or a port. */
static int ask_socket(int fd, const struct ka_config *config, const struct ka_address *peer,
                      int32_t *failed) {
    struct ka_config mark_alone = *config;
    for (int i = 0; i < KA_OPTION_COUNT;
         i++) { /* a mark of 0 is every socket's; setting it takes a privilege */
        mark_alone.option[i] = i == KA_SO_MARK && config->option[i] > 0 ? config->option[i] : KA_UNSET;
    }
    mark_alone.device[0] = 0;
    int result = ka_apply(fd, &mark_alone, failed);
    if (result < 0) {
        return result;
    }
    struct sockaddr_storage storage;
    socklen_t length = ka_to_sockaddr(peer, &storage);
    *failed = KA_STEP_ROUTE;
    return connect(fd, (struct sockaddr *)&storage, length) < 0 ? -errno : 0;
}

/* A sandbox refuses netlink so. */
static int is_refusal(int result) {
    return result == -EAFNOSUPPORT || result == -EOPNOTSUPP || result == -EPERM || result == -EACCES ||
           result == -ENOSYS;
}

static int ask(int fd, const struct ka_config *config, const struct ka_address *peer, int32_t *failed) {
    int answer = 0;
    int result = bind_scratch(fd, config, failed);
    if (result < 0) {
        return result;
    }
    *failed = KA_STEP_SOCKET;
    result = ask_netlink(fd, config, peer, &answer);
    if (is_refusal(result)) {
        return ask_socket(fd, config, peer, failed);
    }
    if (result == 0) {
        *failed = KA_STEP_ROUTE;
        result = answer < 0 ? answer : 0;
    }
    return result;
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
