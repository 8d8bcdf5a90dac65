"""Tests of what older coursework notebooks ask for and the notebooks here do not."""
