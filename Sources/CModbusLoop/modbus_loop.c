// Slaves for the Modbus benchmark, and the plain loop on libmodbus that the driver is held against.
#define _GNU_SOURCE
#include "modbus_loop.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <modbus/modbus.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static pthread_t slaves[64];
static int slave_count;

static int start(void *(*body)(void *), intptr_t descriptor) {
    if (slave_count == 64) return -1;
    if (pthread_create(&slaves[slave_count], NULL, body, (void *)descriptor) != 0) return -1;
    slave_count += 1;
    return 0;
}

double modbus_loop_slave_seconds(void) {
    double sum = 0;
    for (int index = 0; index < slave_count; index++) {
        clockid_t clock;
        struct timespec used;
        if (pthread_getcpuclockid(slaves[index], &clock) == 0 && clock_gettime(clock, &used) == 0)
            sum += (double)used.tv_sec + (double)used.tv_nsec / 1e9;
    }
    return sum;
}

// One client after another: the benchmark has one at a time.
static void *serve_tcp(void *listener) {
    modbus_t *context = modbus_new_tcp("127.0.0.1", 1502);
    modbus_mapping_t *mapping = modbus_mapping_new(0, 0, 0, 100);
    for (;;) {
        int client = accept((int)(intptr_t)listener, NULL, NULL);
        if (client < 0) continue;
        int one = 1;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        modbus_set_socket(context, client);
        uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
        for (int length; (length = modbus_receive(context, request)) > 0;) modbus_reply(context, request, length, mapping);
        close(client);
    }
    return NULL;
}

int modbus_loop_serve_tcp(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 4) != 0) return -1;
    getsockname(listener, (struct sockaddr *)&address, &length);
    return start(serve_tcp, listener) == 0 ? ntohs(address.sin_port) : -1;
}

static uint16_t checksum(const uint8_t *bytes, int count) {
    uint16_t sum = 0xFFFF;
    for (int index = 0; index < count; index++) {
        sum ^= bytes[index];
        for (int bit = 0; bit < 8; bit++) sum = sum & 1 ? (uint16_t)(sum >> 1 ^ 0xA001) : (uint16_t)(sum >> 1);
    }
    return sum;
}

// libmodbus as a slave has one unit number; eight meters on a line have eight.
static void *serve_rtu(void *descriptor) {
    int line = (int)(intptr_t)descriptor;
    uint8_t request[8], answer[256] = {0};
    for (int have = 0;;) {
        ssize_t got = read(line, request + have, sizeof request - (size_t)have);
        if (got <= 0) return NULL;
        have += (int)got;
        if (have < 8) continue;
        have = 0;
        int bytes = 2 * (request[4] << 8 | request[5]);
        if (bytes > 250) continue;
        answer[0] = request[0];
        answer[1] = request[1];
        answer[2] = (uint8_t)bytes;
        memset(answer + 3, 0, (size_t)bytes);
        uint16_t sum = checksum(answer, 3 + bytes);
        answer[3 + bytes] = (uint8_t)sum;
        answer[4 + bytes] = (uint8_t)(sum >> 8);
        if (write(line, answer, (size_t)bytes + 5) < 0) return NULL;
    }
}

int modbus_loop_serve_rtu(char path[64]) {
    int line = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (line < 0 || grantpt(line) != 0 || unlockpt(line) != 0 || ptsname_r(line, path, 64) != 0) return -1;
    // The other end is kept open, so that the line outlives its users.
    int end = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios raw;
    if (end < 0 || tcgetattr(end, &raw) != 0) return -1;
    cfmakeraw(&raw);
    if (tcsetattr(end, TCSANOW, &raw) != 0) return -1;
    return start(serve_rtu, line);
}

int modbus_loop_read(int port, int reads) {
    modbus_t *context = modbus_new_tcp("127.0.0.1", port);
    uint16_t words[16];
    int answered = 0;
    if (modbus_connect(context) == 0) {
        for (int index = 0; index < reads; index++)
            answered += modbus_read_input_registers(context, 0, 10 + index % 2, words) == 10 + index % 2;
        modbus_close(context);
    }
    modbus_free(context);
    return answered;
}
