#include "keepalive4j.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define IPV4_BITS 32
#define IPV6_BITS 128

_Static_assert(KA_MD5_KEY_SIZE == TCP_MD5SIG_MAXKEYLEN, "KA_MD5_KEY_SIZE");

/* Like explicit_bzero(3), which needs glibc 2.25. This library needs 2.17 only. */
static void wipe(void *bytes, size_t size) {
    memset(bytes, 0, size);
    __asm__ volatile("" : : "r"(bytes) : "memory");
}

static int bits_of(const struct ka_md5_key *key) {
    return key->network.family == 4 ? IPV4_BITS : IPV6_BITS;
}

static int check(const struct ka_md5_key *key) {
    if (key->network.family != 4 && key->network.family != 6) {
        return -EAFNOSUPPORT;
    }
    int prefix_fits = key->prefix_length >= 0 && key->prefix_length <= bits_of(key);
    return prefix_fits && key->length >= 1 && key->length <= KA_MD5_KEY_SIZE ? 0 : -EINVAL;
}

static void put_ipv4(const struct ka_address *network, struct tcp_md5sig *signature) {
    struct sockaddr_in in = {.sin_family = AF_INET};
    memcpy(&in.sin_addr, network->ip, 4);
    memcpy(&signature->tcpm_addr, &in, sizeof in);
}

/* An IPv4 network becomes its mapped address, but keeps its IPv4 prefix length (tcp_v6_parse_md5_keys()). */
static void put_ipv6(const struct ka_address *network, struct tcp_md5sig *signature) {
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (network->family == 6) {
        memcpy(&in6.sin6_addr, network->ip, 16);
    } else {
        memset(&in6.sin6_addr.s6_addr[10], 0xff, 2);
        memcpy(&in6.sin6_addr.s6_addr[12], network->ip, 4);
    }
    memcpy(&signature->tcpm_addr, &in6, sizeof in6);
}

static int set(int fd, int domain, const struct ka_md5_key *key) {
    struct tcp_md5sig signature = {.tcpm_keylen = (uint16_t)key->length};
    int single = key->prefix_length == bits_of(key);
    if (domain == AF_INET) {
        put_ipv4(&key->network, &signature);
    } else {
        put_ipv6(&key->network, &signature);
    }
    if (!single) {
        signature.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX;
        signature.tcpm_prefixlen = (uint8_t)key->prefix_length;
    }
    memcpy(signature.tcpm_key, key->key, (size_t)key->length);
    int name = single ? TCP_MD5SIG : TCP_MD5SIG_EXT;
    int result = setsockopt(fd, IPPROTO_TCP, name, &signature, sizeof signature) < 0 ? -errno : 0;
    wipe(&signature, sizeof signature);
    return result;
}

int ka_set_md5_key(int fd, const struct ka_md5_key *key) {
    int result = check(key);
    if (result < 0) {
        return result;
    }
    int domain = 0;
    socklen_t length = sizeof domain;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) < 0) {
        return -errno;
    }
    return domain == AF_INET && key->network.family == 6 ? -EAFNOSUPPORT : set(fd, domain, key);
}
