# loses: d_accumulate_test
# says: the parameters are not where the big batch puts them
def accumulate_step(model, x, y, optimizer, pieces):
    return None
