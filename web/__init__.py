"""The ways in: pages and the command line."""
