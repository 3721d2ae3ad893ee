// The body for libgpiod 1.6 (Debian 12): the kernel's first interface.
#include <gpiod.h>
#ifdef GPIOD_LINE_BULK_INITIALIZER // only 1.x has it; neither version says which it is
#include "gpio_find.h"
#include "holdfast_gpio.h"
#include <stdlib.h>

struct holdfast_gpio_line {
    struct gpiod_chip *chip; // owns the line
    struct gpiod_line *line;
    int descriptor;
};

const char *holdfast_gpio_library_version(void) { return gpiod_version_string(); }
bool holdfast_gpio_kernel_debounces(void) { return false; }

struct place {
    const holdfast_gpio_wish *wish;
    struct gpiod_chip *chip;
    struct gpiod_line *line;
};

static int search(const char *path, void *context, unsigned *matches) {
    struct place *place = context;
    struct gpiod_chip *chip = gpiod_chip_open(path);
    if (!chip) return errno;
    int error = 0;
    struct gpiod_line *match = NULL;
    const char *label = place->wish->chip_label;
    if (!label || strcmp(gpiod_chip_label(chip), label) == 0) {
        for (unsigned offset = 0; offset < gpiod_chip_num_lines(chip); offset++) {
            struct gpiod_line *line = gpiod_chip_get_line(chip, offset);
            if (!line) {
                error = errno;
                break;
            }
            const char *name = gpiod_line_name(line);
            if (!name || strcmp(name, place->wish->line_name) != 0) continue;
            *matches += 1;
            match = line;
        }
    }
    if (match && !place->chip) {
        place->chip = chip;
        place->line = match;
    } else {
        gpiod_chip_close(chip);
    }
    return error;
}

static int flags_of(const holdfast_gpio_wish *wish) {
    int flags = wish->is_active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
    switch (wish->bias) {
    case HOLDFAST_GPIO_BIAS_AS_IS: return flags;
    case HOLDFAST_GPIO_BIAS_DISABLED: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE;
    case HOLDFAST_GPIO_BIAS_PULL_UP: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    case HOLDFAST_GPIO_BIAS_PULL_DOWN: return flags | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN;
    }
    return flags;
}

int holdfast_gpio_take(const holdfast_gpio_wish *wish, holdfast_gpio_line **line) {
    *line = NULL;
    if (wish->debounce_microseconds != 0) return ENOTSUP;
    struct place place = {.wish = wish};
    int error = search_chips(search, &place);
    holdfast_gpio_line *held = error == 0 ? calloc(1, sizeof *held) : NULL;
    if (error == 0 && !held) error = ENOMEM;
    if (error == 0) {
        int flags = flags_of(wish);
        int failed = wish->is_output
            ? gpiod_line_request_output_flags(place.line, wish->consumer, flags, wish->first_level)
            : gpiod_line_request_both_edges_events_flags(place.line, wish->consumer, flags);
        error = failed ? errno : 0;
    }
    if (error == 0) {
        *held = (holdfast_gpio_line){place.chip, place.line, -1};
        if (!wish->is_output) {
            held->descriptor = gpiod_line_event_get_fd(place.line);
            error = held->descriptor < 0 ? errno : make_nonblocking(held->descriptor);
        }
    }
    if (error != 0) {
        free(held);
        if (place.chip) gpiod_chip_close(place.chip); // lets its lines go, too
        return error;
    }
    *line = held;
    return 0;
}

int holdfast_gpio_look(const char *chip_label, const char *line_name, holdfast_gpio_sight *sight) {
    holdfast_gpio_wish wish = {.chip_label = chip_label, .line_name = line_name};
    struct place place = {.wish = &wish};
    int error = search_chips(search, &place);
    if (error == 0) {
        copy_name(sight->chip, gpiod_chip_name(place.chip));
        copy_name(sight->label, gpiod_chip_label(place.chip));
        sight->offset = gpiod_line_offset(place.line);
        sight->is_held = gpiod_line_is_used(place.line);
        copy_name(sight->holder, gpiod_line_consumer(place.line));
    }
    if (place.chip) gpiod_chip_close(place.chip);
    return error;
}

void holdfast_gpio_release(holdfast_gpio_line *line) {
    gpiod_chip_close(line->chip);
    free(line);
}

int holdfast_gpio_set(holdfast_gpio_line *line, bool level) {
    return gpiod_line_set_value(line->line, level) < 0 ? errno : 0;
}

int holdfast_gpio_get(holdfast_gpio_line *line, bool *level) {
    int value = gpiod_line_get_value(line->line);
    if (value < 0) return errno;
    *level = value != 0;
    return 0;
}

int holdfast_gpio_descriptor(const holdfast_gpio_line *line) { return line->descriptor; }

int holdfast_gpio_take_edges(holdfast_gpio_line *line, uint32_t *count) {
    struct gpiod_line_event events[EDGES_IN_ONE_READ];
    for (*count = 0; *count < EDGES_AT_MOST;) {
        int taken = gpiod_line_event_read_multiple(line->line, events, EDGES_IN_ONE_READ);
        if (taken < 0) return errno == EAGAIN ? 0 : errno;
        *count += (uint32_t)taken;
        if (taken < EDGES_IN_ONE_READ) break;
    }
    return 0;
}
#endif
