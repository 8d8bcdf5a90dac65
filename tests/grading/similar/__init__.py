"""Tests of the room `similar`."""
