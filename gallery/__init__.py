"""The show: finished works that their artists have published."""
