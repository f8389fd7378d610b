"""Muon (Jordan et al. 2024), with AdamW for biases and output layers, as in src/train/muon.ts, adamw.ts and optimizer.ts."""

import math

import torch

from parameters import Parameters

COEFFICIENTS = (3.4445, -4.775, 2.0315)
ITERATIONS = 5
UPDATE_RMS = 0.2
SECOND_DECAY, EPSILON, WEIGHT_DECAY = 0.999, 1e-8, 0.01
NORM_DECAY, EXPLODED, MAX_NORM = 0.99, 10, 1


def orthogonalized(matrices: torch.Tensor) -> torch.Tensor:
    """Returns U Vt, approximately, of each matrix U S Vt of [count, rows, columns], by Newton-Schulz iterations."""
    a, b, c = COEFFICIENTS
    x = matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)
    is_tall = x.shape[1] > x.shape[2]
    x = (x.transpose(1, 2) if is_tall else x).bfloat16().contiguous()
    for _ in range(ITERATIONS):
        square = torch.bmm(x, x.transpose(1, 2))
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return (x.transpose(1, 2) if is_tall else x).float()


class Muon:
    def __init__(self, parameters: Parameters, momentum: float, average: float) -> None:
        self._parameters, self._momentum, self._average = parameters, momentum, average
        self._first, self._second = parameters.zeros(), parameters.zeros()
        self.mean = parameters.values.clone()  # running mean of the weights
        self._steps, self._mean_norm = 0, 0.0

    def state(self) -> dict[str, object]:
        return {**self._vectors(), "steps": self._steps, "norm": self._mean_norm}

    def restore(self, state: dict) -> None:
        for name, vector in self._vectors().items():
            vector.copy_(state[name])
        self._steps, self._mean_norm = state["steps"], state["norm"]

    def _vectors(self) -> dict[str, torch.Tensor]:
        values = self._parameters.values
        return {"values": values, "mean": self.mean, "first": self._first, "second": self._second}

    def step(self, gradient: torch.Tensor, rate: float) -> None:
        """Moves the weights, unless the gradient explodes. Changes `gradient`."""
        norm = float(gradient.norm())
        if not math.isfinite(norm):
            raise SystemExit("Training diverged: the gradient is not a number. Lower --rate.")
        mean = self._mean_norm or norm
        self._mean_norm = NORM_DECAY * mean + (1 - NORM_DECAY) * min(norm, EXPLODED * mean)
        if norm > EXPLODED * mean:
            return
        self._steps += 1
        gradient.mul_(min(1, MAX_NORM / (norm + 1e-12)))
        self._first.mul_(self._momentum).add_(gradient, alpha=1 - self._momentum)
        self._move_matrices(gradient, rate)
        self._move_others(gradient, rate)
        kept = min(self._average, self._steps / (self._steps + 9))  # early means are over few steps
        self.mean.lerp_(self._parameters.values, 1 - kept)

    def _move_matrices(self, gradient: torch.Tensor, rate: float) -> None:
        at = 0
        for count, rows, columns in self._parameters.groups:
            part = slice(at, at := at + count * rows * columns)
            ahead = torch.add(self._first[part] * self._momentum, gradient[part], alpha=1 - self._momentum)
            step = orthogonalized(ahead.view(count, rows, columns)).reshape(-1)
            self._parameters.values[part].sub_(step, alpha=rate * UPDATE_RMS * math.sqrt(max(rows, columns)))

    def _move_others(self, gradient: torch.Tensor, rate: float) -> None:
        others = slice(self._parameters.muon_size, None)
        first, second, g = self._first[others], self._second[others], gradient[others]
        second.mul_(SECOND_DECAY).addcmul_(g, g, value=1 - SECOND_DECAY)
        length = (second / (1 - SECOND_DECAY**self._steps)).sqrt() + EPSILON
        values = self._parameters.values[others].mul_(1 - rate * WEIGHT_DECAY)
        values.sub_(first / length, alpha=rate / (1 - self._momentum**self._steps))
