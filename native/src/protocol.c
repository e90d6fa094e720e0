#include "protocol.h"

static int is_farewell(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_BACKUP && byte == 'G';
}

static int is_probe(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_SOURCE && byte == 'P';
}

static int is_query(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_SOURCE && byte == 'Q';
}

static int is_answer(enum ka_role role, uint8_t byte) {
    return role == KA_ROLE_BACKUP && byte == 'A';
}

struct ka_heard ka_hear(enum ka_role role, int answers_owed, const uint8_t *bytes, size_t count) {
    struct ka_heard heard = {0};
    for (size_t i = 0; i < count; i++) {
        if (is_farewell(role, bytes[i])) {
            heard.left = 1;
            return heard;
        }
        if (is_query(role, bytes[i])) {
            heard.query = 1;
        } else if (is_answer(role, bytes[i]) && heard.answer < answers_owed) {
            heard.answer++;
        } else if (is_probe(role, bytes[i])) {
            heard.probe = 1;
        } else {
            heard.violation = 1;
            heard.byte = bytes[i];
            return heard;
        }
    }
    return heard;
}
