// Walks the machine's GPIO chips. Each body says how it looks at one.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

/// Edges read away in one call at most: a line that storms must not hold the loop.
enum { EDGES_AT_MOST = 256, EDGES_IN_ONE_READ = 16 };

/// What one body knows of a chip while it is searched: whether it counts, and how many of its lines have the name.
/// Sets `*matches`, remembers the first match, and returns 0 or an errno value.
typedef int (*chip_search)(const char *path, void *context, unsigned *matches);

/// Looks at every chip. Links are passed over: Raspberry Pi OS has a second name for one chip.
static inline int search_chips(chip_search search, void *context) {
    glob_t paths;
    if (glob("/dev/gpiochip*", 0, NULL, &paths) != 0) return ENOENT;
    unsigned found = 0;
    int refused = 0;
    for (size_t index = 0; index < paths.gl_pathc; index++) {
        struct stat status;
        unsigned matches = 0;
        if (lstat(paths.gl_pathv[index], &status) != 0 || !S_ISCHR(status.st_mode)) continue;
        int error = search(paths.gl_pathv[index], context, &matches);
        // A chip that goes while it is looked at is one chip less.
        if (error != 0 && error != ENODEV && error != ENOENT) refused = error;
        found += matches;
    }
    globfree(&paths);
    if (found == 1) return 0;
    if (found > 1) return ENOTUNIQ;
    return refused != 0 ? refused : ENOENT;
}

/// Reads of edges must never wait.
static inline int make_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ? errno : 0;
}

/// Copies as much of a name as there is room for.
static inline void copy_name(char to[32], const char *from) {
    strncpy(to, from ? from : "", 31);
    to[31] = 0;
}
