"""One reader per format: a file becomes a Reading."""
