// The room Runtime.
