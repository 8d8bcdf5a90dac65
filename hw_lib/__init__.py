"""NumPy layers and the small library that the homework notebooks are written over.

Importing this package is quick: torch, torchvision and matplotlib load only when a module that needs them is imported.
"""

__version__ = "0.1.0"
