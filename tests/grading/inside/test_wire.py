"""What crosses between a student's process and the trusted tests arrives as it was sent, in exact types, or not at all."""

from __future__ import annotations

import collections
import contextlib
import json
import socket
import struct
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grading.inside.wire import Reader, WireError, Writer, receive


def refuse(value: Any) -> list[Any]:
    """Nothing but plain data in these messages."""
    raise WireError(f"not plain: {value!r}")


def sent(value: Any) -> Any:
    """A value after its way over the line."""
    packed = Writer(refuse).pack({"value": value})
    length, size = struct.unpack(">IQ", packed[:12])
    text, data = packed[12 : 12 + length], packed[12 + length :]
    assert len(data) == size
    return Reader(refuse).unpack(text, data)["value"]


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)
arrays = hnp.arrays(
    hnp.boolean_dtypes()
    | hnp.integer_dtypes()
    | hnp.floating_dtypes(sizes=(16, 32, 64))
    | hnp.complex_number_dtypes(sizes=(64, 128)),
    hnp.array_shapes(min_dims=0, min_side=0, max_side=4),
)


@given(plain)
def test_plain_data_arrives_as_it_was(value: object) -> None:
    """Value and exact types survive, however they are nested."""
    assert repr(sent(value)) == repr(value)


@given(arrays)
def test_arrays_arrive_as_they_were(array: np.ndarray[Any, Any]) -> None:
    """Shape, dtype (in this machine's byte order) and every bit, NaN included; the copy can be written to."""
    copy = sent(array)
    assert type(copy) is np.ndarray
    assert (copy.shape, copy.dtype) == (array.shape, array.dtype.newbyteorder("="))
    assert np.array_equal(copy, array, equal_nan=array.dtype.kind in "fc")
    assert copy.flags.writeable


def test_views_scalars_and_text_arrays() -> None:
    """Non-contiguous views, NumPy scalars and arrays of text."""
    x = np.arange(24.0).reshape(4, 6)
    assert np.array_equal(sent(x[::2, ::-3]), x[::2, ::-3])
    assert (type(sent(np.float32(1.5))), sent(np.float32(1.5))) == (np.float32, 1.5)
    assert sent(np.array(["disk", "ring"])).tolist() == ["disk", "ring"]
    assert sent(np.dtype("float32")) == np.dtype("float32")


@pytest.mark.parametrize("requires_grad", [True, False])
def test_tensors_arrive_as_tensors(requires_grad: bool) -> None:
    """A tensor, a view of one, a parameter: values, dtype, and whether it wants a gradient."""
    tensor = torch.arange(6.0).reshape(2, 3).requires_grad_(requires_grad)
    copy = sent(tensor.T)
    assert type(copy) is torch.Tensor
    assert torch.equal(copy, tensor.T)
    assert copy.requires_grad is requires_grad
    assert type(sent(torch.nn.Parameter(torch.ones(2)))) is torch.Tensor
    assert sent(torch.float64) is torch.float64


IMAGES = torch.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
DENSE = {
    "contiguous": IMAGES,
    "channels last": IMAGES.contiguous(memory_format=torch.channels_last),
    "one image, channels last": IMAGES[:1].contiguous(memory_format=torch.channels_last),
    "transposed": torch.arange(6.0).reshape(2, 3).T,
    "permuted": IMAGES.permute(2, 0, 3, 1),
    "no axes": torch.tensor(1.0),
}
GAPS = {
    "every second row": IMAGES[:, :, ::2],
    "transposed with gaps": IMAGES[..., ::2].transpose(0, 1),
    "expanded": IMAGES[:1].expand(4, 3, 4, 5),
    "empty": torch.zeros(3, 0).T,
}


@pytest.mark.parametrize("name", DENSE)
def test_a_tensor_keeps_its_layout(name: str) -> None:
    """Student code that reads images channels last, or calls `view`, finds what it would find in the student's own notebook."""
    copy = sent(DENSE[name])
    assert torch.equal(copy, DENSE[name])
    assert copy.stride() == DENSE[name].stride()
    assert not copy._is_view()  # or it could not be detached in place
    copy.add_(1)  # it can be written to, and is nobody else's
    assert torch.equal(copy, DENSE[name] + 1)


@pytest.mark.parametrize("name", GAPS)
def test_a_tensor_with_gaps_arrives_without(name: str) -> None:
    """What shares its numbers with itself or with another tensor does so no longer."""
    copy = sent(GAPS[name])
    assert torch.equal(copy, GAPS[name])
    assert copy.is_contiguous()
    copy.add_(1)
    assert torch.equal(copy, GAPS[name] + 1)


