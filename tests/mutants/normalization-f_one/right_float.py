gradient_of_one = 0.0
