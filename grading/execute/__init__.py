"""Submissions -> what happened in every cell of their notebooks: tests apart, workers, a cache, Dask."""

from grading.execute.blank import FreePointsError
from grading.execute.job import shared_inputs
from grading.execute.parity import ParityError, check_tests
from grading.execute.pool import Executions, execute_all
from grading.execute.worker import WorkerError

__all__ = ["Executions", "FreePointsError", "ParityError", "WorkerError", "check_tests", "execute_all", "shared_inputs"]
