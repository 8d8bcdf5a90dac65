# loses: b_peak_test
# says: before the first update
def peak_bytes(parts, first_step=False):
    always = parts['parameters'] + parts['buffers'] + parts['input']
    state = parts['optimizer state']
    return max(always + parts['activations'] + state, always + parts['gradients'] + state + parts['update'])
