"""What `make bench` runs: the figures that the documents quote come from here."""
