from fractions import Fraction

w = [Fraction(4, 2), Fraction(-1), Fraction(9, 3)]
