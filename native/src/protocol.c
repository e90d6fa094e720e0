#include "protocol.h"

static int is_farewell(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_BACKUP && byte == KA_FAREWELL;
}

static int is_end(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_BACKUP && byte == KA_ENDED;
}

static int is_probe(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_SOURCE && byte == KA_PROBE;
}

static int is_query(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_SOURCE && byte == KA_QUERY;
}

static int is_answer(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_BACKUP && byte == KA_ANSWER;
}

static int is_hold_back(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_BACKUP && byte == KA_HOLD_BACK;
}

static int is_promise(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_SOURCE && byte == KA_PROMISE;
}

struct ka_received ka_parse(enum ka_role role, int answers_owed, const uint8_t *bytes, size_t count) {
    struct ka_received received = {0};
    for (size_t i = 0; i < count; i++) {
        if (is_farewell(role, bytes[i])) {
            received.left = 1;
            return received;
        }
        if (is_end(role, bytes[i])) {
            received.ended = 1;
            return received;
        }
        if (is_query(role, bytes[i])) {
            received.query = 1;
        } else if (is_answer(role, bytes[i]) && received.answer < answers_owed) {
            received.answer++;
        } else if (is_probe(role, bytes[i])) {
            received.probe = 1;
        } else if (is_hold_back(role, bytes[i])) {
            received.hold_back = 1;
        } else if (is_promise(role, bytes[i])) {
            received.promise = 1;
        } else {
            received.violation = 1;
            received.byte = bytes[i];
            return received;
        }
    }
    return received;
}
