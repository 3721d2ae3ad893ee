// What the Modbus driver is held against, and the slaves that both ask: plain C. In the benchmarks and nowhere else.
#pragma once

/// Serves 100 input registers, all 0, by libmodbus on a port of the loopback, from threads of its own, until the process
/// ends. Returns the port, or -1.
int modbus_loop_serve_tcp(void);

/// Serves every unit of a serial line (a pseudo terminal) from a thread of its own: input registers, all 0. Writes its path.
/// Returns 0 or -1.
int modbus_loop_serve_rtu(char path[64]);

/// The processor time of all slaves so far, in seconds.
double modbus_loop_slave_seconds(void);

/// The plain loop on libmodbus: so many reads of 10 and 11 registers in turn. Returns how many were answered.
int modbus_loop_read(int port, int reads);
