// The program holdfast-benchmarks.
