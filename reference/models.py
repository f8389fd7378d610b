"""docs/FORMAT.md, "Models": weight files, ids, and how a model, the mixer and the coder decode a part of a tile."""

import hashlib
import json
import math
import pathlib
import struct

import numpy as np

from . import photo, pixelrnn
from .arithmetic import Coder, SoftmaxF, decode_decisions, differences, frequencies
from .mixer import Mixer

SHIPPED = [
    "photo-rgb", "photo-gray", "pixelcnn-rgb", "pixelcnn-gray", "cifar10-pixelcnn", "cifar10-row-lstm",
    "cifar10-diagonal-bilstm", "cifar10-multi-scale", "mnist-pixelcnn", "mnist-row-lstm", "mnist-diagonal-bilstm",
    "cifar10-pixelcnn-logistics", "photo-rgb-small", "photo-gray-small", "photo-rgb-large", "cifar10-photo",
]  # fmt: skip
ARITHMETIC_REVISION = 4


class UnknownModel(Exception):
    """The file names a model that the decoder does not have."""


class Model:
    """A weight file: a spec, tensors, and the start state of the mixer."""

    def __init__(self, path):
        data = path.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        self.spec_text = header.pop("__metadata__")["pixrnn.spec"]
        self.spec = json.loads(self.spec_text)
        self.channels = self.spec["channels"]
        self.tensors = {}
        for name, entry in header.items():
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            bits = np.frombuffer(data[start:end], {"F32": "<u4", "BF16": "<u2"}[entry["dtype"]]).astype(np.uint32)
            self.tensors[name] = (bits << (16 if entry["dtype"] == "BF16" else 0)).view(np.float32).reshape(entry["shape"])
        self.mixer_state = self.tensors.pop("mixer.state", None)
        self.is_photo = self.spec["architecture"] == "photo"
        self.networks = self.spec.get("scales", [self.spec])
        self.scales = len(self.networks)

    def codes_depth(self, depth):
        return self.is_photo or depth == (1 if self.spec.get("output") == "bernoulli" else 8)

    def factor(self, scale):
        return self.networks[scale]["condition"]["factor"]

    def total_factor(self, scale):
        """F of the document: the product of the factors of the scales after this one."""
        return math.prod(self.factor(later) for later in range(scale + 1, self.scales))

    def tensors_of(self, scale):
        prefix = f"scale.{scale}." if "scales" in self.spec else ""
        return {name[len(prefix) :]: t for name, t in self.tensors.items() if name.startswith(prefix)}

    def id(self):
        names = photo.tensor_names(self.spec) if self.is_photo else [
            f"scale.{i}.{name}" if "scales" in self.spec else name
            for i, spec in enumerate(self.networks)
            for name in pixelrnn.tensor_names(spec)
        ]  # fmt: skip
        assert set(names) == set(self.tensors)
        text = self.spec_text.encode()
        hash_ = hashlib.sha256(b"pixrnn model\0" + struct.pack("<II", ARITHMETIC_REVISION, len(text)) + text)
        for name in names:
            hash_.update(self.tensors[name].astype("<f4").tobytes())
        if self.mixer_state is not None:
            hash_.update(self.mixer_state.astype("<f4").tobytes())
        return hash_.digest()[:8]


class Library:
    """Finds models by number in the folder of shipped ones, and by id in other folders."""

    def __init__(self, shipped, others=()):
        self.shipped = pathlib.Path(shipped)
        self.others = [path for folder in others for path in sorted(pathlib.Path(folder).glob("*.safetensors"))]
        self.loaded = {}

    def __call__(self, reference):
        if reference not in self.loaded:
            if isinstance(reference, int) and reference <= len(SHIPPED):
                self.loaded[reference] = Model(self.shipped / f"{SHIPPED[reference - 1]}.safetensors")
            else:
                self.loaded.update((model.id(), model) for model in map(Model, self.others))
        if reference not in self.loaded:
            raise UnknownModel(f"no weight file has the number or id {reference}")
        return self.loaded[reference]


