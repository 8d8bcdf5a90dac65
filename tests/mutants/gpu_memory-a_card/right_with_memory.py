# loses:
card = "NVIDIA H100 80GB HBM3"
