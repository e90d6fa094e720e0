#include "chunks.h"

#include "protocol.h"

static int is_over(const struct ka_received *received) {
    return received->left || received->ended || received->violation;
}

/* Parses the stream until it is over, with a cut before every byte whose bit is set. */
static struct ka_received parse_in_chunks(enum ka_role role, int owed, const uint8_t *bytes, size_t count,
                                          uint64_t cuts) {
    struct ka_received all = {0};
    size_t begin = 0;
    while (begin < count && !is_over(&all)) {
        size_t end = begin + 1;
        while (end < count && (cuts >> end % 64 & 1) == 0) {
            end++;
        }
        struct ka_received received = ka_parse(role, owed - all.answer, bytes + begin, end - begin);
        all.answer += received.answer;
        all.probe |= received.probe;
        all.query |= received.query;
        all.hold_back |= received.hold_back;
        all.promise |= received.promise;
        all.left = received.left;
        all.ended = received.ended;
        all.violation = received.violation;
        all.byte = received.byte;
        begin = end;
    }
    return all;
}

static int is_known(enum ka_role role, int *owed, uint8_t byte) {
    if (role == KA_ROLE_SOURCE) {
        return byte == 'P' || byte == 'Q' || byte == 'Y';
    }
    return byte == 'H' || (byte == 'A' && (*owed)-- > 0);
}

/* Counts the bytes at the front of the stream that this role may receive. */
static size_t count_known(enum ka_role role, int owed, const uint8_t *bytes, size_t count) {
    size_t known = 0;
    while (known < count && is_known(role, &owed, bytes[known])) {
        known++;
    }
    return known;
}

void chunks(struct input *input) {
    enum ka_role role = take_u8(input) % 2;
    int owed = role == KA_ROLE_BACKUP ? take_u8(input) : 0;
    uint64_t cuts = (uint64_t)take_u32(input) << 32 | take_u32(input);
    const uint8_t *bytes = input->bytes;
    struct ka_received whole = ka_parse(role, owed, bytes, input->left);
    struct ka_received cut = parse_in_chunks(role, owed, bytes, input->left, cuts);
    INVARIANT(whole.left == cut.left && whole.ended == cut.ended && whole.violation == cut.violation &&
              whole.byte == cut.byte);
    INVARIANT(whole.answer == cut.answer && whole.probe == cut.probe && whole.query == cut.query);
    INVARIANT(whole.hold_back == cut.hold_back && whole.promise == cut.promise);

    size_t known = count_known(role, owed, bytes, input->left);
    int leaves = known < input->left && role == KA_ROLE_BACKUP && bytes[known] == 'G';
    int ends = known < input->left && role == KA_ROLE_BACKUP && bytes[known] == 'E';
    int breaks = known < input->left && !leaves && !ends;
    INVARIANT(whole.left == leaves && whole.ended == ends && whole.violation == breaks);
    INVARIANT(whole.byte == (breaks ? bytes[known] : 0));
}
