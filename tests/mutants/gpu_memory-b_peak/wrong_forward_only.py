# loses: b_peak_test
# says: this is the end of the forward pass
def peak_bytes(parts, first_step=False):
    always = parts['parameters'] + parts['buffers'] + parts['input']
    state = parts['optimizer state']
    return always + parts['activations'] + (0 if first_step else state)
