"""Documents to passages in the index."""
