// The program holdfastd-bench.
