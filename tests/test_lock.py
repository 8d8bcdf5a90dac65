"""The locks in requirements/ pin what pyproject.toml asks for, with hashes, and name nobody's machine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11.7", "3.12.1", "3.13.0", "3.14.0")
Lock = list[tuple[Requirement, list[str]]]


def read(text: str) -> Lock:
    """The requirements of a lock, each with its hashes."""
    joined = re.sub(r"\\\n\s*", "", text)
    lines = [line for line in joined.splitlines() if line and line[0] not in "#-"]
    return [(Requirement(line.split(" --hash=")[0]), re.findall(r"--hash=(\S+)", line)) for line in lines]


def asked(extra: str) -> list[Requirement]:
    """What pyproject.toml asks for with an extra, the extras of our own that it names included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [Requirement(line) for line in project["optional-dependencies"][extra]]
    own = [name for one in found if one.name == "hw-lib" for name in sorted(one.extras)]
    base = [Requirement(line) for line in project["dependencies"]]
    return base + [one for one in found if one.name != "hw-lib"] + [one for name in own for one in asked(name)]


def pins(lock: Lock, python: str, system: str = "linux") -> dict[str, str]:
    """Package -> version on a Python on Linux or macOS.

    Raises:
        ValueError: a package has two versions there, or none.
    """
    names = {"sys_platform": system, "platform_system": system.title(), "os_name": "posix"}
    environment = {**default_environment(), **names, "python_full_version": python, "python_version": python.rpartition(".")[0]}
    found: dict[str, str] = {}
    for one, _ in lock:
        if one.marker is None or one.marker.evaluate(environment):
            version = re.fullmatch(r"==([\w.+]+)", str(one.specifier))
            if version is None or found.setdefault(canonicalize_name(one.name), version[1]) != version[1]:
                raise ValueError(f"{one} is not one version on Python {python}")
    return found


def problems(text: str, extra: str) -> list[str]:
    """What is wrong with a lock; empty when nothing is."""
    lock = read(text)
    found = [f"{one.name} has no sha256" for one, hashes in lock if not hashes]
    found += [f"not a sha256: {h}" for _, hashes in lock for h in hashes if not re.fullmatch(r"sha256:[0-9a-f]{64}", h)]
    found += [
        f"names a place: {line}" for line in text.splitlines() if re.search(r"://|/|\\\\|@|^-|--\w*(index|find-links|host)", line)
    ]
    for python in PYTHONS:
        for system in ("linux", "darwin"):
            try:
                locked = pins(lock, python, system)
            except ValueError as error:
                found.append(str(error))
                continue
            for one in asked(extra):
                version = locked.get(canonicalize_name(one.name), "")
                if not version or not one.specifier.contains(version):
                    found.append(f"{one} is asked for, and {version or 'nothing'} is locked for Python {python}")
    return found


def text_of(name: str) -> str:
    """The text of one of the locks."""
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["staff", "dev"])
def test_everything_that_is_asked_for_is_locked(name: str) -> None:
    """Every dependency, on each Python and system, in a version that pyproject.toml allows; `make lock` where it is not."""
    assert problems(text_of(name), name) == []
    assert problems(text_of(name), "torch") == [], "this repository's homeworks need it"


def test_staff_need_no_torch() -> None:
    """A course without it installs `staff` alone: a course of another subject needs none of its gigabytes."""
    assert not {"torch", "torchvision"} & {one.name for one in asked("staff")}


def test_developers_have_the_versions_of_staff() -> None:
    """What is tested is what grades: the developers' lock adds packages and changes none."""
    for python in PYTHONS:
        staff, dev = (pins(read(text_of(name)), python) for name in ("staff", "dev"))
        assert staff.items() <= dev.items()
        assert not {"cython", "psycopg2-binary", "mypy", "hypothesis", "pytest", "distributed"} & set(staff)


def test_uv_itself_is_locked() -> None:
    """One version, with hashes."""
    ((one, hashes),) = read(text_of("uv"))
    assert one.name == "uv" and len(hashes) > 1
    assert pins([(one, hashes)], PYTHONS[0])


@pytest.mark.parametrize(
    ("pattern", "planted", "said"),
    [
        (r"nbgrader==[\d.]+", "nbgrader==0.10.0", "nbgrader<0.10,>=0.9.6 is asked for, and 0.10.0 is locked for Python 3.11"),
        (r"filelock==[^#]*?\n(?=\w)", "", "filelock>=3.16.1 is asked for, and nothing is locked for Python 3.11"),
        (r"rich==(.*?) \\\n(.*\\\n)*.*\n", "rich==15.0.0\n", "rich has no sha256"),
        (r"(?<=sha256:)[0-9a-f]{8}", "nonsense", "not a sha256: sha256:nonsense"),
        (r"\A", "--index-url https://example.org/simple\n", "names a place: --index-url https://example.org/simple"),
        (r"\A", "# from /home/somebody/pyproject.toml\n", "names a place: # from /home/somebody/pyproject.toml"),
        (r"numpy==\S+ ; python_full_version < '3.12'", "numpy==2.4.6 ; python_full_version < '3.11'", "numpy>=1.26 is asked for"),
        (r"numpy==\S+ ; python_full_version < '3.12'", "numpy==2.4.6", "is not one version on Python 3.12.1"),
        (r"rich==", "rich>=", "rich>=15.0.0 is not one version on Python 3.11.7"),
    ],
)
def test_a_planted_fault_is_found(pattern: str, planted: str, said: str) -> None:
    """A version out of bounds, a package or a hash that is not there, a place, a Python that is left out."""
    broken, count = re.subn(pattern, planted, text_of("staff"), count=1)
    assert count == 1
    assert said in "\n".join(problems(broken, "staff"))
