// The least that edge to output can take here: plain C on libgpiod 1.6, to hold the driver's figure against.
//
// One input and two outputs; the same wire is cut, and the same two coils go off, as in the driver's own measurement.
#include <fcntl.h>
#include <gpiod.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef GPIOD_LINE_BULK_INITIALIZER
enum { ROUNDS = 300 };

static int64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void pull(int file, const char *to) {
    if (pwrite(file, to, strlen(to), 0) < 0) perror("pull");
}

static int by_length(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    struct gpiod_line *wire = gpiod_line_find("ESTOP_OK");
    struct gpiod_line *coils[2] = {gpiod_line_find("K1_DRIVE"), gpiod_line_find("K2_DRIVE")};
    int file = open(arguments[1], O_WRONLY);
    if (!wire || !coils[0] || !coils[1] || file < 0) return 1;
    gpiod_line_request_both_edges_events(wire, "latency");
    for (int index = 0; index < 2; index++) gpiod_line_request_output(coils[index], "latency", 0);
    struct pollfd polled = {.fd = gpiod_line_event_get_fd(wire), .events = POLLIN | POLLPRI};
    int64_t times[ROUNDS];
    struct gpiod_line_event event;
    for (int round = 0; round < ROUNDS; round++) {
        pull(file, "pull-up");
        poll(NULL, 0, 3);
        while (poll(&polled, 1, 0) > 0) gpiod_line_event_read(wire, &event);
        for (int index = 0; index < 2; index++) gpiod_line_set_value(coils[index], 1);
        int64_t began = nanoseconds();
        pull(file, "pull-down");
        poll(&polled, 1, -1);
        gpiod_line_event_read(wire, &event);
        if (gpiod_line_get_value(wire) == 0)
            for (int index = 0; index < 2; index++) gpiod_line_set_value(coils[index], 0);
        times[round] = (nanoseconds() - began) / 1000;
    }
    qsort(times, ROUNDS, sizeof *times, by_length);
    printf("the same in plain C: median %lld us, p99 %lld us, most %lld us\n", (long long)times[ROUNDS / 2],
        (long long)times[ROUNDS * 99 / 100], (long long)times[ROUNDS - 1]);
    return 0;
}
#else
int main(void) { return 0; }
#endif
