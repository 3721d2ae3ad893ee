// Counts every allocation of the process: the benchmarks and the tests link it, nothing else does.

#ifndef C_ALLOCATION_COUNT_H
#define C_ALLOCATION_COUNT_H

#include <stdint.h>

/// How often the process asked for memory since it began, by whichever thread.
uint64_t allocation_count(void);

/// Gives free memory back to the system, so that what is resident is what is in use.
void allocation_trim(void);

#endif
