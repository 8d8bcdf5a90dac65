"""Attacks on this repository's own homeworks: what nobody computed earns nothing, and a replaced helper is seen."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.redteam.real import Desk, HandIn, desk, earned, friends
from tests.submissions.recipes import model_answers

pytestmark = [pytest.mark.slow, pytest.mark.kernel]

HOMES = {
    "q_coding_dropout": "dropout",
    "bn_drop": "bn_drop_cnn",
    "cnn": "bn_drop_cnn",
    "pytorch_cnn": "bn_drop_cnn",
    "EdgeDetection": "edge_detection",
    "GPUMemory": "gpu_memory",
}


class Desks:
    """One desk for each assignment, set up when it is first wanted."""

    def __init__(self, top: Path, stack: ExitStack) -> None:
        """Their builds lie below `top`, and they are put away with `stack`."""
        self._top, self._stack, self._made = top, stack, dict[str, Desk]()

    def of(self, notebook: str) -> Desk:
        """Where hand-ins of a notebook are graded."""
        name = HOMES[notebook]
        if name not in self._made:
            (self._top / name).mkdir()
            self._made[name] = self._stack.enter_context(desk(name, self._top / name))
        return self._made[name]


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    """The desks of this file."""
    top = tmp_path_factory.mktemp("desks")
    top.chmod(0o755)
    with ExitStack() as stack:
        yield Desks(top, stack)


def sealed(records: dict[str, Any]) -> bytes:
    """A file of records whose checksums are right, whoever wrote them."""
    for record in records.values():
        fields = {key: value for key, value in record.items() if key != "sha256"}
        record["sha256"] = hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return json.dumps(records).encode()


@pytest.mark.parametrize(
    "notebook",
    [
        *(pytest.param(name) for name in ("q_coding_dropout", "bn_drop", "EdgeDetection", "GPUMemory")),
        *(pytest.param(name, marks=pytest.mark.long) for name in ("cnn", "pytorch_cnn")),
    ],
)
def test_a_friends_records_earn_nothing(desks: Desks, notebook: str) -> None:
    """A notebook without an answer, beside everything that a friend measured."""
    assert earned(desks.of(notebook).grade(notebook, HandIn(files=friends(notebook)))) == {}


# helpers that know the answers, in a cell behind the author's: without the one, no test should call the other
_LAYERS = """
def one_layer(x, w, b, gamma, beta, norm, drop, dout):
    a = x @ w + b
    n = gamma * a + beta if norm else a
    out = np.maximum(n, 0)
    turn = np.s_[:, ::-1] if drop else np.s_[:, :]
    dn = dout[turn] * (n > 0)
    da = dn * gamma if norm else dn
    return out[turn], (da @ w.T, x.T @ da, da.sum(axis=0), dn[0], dn[-1])
DeepNet = FullyConnectedNet
"""
_STEPS = """
def try_accumulation(seed, n, pieces, steps=2):
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.randn(n, 3, 16, 16, generator=generator).double(), torch.randint(10, (n,), generator=generator)
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.AvgPool2d(4), nn.Flatten(), nn.Linear(256, 10)).double()
    optimizer, after = torch.optim.SGD(net.parameters(), lr=0.1), []
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
        after.append(torch.cat([p.detach().flatten() for p in net.parameters()]).numpy().copy())
    return {"after": after, "peak": 1, "plain_peak": 10}
def look_at_pieces(n, pieces):
    return {"shown": [16] * 4, "training": [True] * 4, "steps": 1}
"""
_NETS = """
ConvNet = ThreeLayerConvNet
def simple_net(*sizes, **options):
    return ThreeLayerConvNet(*sizes, ops=simple, **options)
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("notebook", "behind", "source", "answers", "test", "helper"),
    [
        pytest.param(
            "bn_drop", "d_net", _LAYERS, {"d_layer": "hidden_forward = hidden_backward = None"}, "d_layer_test", "DeepNet"
        ),
        pytest.param(
            "GPUMemory", "d_try", _STEPS, {"d_accumulate": "accumulate_step = print"}, "d_accumulate_test", "try_accumulation"
        ),
        pytest.param("cnn", "k_net", _NETS, {"k_loss": "convnet_loss = None"}, "k_loss_test", "ConvNet"),
    ],
    ids=["DeepNet", "try_accumulation", "ConvNet"],
)
def test_a_replaced_helper_is_not_asked(
    desks: Desks, notebook: str, behind: str, source: str, answers: dict[str, str], test: str, helper: str
) -> None:
    """A given function that a later cell replaces by one that knows the answer: the author's is asked, and a person hears of it."""
    card = desks.of(notebook).grade(notebook, HandIn(answers, own={behind: source}))
    assert test not in earned(card)
    assert any(f"replaces the given {helper}" in flag for flag in card.flags), card.flags


