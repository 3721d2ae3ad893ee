// What Swift cannot import from libmodbus and from the kernel by itself: macros, variadic calls, and one function
// that is younger than Debian 12's library.

#ifndef HOLDFAST_CLIBMODBUS_SHIM_H
#define HOLDFAST_CLIBMODBUS_SHIM_H

#include <errno.h>
#include <modbus.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>

/// libmodbus' own error numbers: macros over an enumeration, which Swift does not import.
static const int holdfast_modbus_bad_checksum = EMBBADCRC;
static const int holdfast_modbus_bad_data = EMBBADDATA;

/// Sends a request over TCP with a transaction number of our choice. libmodbus has a call for that since 3.1.11;
/// before, `modbus_send_raw_request` sends every request with the number 0, so that an answer which comes late could
/// not be told from the next one. `request` begins with unit and function.
static inline int holdfast_modbus_send_tcp(
    modbus_t *context, const uint8_t *request, int length, uint16_t transaction)
{
#if LIBMODBUS_VERSION_CHECK(3, 1, 11)
    return modbus_send_raw_request_tid(context, request, length, transaction);
#else
    uint8_t frame[MODBUS_TCP_MAX_ADU_LENGTH];
    if (length < 2 || length > MODBUS_MAX_PDU_LENGTH + 1) {
        errno = EINVAL;
        return -1;
    }
    frame[0] = (uint8_t)(transaction >> 8);
    frame[1] = (uint8_t)transaction;
    frame[2] = 0;
    frame[3] = 0;
    frame[4] = (uint8_t)(length >> 8);
    frame[5] = (uint8_t)length;
    memcpy(frame + 6, request, (size_t)length);
    return (int)send(modbus_get_socket(context), frame, (size_t)length + 6, MSG_NOSIGNAL);
#endif
}

/// Bytes that can be read without waiting, or -1.
static inline int holdfast_bytes_waiting(int descriptor)
{
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) < 0 ? -1 : count;
}

/// Keeps everybody else away from a serial line: O_EXCL means nothing on a tty. 0, or -1 with errno EWOULDBLOCK if
/// somebody holds it. TIOCEXCL stops whoever opens it later; the lock stops another Holdfast, root included.
static inline int holdfast_make_exclusive(int descriptor)
{
    if (flock(descriptor, LOCK_EX | LOCK_NB) < 0) return -1;
    return ioctl(descriptor, TIOCEXCL);
}

#endif
