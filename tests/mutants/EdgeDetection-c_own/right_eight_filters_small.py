# loses:
own = dict(num_filters=8, kernel_size=5, optimizer="adam", lr=0.01, epochs=60)
