"""Measurements of quality and speed."""

import os

os.environ["RAGAS_DO_NOT_TRACK"] = "true"  # ragas tells its makers of every use otherwise
