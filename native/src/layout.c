/* Callers in other languages fill and read these structures by offset. A changed offset fails the build here,
 * and needs a new KA_ABI_VERSION. */
#include "keepalive4j.h"

#include <stddef.h>

_Static_assert(sizeof(struct ka_address) == 24, "ka_address");
_Static_assert(offsetof(struct ka_address, scope_id) == 16, "ka_address.scope_id");
_Static_assert(offsetof(struct ka_address, port) == 20, "ka_address.port");
_Static_assert(offsetof(struct ka_address, family) == 22, "ka_address.family");

_Static_assert(offsetof(struct ka_config, device) == KA_OPTION_COUNT * 8, "ka_config.device");
_Static_assert(offsetof(struct ka_config, source) == KA_OPTION_COUNT * 8 + 16, "ka_config.source");
_Static_assert(sizeof(struct ka_config) == KA_OPTION_COUNT * 8 + 40, "ka_config");

_Static_assert(offsetof(struct ka_md5_key, prefix_length) == 24, "ka_md5_key.prefix_length");
_Static_assert(offsetof(struct ka_md5_key, length) == 28, "ka_md5_key.length");
_Static_assert(offsetof(struct ka_md5_key, key) == 32, "ka_md5_key.key");
_Static_assert(sizeof(struct ka_md5_key) == 32 + KA_MD5_KEY_SIZE, "ka_md5_key");

_Static_assert(sizeof(struct ka_listen_config) == 16, "ka_listen_config");

_Static_assert(sizeof(struct ka_watch_config) == 40, "ka_watch_config");

_Static_assert(offsetof(struct ka_watch_config, liveness) == 8, "ka_watch_config.liveness");
_Static_assert(offsetof(struct ka_watch_config, defer_evidence) == 12, "ka_watch_config.defer_evidence");
_Static_assert(offsetof(struct ka_watch_config, probe_interval_ns) == 16,
               "ka_watch_config.probe_interval_ns");
_Static_assert(offsetof(struct ka_watch_config, probe_deadline_ns) == 24,
               "ka_watch_config.probe_deadline_ns");
_Static_assert(offsetof(struct ka_watch_config, interface) == 32, "ka_watch_config.interface");

_Static_assert(sizeof(struct ka_observation) == 80, "ka_observation");

_Static_assert(offsetof(struct ka_event, verdict_ns) == 8, "ka_event.verdict_ns");
_Static_assert(offsetof(struct ka_event, last_heard_ns) == 16, "ka_event.last_heard_ns");
_Static_assert(offsetof(struct ka_event, fd) == 24, "ka_event.fd");
_Static_assert(offsetof(struct ka_event, type) == 28, "ka_event.type");
_Static_assert(offsetof(struct ka_event, cause) == 32, "ka_event.cause");
_Static_assert(offsetof(struct ka_event, error) == 36, "ka_event.error");
_Static_assert(offsetof(struct ka_event, probes) == 40, "ka_event.probes");
_Static_assert(offsetof(struct ka_event, byte) == 44, "ka_event.byte");
_Static_assert(offsetof(struct ka_event, tcp_info_length) == 48, "ka_event.tcp_info_length");
_Static_assert(offsetof(struct ka_event, tcp_info) == 56, "ka_event.tcp_info");
_Static_assert(sizeof(struct ka_event) == 56 + KA_TCP_INFO_SIZE, "ka_event");

_Static_assert(offsetof(struct ka_socket_id, fd) == 8, "ka_socket_id.fd");
_Static_assert(sizeof(struct ka_socket_id) == 16, "ka_socket_id");

_Static_assert(offsetof(struct ka_socket_look, fd) == 8, "ka_socket_look.fd");
_Static_assert(offsetof(struct ka_socket_look, error) == 12, "ka_socket_look.error");
_Static_assert(offsetof(struct ka_socket_look, skip_options) == 16, "ka_socket_look.skip_options");
_Static_assert(offsetof(struct ka_socket_look, state) == 20, "ka_socket_look.state");
_Static_assert(offsetof(struct ka_socket_look, keepalive) == 24, "ka_socket_look.keepalive");
_Static_assert(offsetof(struct ka_socket_look, idle_s) == 28, "ka_socket_look.idle_s");
_Static_assert(offsetof(struct ka_socket_look, interval_s) == 32, "ka_socket_look.interval_s");
_Static_assert(offsetof(struct ka_socket_look, count) == 36, "ka_socket_look.count");
_Static_assert(offsetof(struct ka_socket_look, user_timeout_ms) == 40, "ka_socket_look.user_timeout_ms");
_Static_assert(offsetof(struct ka_socket_look, probes) == 44, "ka_socket_look.probes");
_Static_assert(offsetof(struct ka_socket_look, retransmits) == 48, "ka_socket_look.retransmits");
_Static_assert(offsetof(struct ka_socket_look, backoff) == 52, "ka_socket_look.backoff");
_Static_assert(offsetof(struct ka_socket_look, unacked) == 56, "ka_socket_look.unacked");
_Static_assert(offsetof(struct ka_socket_look, not_sent) == 64, "ka_socket_look.not_sent");
_Static_assert(offsetof(struct ka_socket_look, send_window) == 72, "ka_socket_look.send_window");
_Static_assert(offsetof(struct ka_socket_look, queued_bytes) == 80, "ka_socket_look.queued_bytes");
_Static_assert(offsetof(struct ka_socket_look, since_ack_ms) == 88, "ka_socket_look.since_ack_ms");
_Static_assert(offsetof(struct ka_socket_look, since_heard_ms) == 96, "ka_socket_look.since_heard_ms");
_Static_assert(offsetof(struct ka_socket_look, since_sent_ms) == 104, "ka_socket_look.since_sent_ms");
_Static_assert(offsetof(struct ka_socket_look, rto_us) == 112, "ka_socket_look.rto_us");
_Static_assert(sizeof(struct ka_socket_look) == 120, "ka_socket_look");

int ka_abi_version(void) {
    return KA_ABI_VERSION;
}
