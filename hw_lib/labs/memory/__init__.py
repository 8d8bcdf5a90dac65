"""The GPU-memory homework: the memory of training predicted without a GPU, measured on the CPU or on a GPU, and tabulated.

Importing this package imports torch (and torchvision only when a ResNet is made); `import hw_lib` does not import this package.
"""

from hw_lib.labs.memory.batches import BatchCurve, batch_curve, largest_batch
from hw_lib.labs.memory.cpu import CpuMeasurement, measure_cpu
from hw_lib.labs.memory.machine import CARDS, Machine, find_card
from hw_lib.labs.memory.measure import GpuMeasurement, NoGpu, has_gpu, machine, measure_gpu
from hw_lib.labs.memory.predict import Prediction, predict, usable, watch
from hw_lib.labs.memory.records import read_cards
from hw_lib.labs.memory.report import inventory, report, text
from hw_lib.labs.memory.snapshot import write_snapshot
from hw_lib.labs.memory.training import Checkpointed, accumulating_step, plain_step, resnet, resnet_chain
from hw_lib.labs.memory.walltime import train_against_time

__all__ = [
    "CARDS",
    "BatchCurve",
    "Checkpointed",
    "CpuMeasurement",
    "GpuMeasurement",
    "Machine",
    "NoGpu",
    "Prediction",
    "accumulating_step",
    "batch_curve",
    "find_card",
    "has_gpu",
    "inventory",
    "largest_batch",
    "machine",
    "measure_cpu",
    "measure_gpu",
    "plain_step",
    "predict",
    "read_cards",
    "report",
    "resnet",
    "resnet_chain",
    "text",
    "train_against_time",
    "usable",
    "watch",
    "write_snapshot",
]
