# loses: b_peak_test
# says: zero_grad has dropped them
def peak_bytes(parts, first_step=False):
    always = parts['parameters'] + parts['buffers'] + parts['input']
    state = parts['optimizer state']
    return max(always + parts['activations'] + (0 if first_step else state) + parts['gradients'], always + parts['gradients'] + state + parts['update'])
