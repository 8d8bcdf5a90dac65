"""A lab is everything that one homework needs and no other does: its data, networks, measurements and plots, in one package.

Nothing outside a lab imports it, labs do not import each other, and a lab can be deleted together with its notebook.
"""
