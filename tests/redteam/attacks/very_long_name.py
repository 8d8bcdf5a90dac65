"""Has the longest name that a disk takes. Its files have shorter ones."""

STUDENT = "x" * 255
