"""Everything outside: each client has hard time-outs and fails loudly at start."""
