// The room ControlClient.
