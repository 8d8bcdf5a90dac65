"""Tests of grading/release."""
