"""Shared vocabulary, settings, errors, encoder, index and registry; imports nothing of ours."""
