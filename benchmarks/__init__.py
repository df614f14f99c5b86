"""Where the figures that the documents quote come from; `make bench` runs some of it."""
