// The program holdfastd.
