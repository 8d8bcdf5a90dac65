# loses: b_peak_test
# says: the state is missing
def peak_bytes(parts, first_step=False):
    always = parts['parameters'] + parts['buffers'] + parts['input']
    state = parts['optimizer state']
    return max(always + parts['activations'], always + parts['gradients'] + parts['update'])