# --- Decoding a part ---
def decode_part(model, payloads, width, height, depth, effort, alphabet=None, known=None):
    """Samples [height][width][channels] of a part of a tile.

    payloads: of each scale, from the smallest image on. alphabet: the values of each channel that occur, or None.
    known: a mask [height][width] and the samples [channels] of its pixels, or None.
    """
    if model.is_photo:
        return _decode_photo(model, payloads[0], width, height, depth, effort, alphabet, known)
    small = None
    for scale, payload in enumerate(payloads):
        factor = model.total_factor(scale)
        w, h = -(-width // factor), -(-height // factor)
        samples, is_known = _blank(h, w, model.channels)
        if scale > 0:
            step = model.factor(scale)
            samples[::step, ::step], is_known[::step, ::step] = small, True
        network = pixelrnn.Network(model.networks[scale], model.tensors_of(scale), samples, small)
        _decode_samples(model, network, payload, samples, is_known, depth, [1 << depth] * model.channels, effort)
        small = samples
    return samples


def _blank(height, width, channels):
    """Samples, and which of them are known."""
    return np.zeros((height, width, channels), np.int64), np.zeros((height, width, channels), bool)


def _decode_photo(model, payload, width, height, depth, effort, alphabet, known):
    order = photo.CHANNEL_ORDER[model.channels]
    values = [alphabet[c] if alphabet else None for c in order]
    counts = [1 << depth if v is None else len(v) for v in values]
    d = max(1, (max(counts) - 1).bit_length())
    gamma = 0
    if d > 8:
        gamma = min(payload[0], 8) if payload else 0
        payload = payload[1:]
    samples, is_known = _blank(height, width, model.channels)
    mask, exact = known or (np.zeros((height, width), bool), np.zeros(model.channels, np.int64))
    is_known[mask] = True
    for c, v in enumerate(values):
        index = exact[order[c]] if v is None else min(np.searchsorted(v, exact[order[c]]), len(v) - 1)
        samples[mask, c] = index
    network = photo.Network(model.spec, model.tensors, samples, is_known, d, gamma, effort)
    _decode_samples(model, network, payload, samples, is_known, d, counts, effort, gain=1 << gamma)
    result = np.zeros_like(samples)
    for c, v in enumerate(values):
        result[..., order[c]] = samples[..., c] if v is None else v[samples[..., c]]
    result[mask] = exact
    return result


def chroma_given_luma(model, payload, luma, effort):
    """Chroma planes [rows][columns][2] of a tile whose G, the luma of the cells [rows][columns], is known."""
    samples, is_known = _blank(*luma.shape, 3)
    samples[..., 0], is_known[..., 0] = luma, True
    network = photo.Network(model.spec, model.tensors, samples, is_known, 8, 0, effort)
    _decode_samples(model, network, payload, samples, is_known, 8, [256] * 3, effort, has_known_channel=True)
    return samples[..., 1:]


def _decode_samples(model, network, payload, samples, is_known, bits, counts, effort, gain=1, has_known_channel=False):
    """Fills samples [height][width][channels], channels in the order of coding, but for the known ones."""
    height, width, channels = samples.shape
    half, values, coder, mixer = 1 << (bits - 1), 1 << bits, Coder(payload), None
    if effort > 1:
        has_differences = channels == 3 and all(count == values for count in counts) and not has_known_channel
        is_lean = model.spec.get("mixer") == "lean"
        mixer = Mixer(width, height, channels, bits, has_differences, model.mixer_state, is_lean)
    for y in range(height):
        for x in range(width):
            network.begin_pixel(x, y)
            for c in range(channels):
                F = network.distribution(c)
                if mixer is not None:
                    mixer.begin(c, x, y, F.mean(), *network.predictions(c), gain)
                v = int(samples[y, x, c])
                o = 0  # what a difference is coded from
                if mixer is not None and mixer.differences and c > 0:
                    o = (int(samples[y, x, 0]) - half) % values
                if not is_known[y, x, c]:
                    if mixer is None and isinstance(F, SoftmaxF):
                        v = (F.centre + coder.symbol(frequencies(F.e, F.sum))) % 256
                    elif mixer is None:
                        v = decode_decisions(coder, F, bits, counts[c])
                    else:
                        coded_F = differences(F, o, values) if mixer.differences and c > 0 else F
                        v = (decode_decisions(coder, coded_F, bits, counts[c], mixer.refine) + o) % values
                    samples[y, x, c] = v
                if mixer is not None:
                    mixer.end((v - o) % values, v, is_known[y, x, c])
                network.observe(c, v)
            network.end_pixel()
