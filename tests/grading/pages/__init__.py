"""Tests of grading/pages."""
