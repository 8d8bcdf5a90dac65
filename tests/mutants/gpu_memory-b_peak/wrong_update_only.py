# loses: b_peak_test
# says: this is the update
def peak_bytes(parts, first_step=False):
    always = parts['parameters'] + parts['buffers'] + parts['input']
    state = parts['optimizer state']
    return always + parts['gradients'] + state + parts['update']
