"""The programs that run inside a sandbox. They know the standard library, IPython, numpy and torch, and nothing else of grading."""
