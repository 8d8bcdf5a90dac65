gradient_of_one = 7 - 7 / 1
