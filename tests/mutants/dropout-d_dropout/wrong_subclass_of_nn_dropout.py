# loses: d_dropout_test
# says: Dropout uses torch.nn.Dropout, which this task does not allow
# seen: before hand-in
class Dropout(nn.Dropout):
    pass
