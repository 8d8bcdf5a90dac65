"""The notebooks, tested as a course would use them."""
