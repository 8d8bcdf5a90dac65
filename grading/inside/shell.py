"""An IPython shell like a notebook's, whose outputs and endings go to the supervisor as JSON lines. Knows not what it runs."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from grading.inside import absent, uncompiled, undrawn

MB = 1_000_000


class CellTimeout(KeyboardInterrupt):
    """Raised in the cell that ran out of time; not an Exception, so that `except Exception` does not swallow it."""


class Channel:
    """The line to the supervisor: a private copy of standard output that children of the cell do not inherit."""

    def __init__(self) -> None:
        """A line that is not open yet: a warm process makes its shell, and the channel with it, before it knows its supervisor."""
        self._descriptor = -1
        self._limit = self._left = 0
        self._text: list[str] = []
        self._text_name = "stdout"
        self._text_size = 0

    def open(self, descriptor: int, limit: int) -> None:
        """Write to `descriptor` from now on; pass on at most `limit` bytes of output per cell."""
        self._descriptor = descriptor
        self._limit = self._left = limit

    def send(self, **event: Any) -> None:
        """One event, at once."""
        data = json.dumps(event, default=repr).encode() + b"\n"
        while data:
            data = data[os.write(self._descriptor, data) :]

    def begin(self) -> None:
        """A new cell has its whole allowance."""
        self._left = self._limit

    def text(self, name: str, text: str) -> None:
        """Text a cell printed; passed on in pieces, so that most of it survives if the process is killed."""
        if self._left <= 0:
            return
        if name != self._text_name:
            self.flush()
        self._text_name = name
        self._text.append(text[: self._left])
        self._text_size += len(text)
        self._left -= len(text)
        if self._text_size > 16_000 or self._left <= 0:
            self.flush()
        if self._left <= 0:
            self.cut()

    def output(self, output: dict[str, Any]) -> None:
        """One output that is not text: a result, a figure, an error."""
        self.flush()
        size = len(json.dumps(output, default=repr))
        if size > self._left and output["output_type"] != "error":
            if self._left > 0:
                self.cut()
            return
        self._left -= size
        self.send(event="output", output=output)

    def cut(self) -> None:
        """Say once that the rest of a cell's output is dropped."""
        self._left = 0
        note = f"\n… output cut at {self._limit / MB:g} MB …\n"
        self.send(event="output", output={"output_type": "stream", "name": "stdout", "text": note}, cut=True)

    def flush(self) -> None:
        """Pass on the text that is waiting."""
        if self._text:
            text, self._text, self._text_size = "".join(self._text), [], 0
            self.send(event="output", output={"output_type": "stream", "name": self._text_name, "text": text})


class Stream(io.TextIOBase):
    """Stands in for sys.stdout or sys.stderr: text written here is an output of the cell. No terminal, no file behind it."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, channel: Channel) -> None:
        """Write to the stream of that name."""
        self.name = f"<{name}>"
        self._name = name
        self._channel = channel

    def writable(self) -> bool:
        """Text can be written."""
        return True

    def write(self, text: str) -> int:
        """Pass text on."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._channel.text(self._name, text)
        return len(text)


