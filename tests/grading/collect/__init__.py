"""Tests of grading/collect."""
