# loses: b_peak_test
# says: return the larger of the two
def peak_bytes(parts, first_step=False):
    always = parts['parameters'] + parts['buffers'] + parts['input']
    state = parts['optimizer state']
    return min(always + parts['activations'] + (0 if first_step else state), always + parts['gradients'] + state + parts['update'])