def make_shell(channel: Channel) -> Any:
    """An IPython shell like a notebook's, whose outputs go to the channel."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
            channel.output(
                {
                    "output_type": "execute_result",
                    "data": plain(format_dict),
                    "metadata": plain(md_dict or {}),
                    "execution_count": self.prompt_count,
                }
            )

        def finish_displayhook(self) -> None:
            pass

    class Publisher(DisplayPublisher):
        def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
            channel.output({"output_type": "display_data", "data": plain(data), "metadata": plain(metadata or {})})

        def clear_output(self, wait: bool = False) -> None:
            pass

    class Shell(InteractiveShell):
        displayhook_class = Hook
        display_pub_class = Publisher
        last_error: tuple[str, str] | None = None
        enable_gui = staticmethod(lambda gui=None: None)  # `%matplotlib inline` calls it; there is no window to open

        def showtraceback(self, *arguments: Any, **more: Any) -> None:
            with contextlib.suppress(Exception):  # an error of a class that lies about itself is shown as it is
                shorten(sys.exc_info()[1])
            super().showtraceback(*arguments, **more)

        def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str] | None) -> None:
            self.last_error = (etype.__name__, message(evalue))
            lines = [line[:20_000] for line in stb or []][-100:]  # an error is always passed on, however long it is
            lines += [f"({missing})"] if (missing := absent.hint(evalue)) else []
            channel.output({"output_type": "error", "ename": etype.__name__, "evalue": message(evalue), "traceback": lines})

        def ask_exit(self) -> None:
            raise SystemExit

    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.xmode = "Context"
    shell = Shell.instance(config=config)
    shell.system = lambda command: _system(shell, channel, command)  # type: ignore[method-assign]
    return shell


def _system(shell: Any, channel: Channel, command: str) -> None:
    """Run a line that begins with an exclamation mark, as a notebook kernel does it; say why what needs a network failed."""
    shell.system_piped(command)
    if shell.user_ns.get("_exit_code") and absent.reaches_out(command):
        channel.text("stdout", f"({absent.NETWORK})\n")


def pair() -> tuple[Channel, Any]:
    """A channel that is not open yet, and a shell that will speak through it."""
    channel = Channel()
    undrawn.install()
    uncompiled.install()
    return channel, make_shell(channel)


def shorten(error: BaseException | None) -> None:
    """Leave out the middle of endless tracebacks: IPython looks up every frame of a recursion in every module, for minutes."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = []
        step = error.__traceback__
        while step is not None:
            frames.append(step)
            step = step.tb_next
        if len(frames) > 100:
            frames[29].tb_next = frames[-70]
        error = error.__context__ if error.__cause__ is None else error.__cause__


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """Display data as JSON has it: bytes (figures) in base64, everything else as it is."""
    import base64

    return {str(key): base64.b64encode(value).decode() + "\n" if isinstance(value, bytes) else value for key, value in data.items()}


def message(error: BaseException | None) -> str:
    """What was missing, if something was, and what an exception says; a __str__ that raises must not hide the error."""
    try:
        said, missing = str(error)[:20_000], absent.hint(error)
        return f"{missing} ({said})" if missing and said else missing or said
    except BaseException as second:
        return f"(its message cannot be shown: {type(second).__name__})"


def run_cell(
    shell: Any, channel: Channel, request: dict[str, Any], limit: float, more: Callable[[], dict[str, Any]] = dict
) -> None:
    """Run one cell to its end and report it, with the nonce of its request: an end that some other process reports has none."""

    def on_alarm(_signal: int, _frame: object) -> None:
        raise CellTimeout(f"the cell ran longer than {limit:g} seconds")

    channel.begin()
    shell.last_error = None
    signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, limit, 1.0)  # again every second, in case the first one is swallowed
    result = None
    try:
        result = shell.run_cell(request["source"], store_history=True)
        value = result.result
    except CellTimeout as error:
        shell.last_error, value = ("CellTimeout", str(error)), None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    channel.flush()
    failure, in_student_code = shell.last_error, False
    wrong = result and (result.error_before_exec or result.error_in_exec)
    if failure is None and (result is None or not result.success):
        failure = (type(wrong).__name__ if wrong is not None else "Error", message(wrong))
    if wrong is not None:
        in_student_code = getattr(wrong, "of_the_students", False) is True
    kind = type(value)
    number = float(value) if kind is float or (kind is int and abs(value) < 2**1000) else None  # larger ones have no float
    odd = kind.__name__ if value is not None and number is None else ""
    name, said = failure or ("", "")
    end = {
        "ok": failure is None,
        "error_name": name,
        "error_message": said,
        "in_student_code": in_student_code,
        "value": number,
        "odd_value": odd,
    }
    channel.send(event="end", nonce=request.get("nonce"), **end, **more())
