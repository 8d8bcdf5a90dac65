"""Code in a normal form in which a copy looks like its original: names, comments, order and manner of writing are gone. Pure.

A text becomes a bag of statements. In each, docstrings and annotations are left out, what is imported from a known package has its
own name there, and all other names are numbered as they come; `x += 1` is `x = x + 1`, `a, b = 1, 2` is two statements, `a > b` is
`b < a`. A statement with a body counts by its head; what is in the body counts by itself. So a copy may rename everything and
reorder what is independent, and its bag stays the same.
"""

from __future__ import annotations

import ast
import builtins
import copy
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from hw_lib import dotted

_MAGIC = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)
_LONGEST = 100_000  # characters; nobody writes an answer that long
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")
_BUILTINS = frozenset(dir(builtins))
# packages whose names a copy cannot change; a file of the student's, or one of hw_lib's, can be called anything
_KNOWN = frozenset({"numpy", "torch", "torchvision", "matplotlib", "scipy", "pandas", "sklearn", *sys.stdlib_module_names})
# what the tree itself is made of says nothing about an answer, and neither does what every program calls
_OPERATORS = (ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_UNSAID = frozenset({"annotation", "type_comment", "type_params", "returns", "kind", "ctx"})
_MAY_BE_IMPORTED = (ast.Name, ast.Attribute, ast.Call)  # what `dotted.resolve` knows a name for
_STRUCTURE = (
    _BUILTINS
    | {"text", "class", "None"}
    | {name for name, kind in vars(ast).items() if isinstance(kind, type) and not issubclass(kind, _OPERATORS)}
)
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}


@dataclass(frozen=True)
class Statement:
    """One statement, or the head of one that has a body.

    Attributes:
        form: a digest of the normal form.
        size: how many nodes the normal form has.
        first, last: its lines in the text, counted from 1.
        telling: how many of the nodes are more than a frame of names: operators, numbers, words, what a package or an object
            offers. `out, cache = f(x, w)` has none.
    """

    form: str
    size: int
    first: int
    last: int
    telling: int = 0


@dataclass(frozen=True)
class Definition:
    """A function or a method somewhere in a text.

    Attributes:
        name: with the names of the classes and functions around it, "Dropout.forward".
        statements: those of its body, without those of the functions in it.
        first, last: its lines.
    """

    name: str
    statements: tuple[Statement, ...]
    first: int
    last: int

    @property
    def size(self) -> int:
        """The nodes of all statements together."""
        return sum(statement.size for statement in self.statements)

    @property
    def form(self) -> tuple[str, ...]:
        """What a copy has, too: the forms of the statements, in no order."""
        return tuple(sorted(statement.form for statement in self.statements))


def read(text: str, names: Mapping[str, str] | None = None) -> tuple[Statement, ...]:
    """Bring a text into its normal form.

    Args:
        text: the source of a cell or a file; magic commands are left out.
        names: what imports elsewhere bind, as `hw_lib.dotted.imports` finds them.

    Returns:
        Its statements; none for a text that does not parse, or is longer or nested more deeply than any answer.
    """
    tree = parse(text)
    try:
        return tuple(_normal(tree, names or {}).statements(tree)) if tree else ()
    except RecursionError:  # nested more deeply than anybody writes
        return ()


@lru_cache(maxsize=1024)  # every assignment of a homework is compared with the same library
def functions(text: str) -> tuple[Definition, ...]:
    """The functions and methods of a text, those inside others too; none for a text as above."""
    tree = parse(text)
    try:
        return tuple(_normal(tree, {}).definitions(tree, "")) if tree else ()
    except RecursionError:
        return ()


def _normal(tree: ast.Module, names: Mapping[str, str]) -> _Normal:
    return _Normal({**names, **imports([tree])})


def imports(trees: Iterable[ast.AST]) -> dict[str, str]:
    """The names that import statements anywhere in these trees bind: `dotted.imports` without a look at expressions."""
    found: list[ast.AST] = []
    for tree in trees:
        statements = [tree]
        for node in statements:  # which grows while it is gone through, in the order of `ast.walk`: the last import counts
            for name in node._fields:
                if name in _BODIES:
                    statements += getattr(node, name)
        found += statements
    return dotted.imports(found)


def parse(text: str) -> ast.Module | None:
    """The syntax tree of a text without its magic commands; None if it has none."""
    if len(text) > _LONGEST:
        return None
    return dotted.parsed(_MAGIC.sub("pass", text))


