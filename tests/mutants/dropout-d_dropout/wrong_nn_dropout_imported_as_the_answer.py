# loses: d_dropout_test
# says: Dropout uses torch.nn.Dropout, which this task does not allow
# seen: before hand-in
from torch.nn import Dropout
