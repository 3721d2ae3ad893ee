// The room Scenarios.
