# loses:
def peak_bytes(parts, first_step=False):
    update, gradients = parts.pop("update"), parts.pop("gradients")
    state, activations = parts.pop("optimizer state"), parts.pop("activations")
    always = sum(parts.values())
    return always + max(activations + state * (not first_step), gradients + state + update)
