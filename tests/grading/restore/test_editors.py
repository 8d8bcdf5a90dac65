"""A notebook comes back from whichever editor a student used: Colab, Kaggle and VS Code each leave marks of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from grading import notebook as nb
from grading.restore.merge import merge
from tests.grading.restore.test_restore import SOURCE, assert_intact, submitted

Raw = dict[str, Any]
_OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["hello\n"]}


def colab(raw: Raw) -> Raw:
    """No cell ids, an id in the metadata instead, the newest minor format forgotten."""
    for number, cell in enumerate(raw["cells"]):
        del cell["id"]
        cell["metadata"] |= {"id": f"aB{number}cD", "colab": {"base_uri": "https://localhost:8080/", "height": 35}}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [_OUTPUT], "execution_count": number}
            cell["metadata"]["outputId"] = f"0f-{number}"
    raw["metadata"] |= {"colab": {"provenance": [], "toc_visible": True}, "accelerator": "GPU", "kernelspec": {"name": "python3"}}
    return {**raw, "nbformat_minor": 0}


def kaggle(raw: Raw) -> Raw:
    """No cell ids, uuids in the metadata, execution times, sources as one text."""
    for number, cell in enumerate(raw["cells"]):
        del cell["id"]
        cell["source"] = "".join(cell["source"])
        cell["metadata"] |= {"_uuid": f"{number:040x}", "_cell_guid": f"{number:032x}", "trusted": True}
        if cell["cell_type"] == "code":
            cell["metadata"]["execution"] = {
                "iopub.status.busy": "2026-01-01T00:00:00Z",
                "shell.execute_reply": "2026-01-01T00:00:01Z",
            }
    raw["metadata"] |= {"kaggle": {"accelerator": "none", "dataSources": [], "isInternetEnabled": False, "language": "python"}}
    return {**raw, "nbformat_minor": 4}


def vs_code(raw: Raw) -> Raw:
    """Ids of its own, the language of each cell, Windows' ends of lines."""
    for number, cell in enumerate(raw["cells"]):
        cell["id"] = f"#VSC-{number:08x}"
        cell["metadata"] |= {"vscode": {"languageId": "python" if cell["cell_type"] == "code" else "markdown"}}
        cell["source"] = [line.replace("\n", "\r\n") for line in cell["source"]]
    raw["metadata"] |= {"vscode": {"interpreter": {"hash": "ab12"}}, "orig_nbformat": 4}
    return raw


@pytest.mark.parametrize("editor", [colab, kaggle, vs_code])
def test_every_answer_comes_back(editor: Callable[[Raw], Raw]) -> None:
    """Nothing is lost, nothing is noted, and nothing of the editor's stays in the restored notebook."""
    saved = editor(json.loads(nb.dump(submitted())))
    merged = merge(nb.parse(json.dumps(saved).encode(), "mini"), SOURCE)
    assert_intact(merged.cells)
    assert (merged.answered, merged.notes, merged.unmatched) == (("a_double", "b_answer", "c_count"), (), ())
    left = json.dumps(merged.cells)
    assert not [mark for mark in ("colab", "_uuid", "vscode", "outputId") if mark in left]
