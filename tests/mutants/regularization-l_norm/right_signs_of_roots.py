column_norm = "√p / √(1−p)"
