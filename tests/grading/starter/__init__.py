"""Tests of grading.starter."""
