# loses: p_network_test
# says: not have the weights of the table
class NeuralNetwork(nn.Module):
    """Three convolution blocks and a classifier for 100 classes."""

    def __init__(self, do_batchnorm=False, p_dropout=0.0):
        """Make the layers."""
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 5, padding=2)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 64, 3, padding=1, stride=2)
        self.bn1, self.bn2, self.bn3 = (nn.BatchNorm2d(c) if do_batchnorm else nn.Identity() for c in (16, 32, 64))
        self.fc1 = nn.Linear(64 * 4 * 4, 256)
        self.drop = nn.Dropout(p_dropout)
        self.fc2 = nn.Linear(256, 100)

    def forward(self, x):
        """The scores (N, 100) of images x (N, 3, 32, 32)."""
        x = functional.max_pool2d(functional.relu(self.bn1(self.conv1(x))), 2)
        x = functional.max_pool2d(functional.relu(self.bn2(self.conv2(x))), 2)
        x = functional.relu(self.bn3(self.conv3(x)))
        x = functional.relu(self.fc1(x.flatten(start_dim=1)))
        return self.fc2(self.drop(x))
