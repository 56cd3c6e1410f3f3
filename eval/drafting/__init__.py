"""Drafts of evaluation questions from a town's passages, by patterns or with a language model."""
