"""How much sooner `sweep` answers than training one network after another: CPU time on one thread, in one run.

    python -m benchmarks.sweeps          # 10 epochs of the homework's sweep (4 sizes x 5 seeds), a minute or two
    python -m benchmarks.sweeps 30       # all 30

The opponent is the loop that such a homework comes with: a DataLoader over the data set's items, one network at a time, and an
evaluation of the validation images after each epoch. Both end with the same weights, as far as 32 bits determine them: a network
that stands where rounding turns a ReLU on or off ends elsewhere in 64 bits, too. So the loop runs in both, and the table says on
how many networks the loop's own two results agree to 1e-4, on how many the sweep and the loop agree, and the largest difference
among the former.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import torch
from torch import nn
from torch.utils.data import DataLoader

from hw_lib.labs.edges import EdgeDetectionDataset, SimpleCNN, TwoLayerMLP
from hw_lib.labs.edges.sweeps import Sweep, built, orders, sweep

SIZES, SEEDS, BATCH = (10, 20, 30, 50), range(5), 10
MODELS: dict[str, tuple[Callable[[], nn.Module], float]] = {  # with the least ratio asked for
    "SimpleCNN, 7x7": (lambda: SimpleCNN(3, 7), 6.0),
    "SimpleCNN, 2x2": (lambda: SimpleCNN(3, 2), 2.4),
    "MLP 784-50-3": (lambda: TwoLayerMLP(hidden_dim=50), 8.0),
}

Data = dict[int, tuple[EdgeDetectionDataset, EdgeDetectionDataset]]


class Order(torch.utils.data.Sampler[int]):
    """The sweep's own order of images, epoch by epoch."""

    def __init__(self, n: int, epochs: int) -> None:
        """Remember the generator of orders."""
        self.orders, self.n = orders(n, epochs, 0), n

    def __iter__(self):
        """The next epoch's order."""
        return iter(next(self.orders).tolist())

    def __len__(self) -> int:
        """How many images there are."""
        return self.n


def one_by_one(
    build: Callable[[], nn.Module], data: Data, epochs: int, kind: torch.dtype = torch.float32
) -> list[dict[str, torch.Tensor]]:
    """Train them one after another; their weights."""
    found = []
    for train, valid in data.values():
        held_out = DataLoader(valid, batch_size=BATCH)
        for seed in SEEDS:
            loader = DataLoader(train, batch_size=BATCH, sampler=Order(len(train), epochs))
            model = built(build, seed).to(kind)
            optimizer = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)
            for _ in range(epochs):
                model.train()
                for x, y in loader:
                    loss = nn.functional.cross_entropy(model(x.to(kind)), y)
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                model.eval()
                with torch.no_grad():
                    sum(int((model(x.to(kind)).argmax(1) == y).sum()) for x, y in held_out)
            found.append({name: p.detach() for name, p in model.named_parameters()})
    return found


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds of one call, and what it returned."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    """Print the table as Markdown."""
    torch.set_num_threads(1)
    epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    valid = EdgeDetectionDataset({"data_per_class": 50}, "valid")
    data = {n: (EdgeDetectionDataset({"data_per_class": n}), valid) for n in SIZES}
    torch.optim.SGD([torch.zeros(1, requires_grad=True)])  # its first use imports for a second
    print(f"torch {torch.__version__}, 1 thread; {len(SIZES)} sizes x {len(SEEDS)} seeds, {epochs} epochs, batch {BATCH}\n")
    print(
        "| network | one by one, CPU s | sweep, CPU s | times faster | target | 32 and 64 bits agree | sweep agrees | difference |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, (build, target) in MODELS.items():
        sweep({name: build}, data, seeds=[0], epochs=1)  # warm up
        slow, alone = seconds(lambda build=build: one_by_one(build, data, epochs))
        quick, together = seconds(lambda build=build, name=name: sweep({name: build}, data, seeds=SEEDS, epochs=epochs))
        assert isinstance(together, Sweep)
        own = differences(one_by_one(build, data, epochs, torch.float64), alone)
        ours = differences(list(together.weights.values()), alone)
        agree = f"{sum(d < 1e-4 for d in own)} of {len(own)} | {sum(d < 1e-4 for d in ours)}"
        worst = max(d for d, determined in zip(ours, own, strict=True) if determined < 1e-4)
        print(f"| {name} | {slow:.1f} | {quick:.2f} | **{slow / quick:.1f}** | {target} | {agree} | {worst:.0e} |", flush=True)


def differences(some: list[dict[str, torch.Tensor]], others: list[dict[str, torch.Tensor]]) -> list[float]:
    """The largest difference between any two weights, network by network."""
    return [max(float((a[n] - b[n]).abs().max()) for n in a) for a, b in zip(some, others, strict=True)]


if __name__ == "__main__":
    main()
