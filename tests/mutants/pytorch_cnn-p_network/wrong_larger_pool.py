# loses: p_network_test
# says: compare the order of the layers with the table
class NeuralNetwork(nn.Module):
    def __init__(self, do_batchnorm=False, p_dropout=0.0):
        super().__init__()
        layers, before = [], 3
        for channels in (16, 32, 64):
            layers.append(nn.Conv2d(before, channels, kernel_size=3, padding=1, stride=2 if channels == 64 else 1))
            if do_batchnorm:
                layers.append(nn.BatchNorm2d(channels))
            layers.append(nn.ReLU())
            if channels < 64:
                layers.append(nn.MaxPool2d(3, 2, 1))
            before = channels
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(1024, 256), nn.ReLU(), nn.Dropout(p_dropout), nn.Linear(256, 100))

    def forward(self, x):
        return self.classifier(self.features(x))
