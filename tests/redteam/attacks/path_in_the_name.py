"""Is called by a path that leads out of the folder of the class, and by names that stages use. It gets a folder of its own."""

STUDENT = "a\\..\\..\\an honest neighbour"
