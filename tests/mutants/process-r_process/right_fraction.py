from fractions import Fraction

hours = Fraction(7, 2)
