"""Reads what `npm run training-records` wrote: the network's inputs for every crop of a data set."""

import json
import os
import queue
import threading
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch


class Batch(NamedTuple):
    """n pixels, crop by crop in raster order. Extras of all channels are next to each other."""

    inputs: torch.Tensor  # bfloat16 [n, inputs]
    extras: torch.Tensor  # bfloat16 [n, sum of extras]
    centres: torch.Tensor  # f32 [n, channels]
    values: torch.Tensor  # f32 [n, channels], 0 to 255


class Records:
    def __init__(self, directory: str) -> None:
        path = os.path.join(directory, "records.json")
        if not os.path.exists(path):
            raise SystemExit(f"{directory} contains no complete records. Write them with `npm run training-records`.")
        with open(path) as file:
            layout = json.load(file)
        self.side: int = layout["side"]
        self.channels: int = layout["channels"]
        self.extras: list[int] = layout["extras"]
        self.train: int = layout["train"]
        self.valid: int = layout["valid"]
        self.inputs: int = layout["inputs"]
        self._widths = [self.inputs, *self.extras]
        self._bytes: int = layout["bytes"]
        names = ("train-0.bin", "train-1.bin", "valid.bin")
        self._files = [os.open(os.path.join(directory, name), os.O_RDONLY) for name in names]

    def validation(self, first: int, last: int) -> Batch:
        return self._read([(2, i) for i in range(first, last)])

    def batches(self, size: int, step: int, seed: int, rank: int, ranks: int) -> Iterator[Batch]:
        """Yields this rank's share of each batch from `step` on. Each epoch shuffles the images and mirrors half of them."""
        ready: queue.Queue[Batch] = queue.Queue(4)

        def read() -> None:
            n = step
            while True:
                epoch, within = divmod(n, self.train // size)
                random = np.random.default_rng([seed, epoch])
                images, mirrored = random.permutation(self.train), random.integers(0, 2, self.train)
                for i in range(within * size, self.train // size * size, size):
                    share = slice(i + rank, i + size, ranks)
                    ready.put(self._read(list(zip(mirrored[share], images[share]))))
                    n += 1

        threading.Thread(target=read, daemon=True).start()
        while True:
            yield ready.get()

    def _read(self, crops: list[tuple[int, int]]) -> Batch:
        raw = np.empty((len(crops), self._bytes), np.uint8)
        for row, (file, i) in zip(raw, crops):
            os.preadv(self._files[file], [row], int(i) * self._bytes)
        pixels = self.side**2
        sections, at = [], 0
        for width in self._widths:
            section = np.ascontiguousarray(raw[:, at : at + 2 * width * pixels]).view("<i2").reshape(-1, width)
            sections.append(torch.from_numpy(section).view(torch.bfloat16))
            at += 2 * width * pixels
        end = at + 4 * self.channels * pixels
        centres = torch.from_numpy(np.ascontiguousarray(raw[:, at:end]).view("<f4"))
        values = torch.from_numpy(np.ascontiguousarray(raw[:, end:])).float()
        return Batch(sections[0], torch.cat(sections[1:], 1), self._by_pixel(centres), self._by_pixel(values))

    def _by_pixel(self, planes: torch.Tensor) -> torch.Tensor:
        """[crops, channels * pixels] to [n, channels]."""
        split = planes.reshape(-1, self.channels, self.side**2)
        return split.transpose(1, 2).reshape(-1, self.channels).contiguous()
