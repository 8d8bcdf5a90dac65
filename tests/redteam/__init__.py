"""Attacks on the grader, one file each, and the harness that tries them all on one class."""
