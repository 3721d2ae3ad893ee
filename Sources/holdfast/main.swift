// The program holdfast.
