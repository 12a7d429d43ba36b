"""Reads Coppice checkpoints."""
