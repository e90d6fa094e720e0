/* The file that is in the jar, loaded at run time: it finds a closed link whatever C library this program
 * has. */
#include "loopback.h"

#include "check.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

struct shim {
    int (*abi_version)(void);
    int (*open)(int, const struct ka_config *, int32_t *);
    int (*connect)(int, const struct ka_address *, int);
    int (*await)(int, const struct ka_watch_config *, struct ka_observation *, int, struct ka_event *);
    int (*monitor_open)(struct ka_monitor **);
    int (*monitor_close)(struct ka_monitor *);
    int (*close)(int);
};

/* ISO C has no conversion from what dlsym returns to a function. */
static void find(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    CHECK(found != NULL);
    memcpy(function, &found, sizeof(found));
}

static struct shim load(const char *path) {
    struct shim shim;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
    }
    CHECK(library != NULL);
    find(library, "ka_abi_version", &shim.abi_version);
    find(library, "ka_open", &shim.open);
    find(library, "ka_connect", &shim.connect);
    find(library, "ka_await", &shim.await);
    find(library, "ka_monitor_open", &shim.monitor_open);
    find(library, "ka_monitor_close", &shim.monitor_close);
    find(library, "ka_close", &shim.close);
    return shim;
}

int main(int argc, char **argv) {
    struct ka_config config = keepalive_config(1, 1, 5);
    struct ka_watch_config backup = {.role = KA_ROLE_BACKUP};
    struct ka_observation observation = {0};
    struct ka_address address;
    struct ka_event event;
    struct ka_monitor *monitor;
    int32_t failed;
    CHECK_EQ(argc, 2);
    struct shim shim = load(argv[1]);
    CHECK_EQ(shim.abi_version(), KA_ABI_VERSION);
    CHECK_EQ(shim.monitor_open(&monitor), 0);
    CHECK_EQ(shim.monitor_close(monitor), 0);
    int listener = listen_on_loopback(4, &address);
    int link = shim.open(4, &config, &failed);
    CHECK_GE(link, 0);
    CHECK_EQ(shim.connect(link, &address, PATIENCE_MS), 0);
    CHECK_EQ(close(accept_soon(listener)), 0);
    CHECK_EQ(shim.await(link, &backup, &observation, PATIENCE_MS, &event), 1);
    CHECK_EQ(shim.close(link), 0);
    CHECK_EQ(close(listener), 0);
    return 0;
}