@pytest.mark.parametrize("name", [*DENSE, *GAPS, "one entry"])
def test_messages_without_layouts_are_equal_where_numbers_are(name: str) -> None:
    """So what comes back is known again, however it lay in between; axes of one entry can lie anywhere."""
    tensor = {**DENSE, **GAPS, "one entry": torch.zeros(2, 3, 1).permute(2, 1, 0)}[name]
    first, again = (Writer(refuse, layouts=False).pack({"value": value}) for value in (tensor, sent(sent(tensor))))
    assert first == again


@pytest.mark.parametrize("order", [[0, 0], [0], [0, 1, 2], [1, -1], [True, 0], ["0", 1], [0.0, 1], None, 3, [[0], [1]]])
def test_an_order_of_axes_that_is_none_is_no_message(order: object) -> None:
    """The trusted side believes nothing that it is told of a tensor's axes."""
    text = json.dumps({"value": ["tensor", "<f4", [1, 1], 0, 4, False, order]}).encode()
    with pytest.raises(WireError):
        Reader(refuse).unpack(text, bytes(4))


def test_subclasses_arrive_as_what_they_are_subclasses_of() -> None:
    """What lies about itself loses its methods on the way: an array that equals everything is an array."""

    class Liar(np.ndarray):
        def __eq__(self, other: object) -> Any:
            return np.ones(self.shape, bool)

    class Number(float):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = float.__hash__

    assert type(sent(np.zeros(2).view(Liar))) is np.ndarray
    assert type(sent(Number(3))) is float
    assert type(sent(collections.OrderedDict(a=1))) is dict
    assert sent(collections.namedtuple("P", "x y")(1, 2)) == (1, 2)


def test_exact_numbers_arrive_as_numbers() -> None:
    """Fractions and decimals are numbers to a student, and arrays of them arrays."""
    assert sent([Fraction(7, 2), Decimal("0.1")]) == [3.5, 0.1]
    copy = sent(np.array([[Fraction(1, 2), 3], [Decimal(1), 2.5]], dtype=object))
    assert copy.dtype == np.float64 and copy.tolist() == [[0.5, 3.0], [1.0, 2.5]]


@pytest.mark.parametrize("value", [object(), np.array([object()]), [lambda: 0], {1: type}])
def test_anything_else_is_not_sent(value: object) -> None:
    """Objects, arrays of objects, functions: only what the caller makes of them."""
    with pytest.raises(WireError):
        sent(value)


HOSTILE: dict[str, tuple[object, bytes]] = {
    "no object": (["list"], b""),
    "untagged list": ({"value": [1, 2]}, b""),
    "unknown tag": ({"value": ["pickle", "x"]}, b""),
    "shape larger than bytes": ({"value": ["array", "<f8", [2], 0, 8]}, b"12345678"),
    "outside": ({"value": ["array", "<f8", [1], 8, 8]}, b"12345678"),
    "negative": ({"value": ["array", "<f8", [-1], 0, 8]}, b"12345678"),
    "huge shape": ({"value": ["array", "<f8", [2**40, 2**40], 0, 8]}, b"12345678"),
    "objects": ({"value": ["array", "|O", [1], 0, 8]}, b"12345678"),
    "repeated fields": ({"value": ["array", "07f4,f4", [1], 0, 8]}, b"12345678"),
    "fields": ({"value": ["array", "f8,O", [1], 0, 8]}, b"12345678"),
    "bool shape": ({"value": ["array", "|u1", [True], 0, 1]}, b"1"),
    "unhashable key": ({"value": ["dict", [["list"], 1]]}, b""),
    "torch attribute": ({"value": ["torch.dtype", "load"]}, b""),
    "handle": ({"value": ["handle", 0, "function", ""]}, b""),
    "short": ({"value": ["complex"]}, b""),
    "number as tag": ({"value": [7, 7]}, b""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_messages_are_refused(name: str) -> None:
    """Whatever is not exactly a message is a WireError, never another error and never a value."""
    message, data = HOSTILE[name]
    with pytest.raises(WireError):
        Reader(refuse).unpack(json.dumps(message).encode(), data)


def test_deep_nesting_is_refused() -> None:
    """A message nested 100,000 deep ends in a WireError on both sides."""
    with pytest.raises(WireError):
        Reader(refuse).unpack(b'{"value":' + b'["list",' * 100_000 + b"]" * 100_000 + b"}", b"")
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(WireError):
        sent(endless)


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_noise_is_refused(text: bytes, data: bytes) -> None:
    """Random bytes are a message only by being one."""
    with contextlib.suppress(WireError):
        assert type(Reader(refuse).unpack(text, data)) is dict


def test_a_giant_message_is_refused_before_it_is_read() -> None:
    """The length is looked at first, and a line that closes in the middle is said."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack(">IQ", 10, 2**60))
        with pytest.raises(WireError, match="1,152,"):
            receive(ours)
        theirs.sendall(struct.pack(">IQ", 10, 0) + b"short")
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(WireError, match="closed"):
            receive(ours)
