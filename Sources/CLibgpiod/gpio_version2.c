// The body for libgpiod 2 (Debian 13): the kernel's second interface, with its debounce.
#include <gpiod.h>
#ifndef GPIOD_LINE_BULK_INITIALIZER
#include "gpio_find.h"
#include "holdfast_gpio.h"
#include <stdlib.h>

struct holdfast_gpio_line {
    struct gpiod_line_request *request; // lives on when the chip is closed
    struct gpiod_edge_event_buffer *edges;
    unsigned offset;
};

const char *holdfast_gpio_library_version(void) { return gpiod_api_version(); }
bool holdfast_gpio_kernel_debounces(void) { return true; }

struct place {
    const holdfast_gpio_wish *wish;
    struct gpiod_chip *chip;
    unsigned offset;
};

static bool is_meant(struct gpiod_chip_info *chip, const char *label) {
    return !label || strcmp(gpiod_chip_info_get_label(chip), label) == 0;
}

static int search(const char *path, void *context, unsigned *matches) {
    struct place *place = context;
    struct gpiod_chip *chip = gpiod_chip_open(path);
    if (!chip) return errno;
    int error = 0;
    unsigned match = 0;
    struct gpiod_chip_info *known = gpiod_chip_get_info(chip);
    if (!known) error = errno;
    if (known && is_meant(known, place->wish->chip_label)) {
        for (unsigned offset = 0; offset < gpiod_chip_info_get_num_lines(known); offset++) {
            struct gpiod_line_info *line = gpiod_chip_get_line_info(chip, offset);
            if (!line) {
                error = errno;
                break;
            }
            const char *name = gpiod_line_info_get_name(line);
            if (name && strcmp(name, place->wish->line_name) == 0) {
                *matches += 1;
                match = offset;
            }
            gpiod_line_info_free(line);
        }
    }
    if (known) gpiod_chip_info_free(known);
    if (*matches > 0 && !place->chip) {
        place->chip = chip;
        place->offset = match;
    } else {
        gpiod_chip_close(chip);
    }
    return error;
}

static enum gpiod_line_bias bias_of(const holdfast_gpio_wish *wish) {
    switch (wish->bias) {
    case HOLDFAST_GPIO_BIAS_AS_IS: return GPIOD_LINE_BIAS_AS_IS;
    case HOLDFAST_GPIO_BIAS_DISABLED: return GPIOD_LINE_BIAS_DISABLED;
    case HOLDFAST_GPIO_BIAS_PULL_UP: return GPIOD_LINE_BIAS_PULL_UP;
    case HOLDFAST_GPIO_BIAS_PULL_DOWN: return GPIOD_LINE_BIAS_PULL_DOWN;
    }
    return GPIOD_LINE_BIAS_AS_IS;
}

static int settle(struct gpiod_line_settings *settings, const holdfast_gpio_wish *wish) {
    gpiod_line_settings_set_active_low(settings, wish->is_active_low);
    if (gpiod_line_settings_set_bias(settings, bias_of(wish))) return errno;
    if (wish->is_output) {
        if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT)) return errno;
        enum gpiod_line_value first = wish->first_level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
        return gpiod_line_settings_set_output_value(settings, first) ? errno : 0;
    }
    if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT)) return errno;
    gpiod_line_settings_set_debounce_period_us(settings, wish->debounce_microseconds);
    return gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH) ? errno : 0;
}

static int request(struct place *place, struct gpiod_line_request **made) {
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *how = gpiod_request_config_new();
    int error = settings && lines && how ? settle(settings, place->wish) : ENOMEM;
    if (error == 0) {
        gpiod_request_config_set_consumer(how, place->wish->consumer);
        if (gpiod_line_config_add_line_settings(lines, &place->offset, 1, settings)) error = errno;
    }
    if (error == 0) {
        *made = gpiod_chip_request_lines(place->chip, how, lines);
        if (!*made) error = errno;
    }
    gpiod_request_config_free(how);
    gpiod_line_config_free(lines);
    gpiod_line_settings_free(settings);
    return error;
}

int holdfast_gpio_take(const holdfast_gpio_wish *wish, holdfast_gpio_line **line) {
    *line = NULL;
    struct place place = {.wish = wish};
    struct gpiod_line_request *made = NULL;
    int error = search_chips(search, &place);
    if (error == 0) error = request(&place, &made);
    if (place.chip) gpiod_chip_close(place.chip);
    if (error != 0) return error;
    holdfast_gpio_line *held = calloc(1, sizeof *held);
    struct gpiod_edge_event_buffer *edges = wish->is_output ? NULL : gpiod_edge_event_buffer_new(EDGES_IN_ONE_READ);
    if (!held || (!wish->is_output && !edges)) error = ENOMEM;
    if (error == 0 && !wish->is_output) error = make_nonblocking(gpiod_line_request_get_fd(made));
    if (error != 0) {
        free(held);
        gpiod_edge_event_buffer_free(edges);
        gpiod_line_request_release(made);
        return error;
    }
    *held = (holdfast_gpio_line){made, edges, place.offset};
    *line = held;
    return 0;
}

static int see(struct place *place, holdfast_gpio_sight *sight) {
    struct gpiod_chip_info *chip = gpiod_chip_get_info(place->chip);
    struct gpiod_line_info *line = chip ? gpiod_chip_get_line_info(place->chip, place->offset) : NULL;
    int error = line ? 0 : errno;
    if (line) {
        copy_name(sight->chip, gpiod_chip_info_get_name(chip));
        copy_name(sight->label, gpiod_chip_info_get_label(chip));
        sight->offset = place->offset;
        sight->is_held = gpiod_line_info_is_used(line);
        copy_name(sight->holder, gpiod_line_info_get_consumer(line));
        gpiod_line_info_free(line);
    }
    if (chip) gpiod_chip_info_free(chip);
    return error;
}

int holdfast_gpio_look(const char *chip_label, const char *line_name, holdfast_gpio_sight *sight) {
    holdfast_gpio_wish wish = {.chip_label = chip_label, .line_name = line_name};
    struct place place = {.wish = &wish};
    int error = search_chips(search, &place);
    if (error == 0) error = see(&place, sight);
    if (place.chip) gpiod_chip_close(place.chip);
    return error;
}

void holdfast_gpio_release(holdfast_gpio_line *line) {
    gpiod_edge_event_buffer_free(line->edges);
    gpiod_line_request_release(line->request);
    free(line);
}

int holdfast_gpio_set(holdfast_gpio_line *line, bool level) {
    enum gpiod_line_value value = level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    return gpiod_line_request_set_value(line->request, line->offset, value) ? errno : 0;
}

int holdfast_gpio_get(holdfast_gpio_line *line, bool *level) {
    enum gpiod_line_value value = gpiod_line_request_get_value(line->request, line->offset);
    if (value == GPIOD_LINE_VALUE_ERROR) return errno;
    *level = value == GPIOD_LINE_VALUE_ACTIVE;
    return 0;
}

int holdfast_gpio_descriptor(const holdfast_gpio_line *line) {
    return line->edges ? gpiod_line_request_get_fd(line->request) : -1;
}

int holdfast_gpio_take_edges(holdfast_gpio_line *line, uint32_t *count) {
    for (*count = 0; *count < EDGES_AT_MOST;) {
        int taken = gpiod_line_request_read_edge_events(line->request, line->edges, EDGES_IN_ONE_READ);
        if (taken < 0) return errno == EAGAIN ? 0 : errno;
        *count += (uint32_t)taken;
        if (taken < EDGES_IN_ONE_READ) break;
    }
    return 0;
}
#endif
