// The part of GPIO that libgpiod 1.6 and libgpiod 2 have in common: one line, one handle.
//
// Functions that can fail return 0 or an errno value. Nothing here waits. A handle belongs to one thread.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// One line, held.
typedef struct holdfast_gpio_line holdfast_gpio_line;

/// What the chip does with a line that nobody drives.
typedef enum holdfast_gpio_bias {
    HOLDFAST_GPIO_BIAS_AS_IS,
    HOLDFAST_GPIO_BIAS_DISABLED,
    HOLDFAST_GPIO_BIAS_PULL_UP,
    HOLDFAST_GPIO_BIAS_PULL_DOWN,
} holdfast_gpio_bias;

/// How a line is to be held. Levels are logical: with is_active_low, true is the low voltage.
typedef struct holdfast_gpio_wish {
    /// Only chips with this label; NULL: any chip.
    const char *chip_label;
    /// The line's name, as the device tree or the firmware gives it.
    const char *line_name;
    /// Who holds it, for gpioinfo; the kernel keeps 31 bytes.
    const char *consumer;
    bool is_output;
    bool is_active_low;
    holdfast_gpio_bias bias;
    /// Outputs: the level from the very call that takes the line.
    bool first_level;
    /// Inputs: how long the kernel waits for a level to settle; 0: it does not. libgpiod 1.6: ENOTSUP unless 0.
    uint32_t debounce_microseconds;
} holdfast_gpio_wish;

/// The version of the library that this is linked with.
const char *holdfast_gpio_library_version(void);

/// Whether the kernel's debounce can be asked for: with libgpiod 2.
bool holdfast_gpio_kernel_debounces(void);

/// Takes a line: finds it by name, sets direction, polarity, bias and first level in one call of the kernel.
///
/// ENOENT: no such line; ENOTUNIQ: several of that name; EBUSY: held by somebody; EACCES: the chips may not be opened.
int holdfast_gpio_take(const holdfast_gpio_wish *wish, holdfast_gpio_line **line);

/// Lets a line go. What it does then is the chip driver's affair.
void holdfast_gpio_release(holdfast_gpio_line *line);

/// Sets an output. ENODEV: the chip is gone.
int holdfast_gpio_set(holdfast_gpio_line *line, bool level);

/// Reads the level. ENODEV: the chip is gone.
int holdfast_gpio_get(holdfast_gpio_line *line, bool *level);

/// Readable when an edge waits, broken (POLLERR, POLLHUP) when the chip is gone; -1 for outputs.
int holdfast_gpio_descriptor(const holdfast_gpio_line *line);

/// Reads away the edges that wait, up to a bound, and says how many. They say when to look, never what the level is:
/// of more than 16 the kernel's first interface loses the newest, its second the oldest.
int holdfast_gpio_take_edges(holdfast_gpio_line *line, uint32_t *count);

/// What the kernel tells of a line to somebody who does not take it.
typedef struct holdfast_gpio_sight {
    /// The chip's name (`gpiochip0`) and label, and the line's place on it.
    char chip[32];
    char label[32];
    unsigned offset;
    /// Whether somebody holds it, and under what name; the kernel tells no process.
    bool is_held;
    char holder[32];
} holdfast_gpio_sight;

/// Looks a line up by name without taking it. Returns what `holdfast_gpio_take` returns, but never EBUSY.
int holdfast_gpio_look(const char *chip_label, const char *line_name, holdfast_gpio_sight *sight);
