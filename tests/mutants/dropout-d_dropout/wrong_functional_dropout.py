# loses: d_dropout_test
# says: Dropout uses torch.nn.functional.dropout, which this task does not allow
# seen: before hand-in
class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        return nn.functional.dropout(x, self.p, training=self.training)
