// The room StrictYAML.
