// The room Devices.
