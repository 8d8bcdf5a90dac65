"""Limits -> an isolated process, and a check of what this machine can stop."""
