"""The makers of the sample town's files: one module for each kind of software or format."""
