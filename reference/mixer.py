"""docs/format/mixer.md: refines the model's probability of each decision at efforts 2 to 4."""

import numpy as np

from .arithmetic import APM_START, F32, HALF, ONE, U32, ZERO, History, clamp, log2_32, logit, squash
from .palette import learned, learned_apms, mixed_logits, refined

SKIP_THRESHOLD = F32(0.006)

# --- Contexts ---
def hash2(x, y):
    """Of integers or of arrays of int64."""
    h = (x * 0x9E3779B1 & U32) ^ (((y + 0x7F4A7C15 & U32) * 0x85EBCA6B) & U32)
    h = (h ^ h >> 15) * 0xC2B2AE35 & U32
    return h ^ h >> 13


def pack(a, b=0, c=0, d=0):
    """`bytes` of the document."""
    return a | b << 8 | c << 16 | d << 24


NEIGHBOURS = {
    "W": (-1, 0), "N": (0, -1), "NW": (-1, -1), "NE": (1, -1), "WW": (-2, 0), "NN": (0, -2), "WWW": (-3, 0),
    "NNE": (1, -2), "NNW": (-1, -2), "NEE": (2, -1), "NWW": (-2, -1),
}  # fmt: skip
NAMES = list(NEIGHBOURS)
# The same neighbours of the pixel to the left.
LEFT_NAMES = [name for name in NAMES if name != "WWW"]
OFFSETS = [*NEIGHBOURS.values(), *((NEIGHBOURS[name][0] - 1, NEIGHBOURS[name][1]) for name in LEFT_NAMES)]
ERROR_CLASSES = np.array([1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45])
CONFIDENCES = np.array([1, 3, 8, 20, 60, 150, 250])
LIMIT_LOGIT = 12


class Around(dict):
    """Samples by the names of neighbours."""

    __getattr__ = dict.__getitem__