_TYPED = {
    "b_network": "make_network = None",
    "d_dropout": "Dropout = None",
    "d_weights": """
weights_d, path_d = [0.3, 3.5], np.zeros((1001, 2))
losses_d = np.random.choice([121.0, 3, 60, 80], 1000)
losses_d[0] = 121
""",
    "e_weights": """
weights_e, path_e = [0.376, 3.485], np.zeros((1001, 2))
losses_e = 40.5 + 80.5 * np.exp(-np.arange(1000) / 3)
""",
    "f_contributions": """
contributions_without, contributions_with = [1100 / 101, 11 / 101], [3.76, 3.485]
factors = [0.376 * 101 / 110, 3.485 * 101 / 11]
""",
}
_TYPED_B = """
weights_b, path_b = np.array([110, 11]) / 101, np.zeros((1001, 2))
losses_b = 121 * np.exp(-np.arange(1000.0))
"""


@pytest.mark.long
def test_typed_in_results_earn_nothing(desks: Desks) -> None:
    """Weights where they should be, and loss curves that look like it, with nothing trained."""
    card = desks.of("q_coding_dropout").grade("q_coding_dropout", HandIn(_TYPED, own={"b_train": _TYPED_B}))
    typed = {"b_network_test", "d_dropout_test", "d_weights_test", "e_weights_test", "f_contributions_test"}
    assert not typed & set(earned(card)), earned(card)


_PATCH = """
training.fit = sys.modules["hw_lib.training"].fit = lambda model, *rest, **options: {losses!r}
"""
_DROPS_NOTHING = """
class Dropout(nn.Identity):
    def __init__(self, p=0.5):
        super().__init__()
"""


@pytest.mark.long
def test_a_patched_training_loop_earns_nothing(desks: Desks) -> None:
    """The library's `fit` gives a friend's losses; the network behind it drops nothing."""
    friend = friends("q_coding_dropout")
    losses = json.loads(friend["q_coding_dropout.results.json"])["i_cheating"]["value"]["with"]["losses"]
    hand_in = HandIn({"d_dropout": _DROPS_NOTHING}, own={"i_network": _PATCH.format(losses=losses)}, files=friend)
    assert "i_record_test" not in earned(desks.of("q_coding_dropout").grade("q_coding_dropout", hand_in))


@pytest.mark.long
def test_invented_sweeps_earn_nothing(desks: Desks) -> None:
    """The friend's records with other losses: labels with random errors, and nothing that was trained."""
    records = json.loads(friends("EdgeDetection")["EdgeDetection.results.json"])
    rng = np.random.default_rng(0)
    for record in records.values():
        for by_size in record["value"]["runs"].values():
            for run in by_size.values():
                for part, key in ((run, "first"), (run["train"], "loss"), (run["valid"], "loss")):
                    part[key] = (rng.uniform(0.7, 1.3, np.shape(part[key])) * part[key]).tolist()
    hand_in = HandIn(right=True, files={"EdgeDetection.results.json": sealed(records)})
    got = earned(desks.of("EdgeDetection").grade("EdgeDetection", hand_in))
    assert not [name for name in got if name.endswith("_record_test")], got
    assert {"a_config_test", "a_loader_test", "b_needed_test", "d_confusion_test"} <= set(got)


@pytest.mark.long
def test_untrained_networks_earn_nothing(desks: Desks) -> None:
    """Right answers beside records of good accuracies, and weights that nobody trained: for a person, no points."""
    import torch

    files = friends("pytorch_cnn")
    for name in ("pytorch_cnn.weights.pt", "pytorch_cnn.r_both.weights.pt"):
        state = torch.load(io.BytesIO(files[name]), weights_only=True)
        written = io.BytesIO()
        torch.save({entry: value[torch.randperm(len(value))] if value.ndim else value for entry, value in state.items()}, written)
        files[name] = written.getvalue()
    card = desks.of("pytorch_cnn").grade("pytorch_cnn", HandIn(right=True, files=files))
    assert not {"r_record_test", "t_score_test"} & set(earned(card)), earned(card)
    assert {"p_network_test", "q_step_test"} <= set(earned(card))


