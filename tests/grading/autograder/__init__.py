"""The autograder's zip, unpacked into something like the platform's container."""
