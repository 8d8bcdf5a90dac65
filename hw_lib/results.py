"""Records of what an expensive cell measured, in one JSON file beside the notebook, so that grading need not repeat it.

A record carries a checksum of its own text. That finds accidents and hand edits; it does not stop a determined forger, who can
compute the checksum too. What a record claims must therefore also be plausible: that is what a notebook's checks look at.
A record also knows the notebook's functions that it was measured with (`provenance`): when one changes, the student hears it.
Knows nothing of training or of checks.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from hw_lib import calibration, environment, hosted, provenance
from hw_lib.errors import RecordAltered, RecordMissing, explain


@dataclass(frozen=True)
class Record:
    """One measurement.

    Attributes:
        data: the name of the images.
        settings: everything chosen, the seed included.
        seconds: wall-clock time.
        code: the notebook's functions that took part, name -> digest; empty where they could not be read.
    """

    name: str
    data: str
    settings: dict[str, Any]
    value: Any
    seconds: float
    environment: dict[str, str]
    code: dict[str, str] = field(default_factory=dict)


# what each field of a record is once it is JSON, exactly: True is no number of seconds
_TYPES: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "data": (str,),
    "settings": (dict,),
    "value": (),  # anything that `plain` allows
    "seconds": (int, float),
    "environment": (dict,),
    "code": (dict,),
}
_LONG_S = 10.0
_NEEDED = {*_TYPES, "sha256"} - {"code"}


class Recorder:
    """Reads and writes the records of one notebook.

    Args:
        notebook: the notebook's name without its ending.
        folder: where the notebook lies; default: the current folder, where Jupyter starts a notebook.
    """

    def __init__(self, notebook: str, folder: str | Path = ".") -> None:
        """Choose the file; nothing is read or written yet."""
        self.path = Path(folder) / f"{notebook}.results.json"
        self._said_old: set[str] = set()  # records of which this session has said that their functions have changed since
        self._forgotten: set[str] = set()  # records that are to be measured again

    def measure(
        self,
        name: str,
        function: Callable[[], Any],
        settings: Mapping[str, Any] | None = None,
        *,
        data: str = "",
        takes: float = 0.0,
    ) -> Any:
        """Return the recorded value if there is one with these settings, else run the function and record what it returns.

        When a function of the notebook that took part has changed since, the first call says so and returns the old value (after
        a small change nobody wants to wait), and the next call measures again. `forget` has it measured again in any case.

        While a grader executes the notebook the function never runs: the record must be there. The grader's machine may have
        other data than the student's, so `data` is not compared then.

        Args:
            name: the record's name, unique in the notebook.
            function: called without arguments; returns numbers, strings, lists and dicts of them.
            settings: everything the result depends on; a record with other settings is measured anew.
            data: the name of the data set it was measured on, if any; likewise.
            takes: seconds on the author's machine; what takes more than ten here says so before.

        Returns:
            The value, as plain Python data.

        Raises:
            RecordMissing: grading, and there is no such record, or it was measured with different settings.
            RecordAltered: grading, and the record does not match its checksum.
            TypeError: the function or the settings hold something that JSON cannot.
        """
        wanted = cast("dict[str, Any]", plain(dict(settings or {}), f"the settings of {name}"))
        code = provenance.used(function)
        if environment.grading():
            return self._graded(name, wanted, code).value
        _say(hosted.fetch(self.path))
        with contextlib.suppress(RecordMissing, RecordAltered):
            record = self.read(name)
            if (record.settings, record.data) == (wanted, data) and self._is_still_good(record, code):
                return record.value
        if (expected := calibration.here(takes)) > _LONG_S:
            _say(f"{name}: measuring, about {calibration.said(expected)} on this machine")
        started = time.perf_counter()
        value = plain(function(), f"what {name} measured")
        seconds = round(time.perf_counter() - started, 3)
        self._write(Record(name, data, wanted, value, seconds, _environment(), code))
        _say(hosted.keep(self.path) if seconds > _LONG_S else "")
        return value

    def forget(self, name: str) -> None:
        """Let the next run of its cell measure a record again, even if nothing has changed. The old value stays until then."""
        self._forgotten.add(name)

    def read(self, name: str) -> Record:
        """Read one record and check that nobody changed it since it was written.

        Args:
            name: the record's name.

        Returns:
            The record.

        Raises:
            RecordMissing: no file, a file that is no JSON, or no record of this name in it.
            RecordAltered: the record does not match its checksum.
        """
        entry = self._entries().get(name)
        if entry is None:
            raise RecordMissing(
                explain(
                    f"there is no record {name!r}",
                    expected=f"a record {name!r} in {self.path.name}, beside the notebook",
                    got="no such file" if not self.path.exists() else f"a file without {name!r}",
                    fix=f"run the cell that measures {name!r}, then hand in {self.path.name} together with the notebook",
                )
            )
        record = _checked(entry)
        if record is None or record.name != name:
            raise RecordAltered(
                explain(
                    f"the record {name!r} was changed after it was written",
                    expected="a record that matches its own checksum",
                    got="another checksum",
                    fix=f"run the cell that measures {name!r} again, and hand in {self.path.name} as it was written",
                )
            )
        return record

    def _is_still_good(self, record: Record, code: dict[str, str]) -> bool:
        """Whether the record may be read once more; says why, or what has changed since."""
        name = record.name
        if name in self._forgotten:
            self._forgotten.discard(name)
            return False
        changed = provenance.changed(record.code, code)
        if not changed:
            _say(f"{name}: read from {self.path.name}; nothing that it used has changed since it was measured")
            return True
        if name in self._said_old:
            self._said_old.discard(name)
            return False
        self._said_old.add(name)
        _say(
            f"{name}: read from {self.path.name}, but {_listed(changed)} changed since it was measured.\n"
            f"  run this cell once more to measure again (last time it took {record.seconds:.0f} s)"
        )
        return True

    def _graded(self, name: str, wanted: dict[str, Any], code: dict[str, str]) -> Record:
        record = self.read(name)
        if record.settings != wanted:
            raise RecordMissing(
                explain(
                    f"the record {name!r} was measured with settings that are not the notebook's",
                    expected=wanted,
                    got=record.settings,
                    fix=f"run the cell that measures {name!r} again, then hand in {self.path.name} with the notebook",
                )
            )
        if changed := provenance.changed(record.code, code):
            print(f"{name}: {_listed(changed)} changed after this was measured")  # noqa: T201  for whoever reads the answer
        return record

    def _entries(self) -> dict[str, Any]:
        try:
            entries = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return entries if isinstance(entries, dict) else {}

    def _write(self, record: Record) -> None:
        """Put one record into the file in one step; a file that cannot be read is kept under another name."""
        entries = self._entries()
        if not entries and self.path.exists():
            aside = self.path.with_suffix(".damaged.json")
            self.path.replace(aside)
            _say(f"{self.path.name} could not be read; it is kept as {aside.name}")
        fields = asdict(record)
        entries[record.name] = {**fields, "sha256": _checksum(fields)}
        text = json.dumps(entries, indent=1, allow_nan=False) + "\n"
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(self.path)


def plain(value: Any, what: str = "the value") -> Any:
    """Turn numbers of NumPy and PyTorch into plain Python data that JSON holds exactly.

    Args:
        value: numbers, strings, None, and lists, tuples, dicts, arrays or tensors of them.
        what: named in the error message.

    Returns:
        The same in plain Python; tuples and arrays become lists, keys become strings.

    Raises:
        TypeError: something else is in it, for example a module, or a number that is not finite.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if value - value != 0:
            raise TypeError(_refusal(what, value, "find out why the number is not finite; a smaller learning rate often helps"))
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(entry, what) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry, what) for entry in value]
    if callable(getattr(value, "tolist", None)):  # NumPy arrays and scalars, PyTorch tensors
        return plain(value.tolist(), what)
    raise TypeError(_refusal(what, type(value).__name__, "return the numbers you want to keep, for example losses as a list"))


