"""The tests, and the material they share."""
