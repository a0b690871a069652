"""The gates every new line passes, one file each, in the order in which they are asked."""