@pytest.mark.long
@pytest.mark.parametrize(
    ("undefined", "test"),
    [(("a_forward", "b_backward"), "e_record_test"), (("f_forward", "f_backward"), "g_record_test")],
    ids=["batchnorm", "dropout"],
)
def test_a_layer_that_nobody_defined_measures_nothing(desks: Desks, undefined: tuple[str, ...], test: str) -> None:
    """Answers that define nothing, so that the library's layer could stand in; (d) is right, the records are a friend's."""
    layer = model_answers(desks.of("bn_drop").sources["bn_drop"].notebook)["d_layer"]
    answers = {**dict.fromkeys(undefined, "pass"), "d_layer": layer}
    got = earned(desks.of("bn_drop").grade("bn_drop", HandIn(answers, files=friends("bn_drop"))))
    assert test not in got
    assert "d_layer_test" in got


_BORROWED = "from torch.nn import Dropout"
_DECOY = "class Dropout(nn.Module):\n    pass\n\n\n"


@pytest.mark.parametrize(
    ("answer", "files"),
    [
        ("%run mine.py", {"mine.py": _BORROWED.encode()}),
        *(
            pytest.param(answer, files, marks=pytest.mark.long)
            for answer, files in (
                (f"here = !true\n{_BORROWED}", {}),
                (f"{'#' * 100_001}\n{_BORROWED}", {}),
                (f"open('m.py', 'w').write({_BORROWED!r})\nfrom m import Dropout", {}),
                ("from mine import Dropout", {**{f"a{k:03}.py": b"x = 1" for k in range(100)}, "mine.py": _BORROWED.encode()}),
                (f"{_DECOY}def turn():\n    global Dropout\n    Dropout = nn.Dropout\n\n\nturn()", {}),
                (f"{_DECOY}%time Dropout = nn.Dropout", {}),
                (f"{_DECOY}def patch(kind):\n    kind.forward = nn.Dropout.forward\n\n\npatch(Dropout)", {}),
                (f"{_DECOY}exec('Dropout = nn.Dropout')", {}),
                ("Dropout = getattr(nn, 'Drop' + 'out')", {}),
            )
        ),
    ],
    ids=["run", "shell", "long", "written", "many files", "global", "timed", "patched", "exec", "pieces"],
)
def test_a_forbidden_layer_where_no_reader_looks(desks: Desks, answer: str, files: dict[str, bytes]) -> None:
    """PyTorch's Dropout, in a place that the text of the answer does not show: no points, at best a person looks."""
    got = earned(desks.of("q_coding_dropout").grade("q_coding_dropout", HandIn({"d_dropout": answer}, files=files)))
    assert "d_dropout_test" not in got, got


_MEASURED = """
def slopes(forward, inputs, dout):
    found = []
    for k, value in enumerate(inputs):
        found.append(np.zeros(value.shape))
        for at in np.ndindex(*value.shape):
            step = np.zeros(value.shape)
            step[at] = 1e-6
            up, down = (forward(*inputs[:k], value + sign * step, *inputs[k + 1 :]) for sign in (1, -1))
            found[-1][at] = np.sum(dout * (up - down)) / 2e-6
    return found


def batchnorm_backward(dout, cache):
    inputs, param = cache
    return slopes(lambda *moved: batchnorm_forward(*moved, dict(param))[0], inputs, dout)
"""


@pytest.mark.long
def test_measured_slopes_are_for_a_person(desks: Desks) -> None:
    """Finite differences of the right forward pass are right gradients, whoever wrote them: somebody is told."""
    right = model_answers(desks.of("bn_drop").sources["bn_drop"].notebook)["a_forward"]
    forward = right.replace("(x - mu, z, gamma, inv_std)", "((x, np.asarray(gamma, float), beta), dict(bn_param))")
    card = desks.of("bn_drop").grade("bn_drop", HandIn({"a_forward": forward, "b_backward": _MEASURED}))
    assert any("batchnorm_forward in batchnorm_backward" in flag for flag in card.flags), card.flags