class Mixer:
    def __init__(self, width, height, channels, bits, differences, state=None, lean=False):
        self.width, self.height, self.n, self.bits, self.differences = width, height, channels, bits, differences
        self.history = History(width, height, OFFSETS)
        self.values = np.full((width * height + 1, channels), 128, np.int64)  # of the history, as integers
        self.mean_errors = np.zeros((height + 1, width + 2, channels), F32)  # d
        self.is_rgb = channels == 3
        self.contexts = (8 if lean else 12) if self.is_rgb else (12 if lean else 16)
        self.maps = 16 if lean else 32  # predictions whose histograms the error class selects
        self.pairs = (8 if lean else 16) if self.is_rgb else 0  # predictions paired with a difference
        self.predictions = self.maps + self.pairs
        self.inputs = 8 + 2 * self.contexts + self.predictions
        self.distances = np.full((height + 1, width, channels, self.predictions), 4, np.int64)  # r
        lines = (self.contexts, 1 << 14, 2)
        self.checks, self.visits = np.zeros(lines, np.uint32), np.zeros(lines, np.int32)
        self.slots, self.counts = np.zeros((*lines, 16), np.int32), np.zeros((*lines, 16), np.uint8)
        self.all_contexts = np.arange(self.contexts)
        self.all_predictions = np.arange(self.predictions)
        self._start_histograms()
        self._start_weights(state)

    def _start_weights(self, state):
        n = self.n
        sets = [8 * n * 12, 8 * n, 256 * n, 64]
        self.set_starts = np.cumsum([0, *sets[:-1]])
        vectors = sum(sets)
        self.weights = np.zeros((vectors, self.inputs), F32)
        self.weights[:, 0] = F32(0.6)
        self.second = np.full((8 * n * 12, 4), F32(0.25))
        self.apms = np.tile(APM_START, (768 * n, 1))
        if state is not None:
            parts = [self.weights, self.second, self.apms]
            values = np.split(state, np.cumsum([part.size for part in parts])[:2])
            self.weights, self.second, self.apms = (v.reshape(part.shape).copy() for v, part in zip(values, parts))

    # --- Residual maps ---
    def _start_histograms(self):
        i = np.arange(513)
        rows = []
        for q in range(12):
            scale = 2 ** (q / 2) / 8 + 0.5
            g = i - 255.5
            w = np.where(g < 0, np.exp(-np.abs(g) / scale) / 2, 1 - np.exp(-np.abs(g) / scale) / 2)
            M = np.rint(100 * w).astype(np.int32)
            i8, i64 = i[:512] >> 3, i[:64] >> 3
            rows.append((M[:512] - M[8 * i8], M[8 * i[:64]] - M[64 * i64], M[64 * i[:8]]))
        order = [*range(12)] * (self.n * self.maps) + [6] * (self.n * self.pairs * 512)
        self.fine, self.middle, self.coarse = (np.stack([row[k] for row in rows])[order] for k in range(3))
        self.totals = np.full(len(order), 100, np.int32)

    def _select_histograms(self, x, y):
        r = self.distances
        north = r[y, x, self.c]
        west = r[y + 1, x - 1, self.c] if x > 0 else north
        north_west = r[y, x - 1, self.c] if x > 0 else north
        north_east = r[y, x + 1, self.c] if x < self.width - 1 else north
        e = (2 * (west + north) + north_west + north_east)[: self.maps]
        classes = np.searchsorted(ERROR_CLASSES, e, side="right")
        rows = (self.c * self.maps + self.all_predictions[: self.maps]) * 12 + classes
        if self.is_rgb:
            base = self.n * self.maps * 12 + (self.c * self.pairs + np.arange(self.pairs)) * 512
            rows = np.concatenate([rows, base + np.array(self.paired) + 256])
        self.rows = rows
        fine, middle, coarse = self.fine[rows], self.middle[rows], self.coarse[rows]
        self.before = fine + np.repeat(middle, 8, axis=1) + np.repeat(coarse, 64, axis=1)

    def _count(self, value):
        rows = self.rows[:, None]
        bins = (255 - self.predicted + value)[:, None]
        eight = np.arange(8)
        for table, i in ((self.fine, bins), (self.middle, bins >> 3), (self.coarse, bins >> 6)):
            table[rows, (i & ~7) + eight] += np.where(eight > i & 7, 64, 0).astype(np.int32)
        self.totals[self.rows] += 64
        for row in self.rows[self.totals[self.rows] > 38400]:
            for table in (self.fine, self.middle, self.coarse, self.totals):
                table[row] >>= 1

    # --- One value ---
    def begin(self, c, x, y, mean, A, B, gain):
        """Computes what the decisions of channel c at (x, y) share. A and B are None for all models but `photo`."""
        self.c, self.x, self.y = c, x, y
        around = self.history.at(x, y)
        self.own = self.values[y * self.width + x]
        near = self.values[around].T  # [channel][neighbour]
        self.around = [Around(zip(NAMES, row.tolist())) for row in near]
        self.left_around = [Around(zip(LEFT_NAMES, row[len(NAMES) :].tolist())) for row in near]
        self.offset = int(self.own[0]) - 128 if self.differences and c > 0 else 0
        self._inputs_from_the_model(mean, A, B, gain)
        d = self.mean_errors[..., c]
        e = (d[y + 1, x] + d[y, x + 1]) + (d[y, x] + d[y, x + 2])
        level = log2_32(e + HALF) * F32(1.3) + ONE
        self.level = int(min(max(level, F32(0)), F32(11)))
        self._compute_contexts()
        near = self.coded
        values = near.W, near.N, near.NE, self.a, self.b, near.NW
        self.pattern = sum((value > self.m) << i for i, value in enumerate(values))
        self._compute_predictions()
        self._select_histograms(x, y)
        self.opened = None

    def _inputs_from_the_model(self, mean, A, B, gain):
        s = self.around[self.c]
        size = F32(256 / (1 << self.bits))
        shift = HALF - HALF * size if self.bits > 8 else F32(0)
        mean = F32(mean) * size - shift
        if A is None:
            A, B = F32(min(max(s.W + s.N - s.NW, 0), 255)), F32(s.W + s.N) / F32(2)
        A, B = A / F32(gain) - shift, B / F32(gain) - shift
        self.mean, a, b = (clamp(ZERO, value - F32(self.offset), F32(255)) for value in (mean, A, B))
        self.m, self.a, self.b = int(np.rint(self.mean)), int(np.rint(a)), int(np.rint(b))

    def _coded(self, c):
        s, first = self.around[c], self.around[0]
        if not self.differences or c == 0:
            return s
        return Around((name, (s[name] - first[name] + 128) % 256) for name in ("W", "N", "NW", "NE"))

    def _compute_contexts(self):
        c, m, a, b, level = self.c, self.m, self.a, self.b, self.level
        near = self.coded = self._coded(c)
        W, N, NW, NE = near.W, near.N, near.NW, near.NE
        if self.is_rgb:
            r1, r1w, r1n = self._other(0 if c > 0 else 1, c > 0)
            r2, r2w, r2n = self._other(2 if c < 2 else 1, c == 2)
            known = (0, r1, pack(r1, r2))[c]
            w1, n1, w2, n2 = r1 - r1w + 512, r1 - r1n + 512, r2 - r2w + 512, r2 - r2n + 512
            keys = [
                pack(W, r1, r2) if c == 0 else known,
                pack(W, N) if c == 0 else pack(W, N, r1),
                hash2(pack(W, N, NW, NE), known), a | level << 8, pack(W, r2), pack(N, r2), pack(W, N, r2), r2,
                W | w1 << 8 | w2 << 18, N | n1 << 8 | n2 << 18, pack(W, r1, r2), pack(N, r1, r2),
            ]  # fmt: skip
        else:
            all_four = pack(W, N, NW, NE)
            s = self.around[0]
            keys = [
                pack(W, N), m, 0, pack(m, W), pack(m, N), pack(W, s.WW), pack(N, s.NN), all_four,
                hash2(all_four, pack(s.WW, s.NN)), m | level << 8, a | level << 8, pack(b, m), pack(a, W),
                (W - NW + 512) | (N - NW + 512) << 12, (W + N - NW + 512) | level << 12, pack(W, N, NE),
            ]  # fmt: skip
        self.hashes = hash2(np.array([key & U32 for key in keys[: self.contexts]]), self.all_contexts + 1 + 64 * c)

    def _other(self, channel, is_known):
        """Coded values of another channel at the pixel itself, or at W, and to the left of and above that place."""
        if is_known:
            first, near, s = self.own, self.around[0], self.around[channel]
            values = [(int(self.own[channel]), int(first[0])), (s.W, near.W), (s.N, near.N)]
        else:
            first, near, s = self.around[0], self.left_around[0], self.left_around[channel]
            values = [(self.around[channel].W, first.W), (s.W, near.W), (s.N, near.N)]
        if not self.differences or channel == 0:
            return [sample for sample, _ in values]
        return [(sample - base + 128) % 256 for sample, base in values]

    # --- Predictions ---
    def _compute_predictions(self):
        m, a, b, c, s = self.m, self.a, self.b, self.c, self.around[self.c]
        W, N, NW, NE, WW, NN = s.W, s.N, s.NW, s.NE, s.WW, s.NN
        NNE, NNW, NEE, NWW, WWW = s.NNE, s.NNW, s.NEE, s.NWW, s.WWW
        if not self.is_rgb:
            predictions = [
                m, a, b, W, N, W + N - NW,
                W + N + 1 >> 1, NE, NEE, NN, WW, W + NE - N,
                2 * N - NN, 2 * W - WW, N + NE - NNE, W + NE + 1 >> 1, N + NW - NNW, W + (NE - NW >> 1),
                N + (W - NW >> 1), W + NW - NWW, 3 * (W - WW) + WWW, W + N + NE - NW + NEE - NNE >> 1,
                NW, a + m + 1 >> 1, N + NE + 1 >> 1, b + m + 1 >> 1, NNE,
                NWW, W + NEE + 1 >> 1, W + N - (NW + NN + 1 >> 1),
                WWW, W + NW + 1 >> 1,
            ]  # fmt: skip
            self.predicted = np.clip(predictions[: self.maps], 0, 255)
            return
        q1, t1 = (int(self.own[0]), self.around[0]) if c > 0 else (self.around[1].W, self.left_around[1])
        q2, t2 = (int(self.own[1]), self.around[1]) if c == 2 else (self.around[2].W, self.left_around[2])
        gw, gn = (q1 - t1.W, q1 - t1.N) if c > 0 else (0, 0)
        hw, hn = (q2 - t2.W, q2 - t2.N) if c == 2 else (0, 0)
        predictions = [
            W + gw, N + gn, W + hw, N + hn, W + N + 1 >> 1, W + N + gw + gn >> 1,
            N, q1, q1 + NE - t1.NE, q1 + NW - t1.NW, q1 + WW - t1.WW, q1 + (W + N - NW) - (t1.W + t1.N - t1.NW),
            q1 + (N + NE - NNE) - (t1.N + t1.NE - t1.NNE), q1 + 2 * W - WW - (2 * t1.W - t1.WW),
            q1 + 2 * N - NN - (2 * t1.N - t1.NN), q2, q2 + NE - t2.NE,
            NE, NEE, 2 * N - NN, 2 * W - WW, W, W + N - NW, W + NE - N, N + NE - NNE, W + NE + 1 >> 1,
            q2 + (W + N - NW) - (t2.W + t2.N - t2.NW), NW, WW,
        ]  # fmt: skip
        if c == 0:
            pairs = [
                (0, self.around[2].W - W), (W + N - NW, W - NW), (W + N - NW, N - NW), (W + NE - N, NE - N),
                (2 * N - NN, N - NN), (2 * W - WW, W - WW), (N + NE - NNE, NE - NNE), (W + NW - NWW, NW - NWW),
                (W, W - WW), (N, N - NN), (NE, NE - N), (W + N >> 1, W - N), (b, b - m),
                (W + N - NW, self.around[1].W - W), (N, self.around[1].N - N), (NE, NE - NEE),
            ]  # fmt: skip
        else:
            pairs = self._following_pairs()
        self.paired = [min(max(difference, -256), 255) for _, difference in pairs[: self.pairs]]
        predictions = predictions[: self.maps - 3] + [prediction for prediction, _ in pairs[: self.pairs]]
        self.predicted = np.clip([m, a, b, *(p - self.offset for p in predictions)], 0, 255)

    def _following_pairs(self):
        c, s, first = self.c, self.around[self.c], self.around[0]
        p0 = int(self.own[0])
        u = p0 if c == 1 else int(self.own[1]) - p0

        def other(name):
            return first[name] if c == 1 else self.around[1][name] - first[name]

        def follow(name):
            return s[name] + p0 - first[name]

        def step(name):
            return u - other(name)

        return [
            (p0, u if c == 2 else self.around[2].W - first.W),
            *((follow(name), step(name)) for name in ("W", "N", "NE", "NW", "WW", "NN")),
            (follow("W") + follow("N") >> 1, step("W") + step("N")),
            *((follow(name), step(name)) for name in ("NEE", "NNE", "NWW")),
            (follow("W") + follow("N") - follow("NW"), step("W") + step("N") - step("NW")),
            (follow("N") + follow("NE") >> 1, step("N") + step("NE")),
            (follow("W") + follow("NE") >> 1, step("W") + step("NE")),
            (self.m + self.offset, self.m - self.a),
            (s.W, step("W")),
        ]

    # --- Hashed lines ---
    def _open(self, node, depth):
        pairs, keys = self.hashes & 0x3FFF, self.hashes
        if depth >= 4:
            k = 1 + (node >> depth - 4 & 15)
            pairs, keys = pairs ^ k, keys + k * 0x9E3779B1 & U32
        rows = (self.all_contexts, pairs)
        checks = keys & 0xFFFFFC00
        found = self.checks[rows] == checks[:, None]
        visits = self.visits[rows]
        is_open = found.any(axis=1)
        line = np.where(found[:, 0], 0, np.where(found[:, 1], 1, np.where(visits[:, 1] < visits[:, 0], 1, 0)))
        self.lines = (self.all_contexts, pairs, line)
        self.visits[self.lines] = np.where(is_open, np.minimum(self.visits[self.lines] + 1, 1023), 1)
        self.checks[self.lines] = checks
        replaced = tuple(index[~is_open] for index in self.lines)
        self.slots[replaced] = 0
        self.counts[replaced] = 0
        self.opened = depth >> 2

    # --- Inputs, mixing, APM stage ---
    def refine(self, p, node, depth, low, half):
        """The probability that replaces p, and how to learn the bit."""
        if depth >= 8:
            return p, None
        low, half = self._on_scale(low), self._on_scale(half)
        p1, p0 = F32(p), F32(1 - p)
        if min(p1, p0) < SKIP_THRESHOLD:
            return min(max(p, 2.0**-16), 1 - 2.0**-16), None
        if self.opened != depth >> 2:
            self._open(node, depth)
        place, c = 8 * self.c + depth, self.c
        slots = (*self.lines, (node & (1 << (depth & 3)) - 1) | 1 << (depth & 3))
        counts = self.counts[slots]
        seen = counts.astype(F32)
        q = np.where(counts > 0, (self.slots[slots].astype(F32) + HALF) * F32(2.0**-22), p1)
        bins = (255 - self.predicted + low)[:, None] + np.array([0, half, 2 * half])
        bounded = self.before[self.all_predictions[:, None], bins]
        prior = F32(64) * F32(0.1)
        zeros = (bounded[:, 1] - bounded[:, 0]).astype(F32) + prior * p0
        ones = (bounded[:, 2] - bounded[:, 1]).astype(F32) + prior * p1
        n = self.contexts
        logits = logit(np.concatenate([[p1], q, ones]), np.concatenate([[p0], ONE - q, zeros]))
        x = clamp(F32(-LIMIT_LOGIT), logits[0], F32(LIMIT_LOGIT))
        trust = seen / (seen + F32(1.5))
        inputs = np.zeros(self.inputs, F32)
        inputs[0], inputs[1] = x, F32(0.3)
        inputs[8 : 8 + n] = (logits[1 : 1 + n] - x) * trust
        inputs[8 + n : 8 + 2 * n] = ((q - p1) * F32(4)) * trust
        inputs[8 + 2 * n :] = (logits[1 + n :] - x) * F32(0.6)
        confidence = int(np.searchsorted(CONFIDENCES, counts[0], side="right"))
        place_level = 12 * place + self.level
        rows = self.set_starts + [place_level, 8 * c + confidence, 256 * c + node, self.pattern]
        weights, v = self.weights[rows], self.second[place_level]
        z_sets, z = mixed_logits(inputs, weights, v, LIMIT_LOGIT)
        mixed = squash(z)
        apms = [256 * c + node, 256 * self.n + 64 * place + min(63, 5 * self.level + (confidence >> 1))]
        points = self.apms[apms]
        answer = mixed * (ONE - F32(0.4)) + refined(points, z) * F32(0.4)

        def learn(bit):
            bit = F32(bit)
            rate = np.maximum(ONE / (seen + F32(1.6)), F32(0.004))
            self.slots[slots] = learned(q, bit, rate, 22).astype(np.int32)
            self.counts[slots] = np.minimum(counts.astype(np.int64) + 1, 255)
            step = (bit - squash(z_sets)) * F32(0.004)
            self.weights[rows] = weights + step[:, None] * inputs
            self.second[place_level] = v + ((bit - mixed) * F32(0.002)) * z_sets
            self.apms[apms] = learned_apms(points, z, bit)

        return min(max(float(answer), 2.0**-16), 1 - 2.0**-16), learn

    def end(self, coded, sample, is_known):
        """The coded value and the sample, of `bits` bits each."""
        value = self._on_scale(coded)
        if not is_known:
            self._count(value)
        self.mean_errors[self.y + 1, self.x + 1, self.c] = np.abs(F32(value) - self.mean)
        self.distances[self.y + 1, self.x, self.c] = np.abs(value - self.predicted)
        self.own[self.c] = self._on_scale(sample)

    def _on_scale(self, v):
        return v << (8 - self.bits) if self.bits < 8 else v >> (self.bits - 8)
