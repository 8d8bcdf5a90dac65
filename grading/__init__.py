"""What course staff run: from source notebooks to a release, and from submissions to grades and feedback."""