def _refusal(what: str, got: object, fix: str) -> str:
    return explain(f"{what} cannot be recorded", expected="finite numbers, strings, and lists or dicts of them", got=got, fix=fix)


def _listed(names: list[str]) -> str:
    """A few names as a sentence has them."""
    shown = names if len(names) < 4 else [*names[:2], f"{len(names) - 2} other functions"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def _checked(entry: Any) -> Record | None:
    """The record that an entry of the file is; None for one that `_write` did not write."""
    if not isinstance(entry, dict) or not _NEEDED <= set(entry) <= {*_TYPES, "sha256"}:
        return None
    fields = {key: value for key, value in entry.items() if key != "sha256"}
    typed = all(type(value) in _TYPES[key] for key, value in fields.items() if key in _TYPES and key != "value")
    if not typed or fields["seconds"] < 0:
        return None
    try:
        return Record(**fields) if entry["sha256"] == _checksum(fields) else None
    except ValueError:  # a NaN that somebody wrote into the file by hand
        return None


def _checksum(fields: Mapping[str, Any]) -> str:
    """sha256 over the record's canonical JSON.

    Raises:
        ValueError: a number in it is not finite.
    """
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _environment() -> dict[str, str]:
    """Versions of what may have changed the numbers. Nothing is imported for it."""
    versions: dict[str, str] = {name: str(sys.modules[name].__version__) for name in ("numpy", "torch") if name in sys.modules}
    torch: Any = sys.modules.get("torch")
    device = torch.cuda.get_device_name() if torch is not None and torch.cuda.is_available() else "cpu"
    system = f"{platform.system()} {platform.machine()}"  # and no more: a record goes to other people
    return {"python": platform.python_version(), **versions, "platform": system, "device": device}


def _say(line: str) -> None:
    if line and not environment.quiet():
        print(line)  # noqa: T201  the one-line notice is this module's way to tell the student