class _Normal:
    """Takes one text apart."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {name: said for name, said in names.items() if said.partition(".")[0] in _KNOWN}

    def statements(self, tree: ast.AST, *, inner: bool = True) -> Iterator[Statement]:
        """Every statement below a node, in the order of the text; `inner` with those of the functions in it."""
        for field in _BODIES:
            for node in cast("list[ast.stmt]", getattr(tree, field, [])):
                for head in self._heads(node):
                    if made := self._statement(head, node):
                        yield made
                if inner or not isinstance(node, _DEFINITIONS):
                    yield from self.statements(node, inner=inner)

    def definitions(self, tree: ast.AST, around: str) -> Iterator[Definition]:
        """Every function below a node."""
        for field in _BODIES:
            for node in cast("list[ast.stmt]", getattr(tree, field, [])):
                name = f"{around}.{node.name}".lstrip(".") if isinstance(node, _DEFINITIONS) else around
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield Definition(name, tuple(self.statements(node, inner=False)), node.lineno, node.end_lineno or node.lineno)
                yield from self.definitions(node, name)

    def _heads(self, node: ast.stmt) -> Iterator[ast.AST]:
        """What a statement says itself, without what stands in its body; nothing for what a copy may leave out."""
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass | ast.Global | ast.Nonlocal):
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                yield ast.Assign([node.target], node.value)
        elif isinstance(node, ast.AugAssign):
            yield ast.Assign([node.target], ast.BinOp(_loaded(node.target), node.op, node.value))
        elif isinstance(node, ast.Assign):
            yield from _single(node)
        elif isinstance(node, _DEFINITIONS):
            yield from node.decorator_list
            yield ast.Call(ast.Name("class"), node.bases, node.keywords) if isinstance(node, ast.ClassDef) else node.args
        else:
            yield type(node)(**{name: value for name, value in ast.iter_fields(node) if name not in _BODIES})

    def _statement(self, head: ast.AST, node: ast.stmt) -> Statement | None:
        numbers: dict[str, int] = {}
        words: list[str] = []
        self._say(head, words, numbers)
        form = hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).hexdigest()
        first = _line(node)
        body = [_line(getattr(node, field)[0]) for field in _BODIES if getattr(node, field, None)]
        last = max(first, min(body) - 1) if body else node.end_lineno or first
        return Statement(form, len(words), first, last, sum(map(_is_telling, words))) if words else None

    def _say(self, node: object, words: list[str], numbers: dict[str, int]) -> None:
        """The normal form of a node as words."""
        if isinstance(node, ast.AST):
            self._say_node(node, words, numbers)
        elif isinstance(node, list):
            words.append(f"[{len(node)}")
            for each in node:
                self._say(each, words, numbers)
        elif node is not None:
            words.append(_plain(node))

    def _say_node(self, node: ast.AST, words: list[str], numbers: dict[str, int]) -> None:
        if isinstance(node, _MAY_BE_IMPORTED) and (said := dotted.resolve(node, self._names)):
            words.append(said.rpartition(".")[2])
        elif isinstance(node, ast.Name):
            words.append(node.id if node.id in _BUILTINS else _numbered(node.id, numbers))
        elif isinstance(node, ast.arg):
            words.append(_numbered(node.arg, numbers))
        elif isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id == "self"  # a copy may rename these, as its variables
            words.append(_numbered(f".{node.attr}", numbers) if own else f".{node.attr}")
            self._say(node.value, words, numbers)
        elif isinstance(node, ast.Constant):
            words.append(_plain(node.value))
        elif isinstance(node, ast.JoinedStr):
            words.append("text")
        elif isinstance(node, ast.keyword):
            words.append(f"{node.arg}=")
            self._say(node.value, words, numbers)
        else:
            node = _turned(node)
            words.append(type(node).__name__)
            for name in node._fields:
                if name not in _UNSAID:
                    self._say(getattr(node, name, None), words, numbers)


def _is_telling(word: str) -> bool:
    return word[0] not in "#[" and word[-1] != "=" and word not in _STRUCTURE


def _numbered(name: str, numbers: dict[str, int]) -> str:
    return f"#{numbers.setdefault(name, len(numbers))}"


def _line(node: Any) -> int:
    """The line that a statement, or one of the cases of `match`, begins in."""
    return int(node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno)


def _plain(value: object) -> str:
    """A constant: 1 and 1.0 are the same number, and a message may be put in other words."""
    if isinstance(value, str):
        return "text" if re.search(r"\s", value) else repr(value)
    if isinstance(value, int) and abs(value) >= 1e15:
        return hex(value)  # Python writes no number of more than 4,300 digits
    return repr(float(value)) if isinstance(value, int | float) else repr(value)


def _turned(node: ast.AST) -> ast.AST:
    """A comparison the other way round, and keywords in the order of the alphabet."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and (mirrored := _MIRRORED.get(type(node.ops[0]))):
        return ast.Compare(node.comparators[0], [mirrored()], [node.left])
    if isinstance(node, ast.Call) and len(node.keywords) > 1:
        return ast.Call(node.func, node.args, sorted(node.keywords, key=lambda keyword: keyword.arg or ""))
    return node


def _single(node: ast.Assign) -> Iterator[ast.AST]:
    """`a, b = x, y` as one assignment for each name."""
    target, value = node.targets[0], node.value
    pairs = (ast.Tuple, ast.List)
    if len(node.targets) > 1:
        yield from (ast.Assign([each], value) for each in node.targets)
    elif isinstance(target, pairs) and isinstance(value, pairs) and len(target.elts) == len(value.elts):
        yield from (ast.Assign([left], right) for left, right in zip(target.elts, value.elts, strict=True))
    else:
        yield node


def _loaded(target: ast.expr) -> ast.expr:
    made = copy.copy(target)
    made.ctx = ast.Load()  # type: ignore[attr-defined]
    return made
