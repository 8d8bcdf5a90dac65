# loses: b_peak_test
# says: not all there at one moment
def peak_bytes(parts, first_step=False):
    always = parts['parameters'] + parts['buffers'] + parts['input']
    state = parts['optimizer state']
    return sum(parts.values())
