#include "memory_lock.h"

#include "thread.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* MLOCK_ONFAULT of linux/mman.h, since Linux 4.4. The C library has mlock2() only since 2.27. */
#define ON_FAULT 1U

/* Longer than any line of maps: addresses, and the longest path. */
#define LINE_SIZE (4096 + 256)

/* The stacks of the detector, of the caller's own thread and of two callbacks: 1 MiB each is usual. */
#define STACKS_SIZE (4UL << 20)

struct mapping {
    uintptr_t start;
    uintptr_t end;
    unsigned long inode; /* 0 for no file */
    char permissions[5];
};

struct range {
    uintptr_t start;
    uintptr_t end;
};

/* Tells whether a mapping, or a part of it, is wanted, and cuts it down to that part. */
typedef int (*ka_mapping_test)(struct mapping *mapping, const void *wanted);

static int lock_pages(uintptr_t start, size_t size) {
    return syscall(SYS_mlock2, start, size, ON_FAULT) < 0 ? -errno : 0;
}

static int parse(const char *line, struct mapping *mapping) {
    return strstr(line, "[vsyscall]") == NULL && /* belongs to the kernel */
           sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %lu", &mapping->start, &mapping->end,
                  mapping->permissions, &mapping->inode) == 4;
}

/* Applies the call to each mapping that passes the test. Returns 0, or the first -errno. */
static int for_each_mapping(ka_mapping_test test, const void *wanted,
                            int (*call)(uintptr_t start, size_t size)) {
    char line[LINE_SIZE];
    struct mapping mapping;
    int result = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    if (maps == NULL) {
        return -errno;
    }
    while (result == 0 && fgets(line, sizeof line, maps) != NULL) {
        if (parse(line, &mapping) && test(&mapping, wanted)) {
            result = call(mapping.start, mapping.end - mapping.start);
        }
    }
    fclose(maps);
    return result;
}

static int is_code(struct mapping *mapping, const void *wanted) {
    (void)wanted;
    return mapping->permissions[2] == 'x';
}

static int holds(struct mapping *mapping, const void *address) {
    return mapping->start <= (uintptr_t)address && (uintptr_t)address < mapping->end;
}

/* A mapping may go while the list is read, as a JIT compiler's does. That one needs no lock. */
static int lock_unless_gone(uintptr_t start, size_t size) {
    int result = lock_pages(start, size);
    unsigned char resident;
    int gone = result == -ENOMEM && syscall(SYS_mincore, start, 1, &resident) < 0;
    return gone ? 0 : result;
}

static int unlock_unless_gone(uintptr_t start, size_t size) {
    syscall(SYS_munlock, start, size); /* sanitizers make munlock() do nothing */
    return 0;
}

/* Code, and the constants and variables of this library. */
static int for_library(int (*call)(uintptr_t start, size_t size)) {
    static const char constant = 0;
    static char variable;
    int result = for_each_mapping(is_code, NULL, call);
    if (result == 0) {
        result = for_each_mapping(holds, &constant, call);
    }
    return result == 0 ? for_each_mapping(holds, &variable, call) : result;
}

int ka_memory_lock_code(void) {
    return for_library(lock_unless_gone);
}

void ka_memory_unlock_code(void) {
    for_library(unlock_unless_gone);
}

/* The limit counts a mapping's whole size, so no page of this one need be used. */
int ka_memory_try_stacks(void) {
    void *stacks =
        mmap(NULL, STACKS_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stacks == MAP_FAILED) {
        return -errno;
    }
    int result = lock_pages((uintptr_t)stacks, STACKS_SIZE);
    munmap(stacks, STACKS_SIZE);
    return result;
}

/*
 * The kernel makes one mapping of a stack and of the memory beside it, such as the stack of a thread that has
 * ended. That memory changes hands, so it isn't locked.
 */
static int is_within(struct mapping *mapping, const void *wanted) {
    const struct range *range = wanted;
    mapping->start = mapping->start > range->start ? mapping->start : range->start;
    mapping->end = mapping->end < range->end ? mapping->end : range->end;
    return mapping->start < mapping->end;
}

static int for_stack(int (*call)(uintptr_t start, size_t size)) {
    struct range stack;
    size_t size;
    int result = ka_thread_stack(&stack.start, &size);
    if (result < 0) {
        return result;
    }
    stack.end = stack.start + size;
    return for_each_mapping(is_within, &stack, call);
}

int ka_memory_lock_stack(void) {
    return for_stack(lock_pages);
}

void ka_memory_unlock_stack(void) {
    for_stack(unlock_unless_gone);
}
