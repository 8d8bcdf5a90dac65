# loses: 
def peak_bytes(parts, first_step=False):
    forward = ['parameters', 'buffers', 'input', 'activations']
    update = ['parameters', 'buffers', 'input', 'gradients', 'optimizer state', 'update']
    if not first_step:
        forward.append('optimizer state')
    return float(max(sum(parts[k] for k in names) for names in (forward, update)))
