"""Files as nobody should upload them: made from a seed, read under limits, and kept where a reader fails on one."""
