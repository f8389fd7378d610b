"""Likelihood and gradient of the photo network (src/model/photo.ts), written out by hand for speed: products and convolutions
by PyTorch in bfloat16, everything between them by kernels.cpp."""

import os

import torch
import torch.nn.functional as F
from torch.utils.cpp_extension import load

import mixture
from parameters import Parameters
from records import Batch, Records

LANES = 16  # as in kernels.cpp
KERNEL_ROWS, KERNEL_COLUMNS, CAUSAL_TAPS = 2, 3, 5  # the tap to the right of the pixel is zero


def load_kernels():
    with open("/proc/cpuinfo") as file:
        if "avx512_bf16" not in file.read():
            raise SystemExit("This processor lacks AVX-512 with bfloat16. Use `pixrnn train`.")
    source = os.path.join(os.path.dirname(__file__), "kernels.cpp")
    flags = ["-O3", "-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512bf16"]
    return load("pixrnn_kernels", [source], extra_cflags=flags)


class PhotoNetwork:
    def __init__(self, parameters: Parameters, records: Records) -> None:
        self.parameters = parameters
        self.gradient = parameters.zeros()
        spec = parameters.spec
        self._features, self._blocks, self._components = spec["features"], spec["blocks"], spec["components"]
        self._head, self._side, self._extras = spec["head"], records.side, records.extras
        self._heads = [f"head.{c}" for c in range(spec["channels"])]
        self._check(records)
        self._kernels = load_kernels()
        self._mean_bits = torch.compile(mixture.mean_bits)
        self._buffers: dict[int, dict] = {}

    def _check(self, records: Records) -> None:
        inputs = self.parameters.shape("input.weight")[0]
        if (inputs, len(self._heads)) != (records.inputs, records.channels):
            raise SystemExit("The records were written for a model with other channels or predictors.")
        if self._features % LANES or self._head * len(self._heads) % LANES:
            raise SystemExit(f"The features of layers and heads must be multiples of {LANES}.")

    @torch.no_grad()
    def mean_bits(self, batch: Batch, with_gradient: bool) -> float:
        """Returns the mean code length of a sub-pixel in bits; with_gradient: and writes its gradient to `gradient`."""
        w = self.parameters.views(self.parameters.values.bfloat16())
        buffers = self._buffers_for(len(batch.inputs))
        kernels, hidden = self._blocks_forward(batch.inputs, w, buffers)
        seen = buffers["seen"]
        by_seen, by_extras, by_hidden = self._head_matrices(w)
        bias = [torch.cat([w[f"{head}.{layer}.bias"] for head in self._heads]) for layer in ("hidden", "mixture")]
        z = torch.addmm(torch.addmm(bias[0], seen, by_seen), batch.extras, by_extras)
        self._kernels.activate(z)
        outputs = torch.addmm(bias[1], z, by_hidden)
        loss, by_outputs = self._loss(outputs, batch, with_gradient)
        if not with_gradient:
            return loss
        g = self.parameters.views(self.gradient)
        sums = torch.zeros(len(bias[0]))
        to_z = by_outputs @ by_hidden.t()
        self._kernels.through_activation(to_z, z, sums)
        self._head_gradients(g, seen.t() @ to_z, batch.extras.t() @ to_z, z.t() @ by_outputs)
        for layer, by_bias in (("hidden", sums), ("mixture", by_outputs.float().sum(0))):
            for head, part in zip(self._heads, by_bias.chunk(len(self._heads))):
                g[f"{head}.{layer}.bias"].copy_(part)
        self._blocks_backward(to_z @ by_seen.t(), batch.inputs, w, g, buffers, kernels, hidden)
        return loss

    def _blocks_forward(self, inputs, w, buffers):
        """Writes each block's padded input and the last features to buffers; returns kernels and inner activations."""
        n, stream = len(inputs), buffers["stream"].zero_()
        branch = torch.addmm(w["input.bias"], inputs, w["input.weight"])
        kernels, hidden = [], []
        for i, padded in enumerate(buffers["padded"]):
            self._kernels.add_and_activate(stream, branch, padded, self._side)
            kernels.append(self._kernel(w[f"block.{i}.conv.weight"]))
            y = F.conv2d(padded.permute(0, 3, 1, 2), kernels[i], w[f"block.{i}.conv.bias"])
            z = y.permute(0, 2, 3, 1).view(n, self._features)
            self._kernels.activate(z)
            hidden.append(z)
            branch = torch.addmm(w[f"block.{i}.pointwise.bias"], z, w[f"block.{i}.pointwise.weight"])
        self._kernels.add_and_activate(stream, branch, buffers["seen"], 0)
        return kernels, hidden

    def _blocks_backward(self, to_seen, inputs, w, g, buffers, kernels, hidden) -> None:
        stream, copy, side, features = buffers["gradient"].zero_(), buffers["copy"], self._side, self._features
        sums = torch.zeros(features)
        self._kernels.add_gradient(stream, to_seen, buffers["seen"], copy, sums, 0)
        for i in reversed(range(self._blocks)):
            g[f"block.{i}.pointwise.bias"].copy_(sums)
            g[f"block.{i}.pointwise.weight"].copy_(hidden[i].t() @ copy)
            to_conv = copy @ w[f"block.{i}.pointwise.weight"].t()
            self._kernels.through_activation(to_conv, hidden[i], g[f"block.{i}.conv.bias"].zero_())
            padded = buffers["padded"][i]
            to_padded, to_kernel, _ = torch.ops.aten.convolution_backward(
                to_conv.view(-1, side, side, features).permute(0, 3, 1, 2), padded.permute(0, 3, 1, 2), kernels[i],
                [features], [1, 1], [0, 0], [1, 1], False, [0, 0], 1, [True, True, False],
            )  # fmt: skip
            g[f"block.{i}.conv.weight"].copy_(
                to_kernel.permute(2, 3, 1, 0).reshape(-1, features)[: CAUSAL_TAPS * features]
            )
            sums = torch.zeros(features)
            gradient = to_padded.permute(0, 2, 3, 1).contiguous()
            self._kernels.add_gradient(stream, gradient, padded, copy, sums, side)
        g["input.bias"].copy_(sums)
        g["input.weight"].copy_(inputs.t() @ copy)

    def _kernel(self, weight: torch.Tensor) -> torch.Tensor:
        """[taps * inputs, outputs] to [outputs, inputs, rows, columns]."""
        size = self._features
        taps = torch.cat([weight, torch.zeros_like(weight[:size])]).view(KERNEL_ROWS, KERNEL_COLUMNS, size, size)
        return taps.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)

    def _head_matrices(self, w):
        """All heads as one layer: features to hidden, extras to hidden and hidden to outputs, the latter by blocks."""
        hidden = [w[f"{head}.hidden.weight"] for head in self._heads]
        by_seen = torch.cat([m[: self._features] for m in hidden], 1)
        by_extras = torch.block_diag(*[m[self._features :] for m in hidden])
        return by_seen, by_extras, torch.block_diag(*[w[f"{head}.mixture.weight"] for head in self._heads])

    def _head_gradients(self, g, by_seen, by_extras, by_hidden) -> None:
        outputs, row = by_hidden.shape[1] // len(self._heads), 0
        for c, (head, extras) in enumerate(zip(self._heads, self._extras)):
            own = slice(c * self._head, (c + 1) * self._head)
            g[f"{head}.mixture.weight"].copy_(by_hidden[own, c * outputs : (c + 1) * outputs])
            g[f"{head}.hidden.weight"][: self._features].copy_(by_seen[:, own])
            g[f"{head}.hidden.weight"][self._features :].copy_(by_extras[row : row + extras, own])
            row += extras

    def _loss(self, outputs, batch: Batch, with_gradient: bool):
        """Returns the mean in bits and its gradient by outputs, [n, channels * P]."""
        with torch.set_grad_enabled(with_gradient):
            outputs.requires_grad_(with_gradient)
            parameters = outputs.view(len(outputs), len(self._heads), -1)
            loss = self._mean_bits(parameters, batch.centres, batch.values, self._components)
            gradient = torch.autograd.grad(loss, outputs)[0].contiguous() if with_gradient else None
        return float(loss.detach()), gradient

    def _buffers_for(self, n: int) -> dict:
        if n not in self._buffers:
            images, side, features = n // self._side**2, self._side, self._features
            bf16 = torch.bfloat16
            self._buffers[n] = {
                "padded": [torch.zeros(images, side + 1, side + 2, features, dtype=bf16) for _ in range(self._blocks)],
                "stream": torch.empty(n, features), "gradient": torch.empty(n, features),
                "seen": torch.empty(n, features, dtype=bf16), "copy": torch.empty(n, features, dtype=bf16),
            }  # fmt: skip
        return self._buffers[n]
