"""One submission, and a whole class -> what happened in every cell."""
