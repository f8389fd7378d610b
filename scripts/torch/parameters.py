"""The weights of a photo network as one vector, with a view for each tensor."""

import json
from collections.abc import Iterable

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

SPEC, NOTES = "pixrnn.spec", "pixrnn.notes"


class Parameters:
    """Vectors of one layout: matrices that Muon moves come first, equal shapes next to each other, then all others."""

    def __init__(self, path: str) -> None:
        with safe_open(path, "pt") as file:
            self._spec_text = file.metadata()[SPEC]
        self.spec = json.loads(self._spec_text)
        if self.spec["architecture"] != "photo":
            raise SystemExit(f"{path} is not a photo model.")
        tensors = {name: value.float() for name, value in load_file(path).items() if name != "mixer.state"}
        matrices = sorted(
            (name for name in tensors if self._is_muon(name)), key=lambda name: (tensors[name].shape, name)
        )
        self._shapes = {name: tensors[name].shape for name in [*matrices, *(n for n in tensors if n not in matrices)]}
        self.muon_size = sum(self._shapes[name].numel() for name in matrices)
        self.groups = self._grouped(matrices)
        self.values = self.zeros()
        for name, view in self.views(self.values).items():
            view.copy_(tensors[name])

    @staticmethod
    def _is_muon(name: str) -> bool:
        """Output layers learn like biases, as in src/train/muon.ts."""
        return name.endswith(".weight") and not name.endswith("mixture.weight")

    def _grouped(self, matrices: Iterable[str]) -> list[tuple[int, int, int]]:
        """Returns count, rows and columns of runs of equal shapes."""
        groups: list[tuple[int, int, int]] = []
        for name in matrices:
            rows, columns = self._shapes[name]
            if groups and groups[-1][1:] == (rows, columns):
                groups[-1] = (groups[-1][0] + 1, rows, columns)
            else:
                groups.append((1, rows, columns))
        return groups

    def zeros(self) -> torch.Tensor:
        return torch.zeros(sum(shape.numel() for shape in self._shapes.values()))

    def shape(self, name: str) -> torch.Size:
        return self._shapes[name]

    def views(self, vector: torch.Tensor) -> dict[str, torch.Tensor]:
        """Returns the tensors within a vector of this layout."""
        sizes = [shape.numel() for shape in self._shapes.values()]
        return {name: part.view(shape) for (name, shape), part in zip(self._shapes.items(), vector.split(sizes))}

    def save(self, path: str, vector: torch.Tensor, notes: dict) -> None:
        """Writes a model file; model cards state the notes."""
        tensors = {name: view.clone() for name, view in self.views(vector).items()}
        save_file(tensors, path, {SPEC: self._spec_text, NOTES: json.dumps(notes)})
