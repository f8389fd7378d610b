"""docs/format/jpeg.md: the coder of quantised JPEG coefficients."""

import math
import pathlib
import re

import numpy as np

from . import reading
from .arithmetic import (
    APM_START, F32, HALF, ONE, U32, ZERO, Coder, chain, clamp, clamp_probability, logit, split_of, squash,
)  # fmt: skip
from .palette import learned, learned_apms, mixed_logits, refined
from .photo import Adam, lanes, solve

ZIGZAG = sorted(range(64), key=lambda k: (k // 8 + k % 8, k if (k // 8 + k % 8) % 2 else -k))
MAX_COEFFICIENT = 32767
G = F32(0.03125)

# --- Start weights: the document refers to two lists in the source ---

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "assembly" / "jpeg"


def listed(file, name):
    """The integers of a list, times 2^-12."""
    body = re.search(rf"const {name}\b[^\[]*\(\[([^\]]*)\]", (SOURCE / file).read_text()).group(1)
    return np.array([int(number) for number in re.findall(r"-?\d+", body)], F32) * F32(2.0**-12)


# --- Levels ---
def log(x):
    """The integer `log` of the document, of an array or a number >= 0."""
    return (np.minimum(F32(x), F32(1 << 24)) + ONE).view(np.int32).astype(np.int64) - 0x3F800000


def level(x, f):
    return int(log(x) * f + (1 << 22) >> 23)


def signed(x, f):
    return -level(-x, f) if x < 0 else level(x, f)


def sign(x):
    return 0 if x < 0 else 2 if x > 0 else 1


def up3(x):
    return min(abs(x), 3)


def byte(x):
    return x & 255


def seven(x):
    return x & 127


# --- A decision ---

# Contexts at effort 1 and above, most bits of lines, bits above those of the number of blocks, slots a line, sets of
# weights, the second layer, APMs.
FAMILIES = {
    "end": (16, 16, 14, 5, 1, (768, 64, 64, 64), 64, (192, 4096)),
    "zero": (16, 28, 17, 6, 1, (192, 400, 400, 512), 192, (2048, 2048)),
    "sign": (8, 20, 16, 6, 1, (192, 400, 200, 64), 192, (2048, 4096)),
    "class": (12, 20, 14, 4, 8, (1536, 400, 400, 128), 8, (1024, 512)),
    "bits": (8, 12, 12, 3, 8, (1536, 128, 400, 128), 8, (128, 512)),
    "dc zero": (12, 12, 14, 4, 1, (3, 64, 64, 64), 3, (64, 64)),
    "dc sign": (12, 12, 14, 4, 1, (3, 64, 64, 64), 3, (64, 64)),
    "dc class": (12, 12, 12, 1, 16, (48, 1024, 256, 16), 16, (768, 1024)),
    "dc bits": (12, 12, 12, 1, 8, (24, 512, 128, 8), 8, (384, 512)),
}


class Family:
    def __init__(self, coder, name, effort, block_bits, start):
        one, more, most, above, self.slots, sets, second, apms = FAMILIES[name]
        self.coder, self.contexts = coder, one if effort == 1 else more
        line_bits = min(most, block_bits + above)
        self.group_shift = 32 - (line_bits + self.slots.bit_length() - 1 - 4)
        self.probabilities = np.full((self.contexts, self.slots << line_bits), 1 << 21, np.int64)
        self.counts = np.zeros_like(self.probabilities)
        self.weights = [np.tile(start(2 * self.contexts + 8), (size, 1)) for size in sets]
        self.steps = [np.zeros(size, np.int64) for size in sets]
        self.second = np.full((second, 4), F32(0.25))
        self.apms = [np.tile(APM_START, (size, 1)) for size in apms]

    def decide(self, keys, vectors, second, apms, extra=None, node=0):
        """A decision; `extra` has extra inputs by number."""
        assert len(keys) == self.contexts
        keys = np.array(keys) & U32
        lines = 16 // self.slots
        h = (keys // lines + 0x9E3779B9 & U32) * 0x9E3779B1 & U32
        h = (h ^ h >> 15) * 0x85EBCA6B & U32
        h = (h ^ h >> 13) * 0xC2B2AE35 & U32
        slot = (np.arange(self.contexts), 16 * (h >> self.group_shift) + keys % lines * self.slots + node)
        p = (self.probabilities[slot].astype(F32) + HALF) * F32(2.0**-22)
        n = self.counts[slot]
        count, logits = n.astype(F32), logit(p, ONE - p)
        extras = np.zeros(8, F32)
        extras[0] = F32(0.3)
        for number, value in (extra or {}).items():
            extras[number] = value
        sure = np.where(n > 60, logits * HALF, ZERO)
        inputs = np.concatenate([logits * (count / (count + F32(3))), sure, extras])
        vectors = [min(i, len(set_) - 1) for i, set_ in zip(vectors, self.weights)]
        second = min(second, len(self.second) - 1)
        apms = [min(i, len(kind) - 1) for i, kind in zip(apms, self.apms)]
        weights, v = np.stack([set_[i] for i, set_ in zip(vectors, self.weights)]), self.second[second]
        points = np.stack([kind[i] for i, kind in zip(apms, self.apms)])
        z_sets, z = mixed_logits(inputs, weights, v, 12)
        z = clamp(F32(-12), z, F32(12))
        mixed = squash(z)
        answer = mixed * HALF + refined(points, z) * HALF
        bit = self.coder.decision(split_of(clamp_probability(float(answer))))
        # learning
        one = F32(bit)
        for i, kind, moved in zip(apms, self.apms, learned_apms(points, z, one)):
            kind[i] = moved
        if abs(one - mixed) > F32(0.001):
            errors = one - squash(z_sets)
            for s, i in enumerate(vectors):
                rate = F32(0.004) + F32(0.04) / (ONE + F32(self.steps[s][i]) * F32(0.02))
                self.weights[s][i] = weights[s] + (errors[s] * rate) * inputs
                self.steps[s][i] += 1
            self.second[second] = v + ((one - mixed) * F32(0.003)) * z_sets
        rate = np.maximum(ONE / F32(256), ONE / (count + F32(1.5)))
        self.probabilities[slot] = learned(p, one, rate, 22)
        self.counts[slot] = np.minimum(n + 1, 255)
        return bit


def magnitude(largest, is_above, bit):
    """A magnitude >= 1: its class, up to the largest one, in unary, and the bits below the highest one."""
    class_ = 0
    while class_ < largest and is_above(class_):
        class_ += 1
    value = 1
    for left in range(class_ - 1, -1, -1):
        value = value << 1 | bit(class_, value, left)
    return value


# --- The inverse transform ---

# cos(m pi / 16) / 2 as f32, m = 1 .. 7; that of m = 5 is not the nearest one.
COSINES = dict(enumerate([0.49039263, 0.46193975, 0.4157348, 0.35355338, 0.2777851, 0.19134171, 0.09754516], 1))


def basis(u, x):
    m = (2 * x + 1) * u % 32
    m = min(m, 32 - m)
    return COSINES[4] if u == 0 else COSINES[m] if m < 8 else -COSINES[16 - m]


BASIS = np.array([[basis(u, x) for x in range(8)] for u in range(8)], F32)


def product(a, b):
    """A product of 8 x 8 matrices, the sums in the order of the inner index."""
    return np.add.accumulate(a[:, :, None] * b[None], axis=1)[:, -1]


def samples_of(C):
    return product(np.ascontiguousarray(BASIS.T), product(C.reshape(8, 8), BASIS))


def coefficients_of(S):
    return product(product(BASIS, S), np.ascontiguousarray(BASIS.T)).reshape(64)


# --- Least squares ---
class JpegFit:
    def __init__(self):
        self.S, self.z = np.zeros((40, 40), F32), np.zeros(40, F32)
        self.observations, self.next = 0, 32
        self.errors = [Errors(), Errors()]

    def learn(self, v, target, E, Q, weight):
        v = v.copy()
        v[36] = target
        v = v * np.sqrt(F32(weight * 1024) / ((E * E + F32(0.3)) * Q * Q))
        self.S = F32(0.9995) * self.S + v[:, None] * v
        self.observations += 1
        if self.observations == self.next:
            A = np.where(np.eye(40, dtype=bool), self.S * F32(1 + 0.001), self.S)
            self.z = solve(A, 36, 40, 0.5)
            self.next += max(64, self.observations >> 3)


class Errors:
    """Sums of absolute errors and their numbers, for 64 levels."""

    def __init__(self):
        self.sums, self.numbers = np.zeros(64, F32), np.zeros(64, F32)

    def mean(self, U, prior):
        return (self.sums[U] + prior * F32(4)) / (self.numbers[U] + F32(4))

    def add(self, U, error):
        self.sums[U] += error
        self.numbers[U] += ONE
        if self.numbers[U] > 400:
            self.sums[U] *= HALF
            self.numbers[U] *= HALF


def within_bounds(x):
    """Clamped to the range of coefficients; the lower bound for NaN."""
    return clamp(F32(-MAX_COEFFICIENT), x, F32(MAX_COEFFICIENT))


# --- Two distributions ---
def lg(a, b):
    return clamp(F32(-9), logit(max(F32(a), F32(1e-7)), max(F32(b), F32(1e-7))), F32(9))


class Distribution:
    def __init__(self, m, e):
        self.m, self.w = F32(m), ONE / max(F32(0.12), F32(e) * F32(0.72))

    def _beyond(self, sg, f):
        return squash(((F32(sg) * self.m + HALF) - F32(f)) * self.w)

    def _tails(self):
        """N and R; not those of `_beyond`, which rounds in another order."""
        return squash((-self.m - HALF) * self.w), squash((self.m - HALF) * self.w)

    def not_zero(self):
        N, R = self._tails()
        return lg(N + R, ONE - (N + R))

    def negative(self):
        return lg(*self._tails())

    def at_least(self, sg, f, t):
        F, T = self._beyond(sg, f), self._beyond(sg, t)
        return lg(T, F - T)

    def upper_half(self, sg, f, h):
        F, M, T = self._beyond(sg, f), self._beyond(sg, f + h), self._beyond(sg, f + 2 * h)
        return lg(M - T, F - M)


# --- Network ---
class JpegNetwork:
    def __init__(self, values):
        parts = np.split(values.copy(), np.cumsum([80 * 32, 32 * 8, 128 * 32]))
        self.W1, self.W2, self.bias = (part.reshape(-1, n) for part, n in zip(parts, (32, 8, 32)))
        self.bias2 = parts[3]
        self.coefficients = 0
        self.G = [np.zeros_like(self.W1), np.zeros_like(self.W2)]
        self.adam = [Adam(W.shape, 0.9, 0.999) for W in self.G]

    def run(self, inputs, place):
        self.inputs, self.place = inputs, place
        sums = chain(np.concatenate([self.bias[place][None], inputs[:, None] * self.W1]))
        self.hidden = sums / (ONE + np.abs(sums))
        outputs = chain(np.concatenate([self.bias2[None], self.hidden[:, None] * self.W2]))
        self.outputs = clamp(F32(-9), outputs, F32(9))
        self.errors = np.zeros(8, F32)

    def coded(self, o, bit):
        self.errors[o] = squash(self.outputs[o]) - F32(bit)

    def learn(self):
        err = self.errors
        e = err[:4] * self.W2[:, :4] + err[4:] * self.W2[:, 4:]
        rest = ONE - np.abs(self.hidden)
        slope = ((e[:, 0] + e[:, 1]) + (e[:, 2] + e[:, 3])) * (rest * rest)
        self.G[1] += self.hidden[:, None] * err
        self.G[0] += self.inputs[:, None] * slope
        self.bias[self.place] -= F32(0.01) * slope
        self.bias2 -= F32(0.0003) * err
        self.coefficients += 1
        if self.coefficients % 32 == 0:
            rate = 0.003 * max(1.0, 4 / (1 + 0.002 * (self.coefficients // 32)))
            for W, G, adam in zip((self.W1, self.W2), self.G, self.adam):
                W -= adam.step(G, rate)
                G[:] = 0


# --- The image ---
def decode_coefficients(payload, shape, effort):
    """Coefficients [rows of blocks][blocks][64] of each component."""
    components = shape.components
    result = [np.zeros((c.h, c.W, 64), np.int64) for c in components]
    rows = max(-(-c.h // c.V) for c in components)
    largest = max(64 * c.W * c.h for c in components)
    n = min(rows, -(-largest // (1 << 23)))
    reader = reading.Reader(payload)
    for b in range(n):
        start, end = rows * b // n, rows * (b + 1) // n
        coded = reader.bytes(reader.number(4)) if b < n - 1 else reader.rest()
        parts = [r[start * c.V : end * c.V] for c, r in zip(components, result)]
        Band(Coder(coded), components, parts, effort).decode(end - start)
    return result


class BandComponent:
    """A component of a band: its coefficients, samples and blocks."""

    def __init__(self, c, component, coefficients):
        self.c, self.H, self.V, self.W = c, component.H, component.V, component.W
        self.coefficients, self.h = coefficients, len(coefficients)
        self.Q = np.maximum(component.steps, 1).astype(F32)
        self.inverse = ONE / self.Q
        self.ring = np.zeros((8 * (self.V + 1), 8 * self.W), F32)  # rows of samples, by the row of blocks mod V + 1
        self.blocks = {}  # by (y, x), once they are complete

    def ring_row(self, y):
        return self.ring[y // 8 % (self.V + 1) * 8 + y % 8]


class Outside:
    """A block outside of the image."""

    own = np.zeros(64, np.int64)
    end = count = large = difference = 0


def kernel(k):
    """What a known coefficient k adds to inner, for |X[k]| = 1."""
    v, u = abs(np.arange(8) - k // 8)[:, None], abs(np.arange(8) - k % 8)
    return np.where((u <= 2) & (v <= 2) & (u + v > 0), ONE / F32(np.maximum(u + v, 1)), ZERO).reshape(64)


KERNEL = [kernel(k) for k in range(64)]
BORDER = np.array([F32(32) * (F32(0.70710677) if j == 0 else F32(-1) if j % 2 else ONE) for j in range(8)], F32)
SQRT_2 = F32(1.4142135)
PLACES = {"L": (0, -1), "A": (-1, 0), "AL": (-1, -1), "AR": (-1, 1), "LL": (0, -2), "AA": (-2, 0)}


class Band:
    def __init__(self, coder, components, coefficients, effort):
        self.effort = effort
        self.components = [BandComponent(c, *pair) for c, pair in enumerate(zip(components, coefficients))]
        blocks = sum(c.W * c.h for c in self.components)
        starts = iter(listed("start-weights.ts", f"WEIGHTS_{effort}"))

        def start(length):
            return np.fromiter(starts, F32, length)

        self.families = {name: Family(coder, name, effort, blocks.bit_length(), start) for name in FAMILIES}
        self.fits = [JpegFit() for _ in range(192)]
        self.zeros = 0
        if effort == 3:
            self.networks = [JpegNetwork(values) for values in np.split(listed("start-network.ts", "START_NETWORKS"), 2)]

    def decode(self, mcu_rows):
        for mcu in range(mcu_rows):
            for component in self.components:
                for y in range(mcu * component.V, min((mcu + 1) * component.V, component.h)):
                    for x in range(component.W):
                        Block(self, component, y, x).decode()


class Block:
    def __init__(self, band, component, y, x):
        self.band, self.component, self.y, self.x = band, component, y, x
        self.effort, self.families = band.effort, band.families
        self.kind, self.chroma = min(component.c, 2), min(component.c, 1)
        self.Q, self.inverse = component.Q, component.inverse
        self.blocks = {name: component.blocks.get((y + dy, x + dx), Outside) for name, (dy, dx) in PLACES.items()}
        self.has = {name: block is not Outside for name, block in self.blocks.items()}
        self.near = {name: block.own for name, block in self.blocks.items()}
        self.own = component.coefficients[y, x]  # zero until known
        self.X = np.zeros(64, F32)
        self._compute_neighbourhood()

    # --- The block ---
    def _compute_neighbourhood(self):
        Q = self.Q
        l, a, al, ar, ll, aa = (np.abs(self.near[name]).astype(F32) for name in ("L", "A", "AL", "AR", "LL", "AA"))
        near = l + a
        plain = near + HALF * (al + ar)
        self.avg = near * F32(0.8125) + al * F32(0.375)
        mass = Q * (plain + F32(0.25) * (ll + aa))
        mass[0] = 0
        m = np.zeros((10, 10), F32)
        m[1:9, 1:9] = mass.reshape(8, 8)
        side = (m[1:9, 0:8] + m[1:9, 2:10]) + (m[0:8, 1:9] + m[2:10, 1:9])
        corner = (m[0:8, 0:8] + m[0:8, 2:10]) + (m[2:10, 0:8] + m[2:10, 2:10])
        self.around = mass + (F32(0.35) * side + F32(0.2) * corner).reshape(64)
        self.rest = np.add.accumulate(plain[ZIGZAG][::-1])[::-1]
        U = (Q * G).reshape(8, 8)
        left = BORDER * (self.near["L"].astype(F32).reshape(8, 8) * U)  # [v][j]
        above = BORDER[:, None] * (self.near["A"].astype(F32).reshape(8, 8) * U)  # [j][u]
        left[0, 0] = above[0, 0] = 0
        self.left, self.above = np.add.accumulate(left, axis=1)[:, -1], np.add.accumulate(above, axis=0)[-1]
        self.inner, self.total = np.zeros(64, F32), ZERO

    def _becomes_known(self, k, value):
        self.own[k] = value
        if value == 0:
            return
        X = self.X[k] = F32(value) * self.Q[k]
        size = np.abs(X)
        self.inner += size * KERNEL[k]
        self.total = self.total + size
        u, v = k & 7, k >> 3
        self.left[v] -= X * F32(0.70710677) if u == 0 else X
        self.above[u] -= X * F32(0.70710677) if v == 0 else X

    def _x(self, du, dv):
        """The known coefficient at (u + du, v + dv)."""
        u, v = self.u + du, self.v + dv
        return int(self.own[8 * v + u]) if 0 <= u < 8 and 0 <= v < 8 else 0

    # --- Samples around the block ---
    def p(self, x, y):
        """The sample x columns right and y rows below the block's first one."""
        if y < 0:
            x = max(x if self.has["AR"] else min(x, 7), -8 * self.x)
        return self.component.ring_row(8 * self.y + y)[8 * self.x + x]

    # --- Direction ---
    def _compute_direction(self):
        self.dir, self.coherence = np.zeros(64, F32), ZERO
        has_l, has_a, has_ar = self.has["L"], self.has["A"], self.has["AR"]
        if self.effort == 1 or not (has_l or has_a):
            return
        steps = [(-5, y, ONE) for y in range(1, 7)] if has_l else []
        row = [(-4, ONE)] * has_l + [(0, ONE), (4, ONE)] + [(8, HALF)] * has_ar
        steps += [(x, y, w) for y in range(-5, -1) for x, w in row] if has_a else []
        xx = yy = xy = np.zeros(4, F32)
        for x0, y, w in steps:
            over, middle, under = ([self.p(x, y + j) for x in range(x0 - 1, x0 + 5)] for j in (-1, 0, 1))
            gx, gy = np.subtract(middle[2:], middle[:-2]) * HALF, np.subtract(under, over)[1:-1] * HALF
            xx, yy, xy = xx + w * (gx * gx), yy + w * (gy * gy), xy + w * (gx * gy)
        xx, yy, xy = ((s[0] + s[1]) + (s[2] + s[3]) for s in (xx, yy, xy))
        a, b = xx - yy, xy + xy
        r = np.sqrt(a * a + b * b)
        self.coherence = r / (xx + yy + F32(40))
        cosine = a / r if r != 0 else ONE
        dy = np.sqrt(max(ZERO, (ONE + cosine) * HALF))
        dx = np.sqrt(max(ZERO, (ONE - cosine) * HALF))
        self.dir = coefficients_of(self._predicted_samples(-dx if b > 0 else dx, dy))

    def _predicted_samples(self, dx, dy):
        has_l, has_a, has_ar = self.has["L"], self.has["A"], self.has["AR"]
        small = F32(0.001)

        def line(at, t, low, high):
            t = min(max(t, F32(low)), F32(high))
            f = min(math.floor(t), high - 1)
            share = t - F32(f)
            return at(f) * (ONE - share) + at(f + 1) * share

        def top(t):
            if not has_a:
                return self.p(-1, 0)
            return line(lambda f: self.p(f, -1), t, -8 if has_l else 0, 15 if has_ar else 7)

        def side(t):
            if not has_l:
                return self.p(0, -1)
            return line(lambda f: self.p(-1, f), t, -6 if has_a else 0, 7)

        S = np.zeros((8, 8), F32)
        for y in range(8):
            for x in range(8):
                to_top = F32(y + 1) / dy if dy > small else F32(1e9)
                at_top = top(F32(x) - dx * to_top)
                S[y, x] = at_top
                to_left = F32(x + 1) / np.abs(dx) if abs(dx) > small else F32(1e9)
                if dx > small and to_top > to_left:
                    S[y, x] = side(F32(y) - dy * to_left)
                elif dx < -small and has_l and F32(y) + dy * to_left <= 7:
                    share = to_top / (to_top + to_left) if to_left >= to_top else ONE
                    below = side(F32(y) + dy * to_left)
                    S[y, x] = at_top * (ONE - share) + below * share if share < 1 else below
        return S

    # --- Other components ---
    def _compute_others(self):
        component, others = self.component, self.band.components
        self.o0 = self._other(others[0]) if component.c > 0 else np.zeros(64, F32)
        self.o1 = self._other(others[component.c - 1]) if component.c > 1 else np.zeros(64, F32)
        self.energy = 0
        if component.c > 0:
            self.energy = level(in_order((np.abs(self.o0) * self.inverse)[1:]), 3)

    def _other(self, other):
        mine = self.component
        across, down = max(1, other.H // mine.H), max(1, other.V // mine.V)
        columns = (8 * self.x + np.arange(8)) * other.H // mine.H
        S = np.zeros((8, 8), F32)
        for y in range(8):
            first = (8 * self.y + y) * other.V // mine.V
            for j in range(down):
                row = other.ring_row(min(first + j, 8 * other.h - 1))
                for i in range(across):
                    S[y] = S[y] + row[np.minimum(columns + i, 8 * other.W - 1)]
        return coefficients_of(S * (ONE / F32(across * down)))

    # --- AC coefficients ---
    def decode(self):
        self._compute_direction()
        self._compute_others()
        component, y, x = self.component, self.y, self.x
        self.ends = {name: block.end for name, block in self.blocks.items()}
        self.i = self.count = self.m1 = self.m2 = self.end = self.large = 0
        while self.i < 63:
            if (self.i == 0 or self.m1 != 0) and self._ends():
                break
            value = self._coefficient()
            self.m2, self.m1 = self.m1, abs(value)
            self.i += 1
            if value != 0:
                self.count, self.end = self.count + 1, self.i
                self.large = self.i if abs(value) > 1 else self.large
        r = samples_of(self.X)
        dc = self.own[0] = self._dc(r)
        row = y % (component.V + 1) * 8
        samples = r + F32(dc) * self.Q[0] * F32(0.125)
        component.ring[row : row + 8, 8 * x : 8 * x + 8] = clamp(F32(-65536), samples, F32(65536))
        component.blocks[y, x] = self
        self.blocks = self.near = None
        component.blocks.pop((y - 2, x), None)

    # --- End of a block ---
    def _ends(self):
        i, count, chroma, ends, left, above = self.i, self.count, self.chroma, self.ends, self.blocks["L"], self.blocks["A"]
        t, T = (chroma << 6 | i) << 25, chroma << 25
        d = {name: seven(max(-3, end - i)) for name, end in ends.items()}
        mid = seven(max(-3, ends["L"] + ends["A"] - 2 * i >> 1))
        rest2, rest3, rest4 = (level(self.rest[i + 1], f) for f in (2, 3, 4))
        less = seven((left.count + above.count) // 2 - count)
        one, two = min(self.m1, 3), min(self.m2, 3)
        R = in_order(np.abs(self.X[ZIGZAG[max(0, i - 10) + 1 : i + 1]])) * self.inverse[ZIGZAG[min(63, i + 3)]]
        rec2, rec3 = level(R, 2), level(R, 3)
        keys = [
            t | d["L"] << 7 | d["A"], t | rest4, t | rest2 << 7 | count, t | rest2 << 7 | rec2,
            t | count << 2 | one, t | rest2 << 4 | one << 2 | two, t | rec3, t | self.energy << 7 | count,
            t | d["AL"] << 7 | d["AR"], t | seven(left.count - count) << 7 | seven(above.count - count), t | mid << 7 | count,
            t | seven(left.large - i) << 7 | seven(above.large - i),
            t | mid << 8 | rest2, T | rest3 << 8 | rec3, t | self.energy << 7 | rest2, t | less << 7 | rest2,
        ]  # fmt: skip
        vectors = (self.kind << 8 | i << 2 | one, rest4, count, self.energy)
        apms = (self.kind << 6 | i, min(rest4, 63) << 6 | count)
        return self.families["end"].decide(keys, vectors, i, apms)

    # --- A coefficient ---
    def _coefficient(self):
        k = self.k = ZIGZAG[self.i + 1]
        u, v = self.u, self.v = k & 7, k >> 3
        inv = self.inverse[k]
        self.within, self.nearby = self.inner[k] * inv, self.around[k] * inv
        self.sum = self.within + self.nearby
        self.step_l = self.left[v] * inv * (SQRT_2 if u == 0 else ONE)
        self.step_a = self.above[u] * inv * (SQRT_2 if v == 0 else ONE)
        self.v0, self.v1, self.d = self.o0[k] * inv, self.o1[k] * inv, self.dir[k] * inv
        self.place = self.chroma << 6 | k
        self.s = self.place << 25
        self.diag = (self.chroma << 4 | u + v) << 25
        self.q = self.kind << 6 | k
        self.around_k = [int(self.near[name][k]) for name in ("L", "A", "AL", "AR", "LL", "AA")]
        self._levels()
        self._predict()
        self.network = None
        if self.effort == 3:
            self.network = self.band.networks[self.chroma]
            self.network.run(self._network_inputs(), k + 64 * (self.kind == 2))
        value = 0
        if self.i == 62 or self._not_zero():
            sg = -1 if self._sign() else 1
            value = sg * self._magnitude(sg)
        if self.network is not None:
            self.network.learn()
        if self.effort > 1:
            self._learn_fit(value)
        self._becomes_known(k, value)
        return value

    def _levels(self):
        k, mass = self.k, self.sum * F32(1.6)
        self.avg2, self.avg3 = level(self.avg[k], 2), level(self.avg[k], 3)
        self.in2, self.in3 = level(self.within, 2), level(self.within, 3)
        self.near2, self.near3, self.near4 = (level(self.nearby, f) for f in (2, 3, 4))
        self.sum5 = level(self.sum, 5)
        self.mass1, self.mass2, self.mass3, self.mass4, self.mass8 = (level(mass, f) for f in (1, 2, 3, 4, 8))

    # --- Least squares ---
    def _predict(self):
        if self.effort == 1:
            return
        k, fit = self.k, self.band.fits[self.q]
        self.regressors = self._regressors()
        self.P = within_bounds(lanes(fit.z * self.regressors) * (self.inverse[k] * F32(32)))
        self.U = min(level(self.sum, 3), 63)
        self.E = fit.errors[0].mean(self.U, HALF + F32(0.1) * self.sum)
        self.distribution = Distribution(self.P, self.E)
        self.p3, self.e2 = signed(self.P * F32(2), 3), level(self.E * F32(4), 2)
        self.coh = int(self.coherence * F32(5.99))

    def _border_regressors(self, u, v):
        """Regressors 0 to 31 without the replacements."""
        L, A = (self.near[name].astype(F32) * (self.Q * G) for name in ("L", "A"))
        X = self.X * G
        return np.concatenate([L[8 * v :][:8], A[u::8], X[8 * v :][:8], X[u::8], np.zeros(8, F32)])

    def _regressors(self):
        k, u, v = self.k, self.u, self.v
        result = self._border_regressors(u, v)
        result[16 + u] = F32(self.around_k[2]) * (self.Q[k] * G)
        result[24 + v] = F32(self.around_k[3]) * (self.Q[k] * G)
        result[32], result[33], result[34] = self.o0[k] * G, self.o1[k] * G, self.dir[k] * G
        result[35] = self.dir[k] * G * self.coherence
        Q0 = self.Q[0] * G

        def difference(a, b):
            return F32(self.near[a][0] - self.near[b][0]) * Q0 if self.has[a] and self.has[b] else ZERO

        if v == 0:
            result[0], result[16] = difference("AL", "AR"), difference("LL", "L")
        if u == 0:
            result[8], result[24] = difference("AL", "L"), difference("AA", "A")
        return result

    def _learn_fit(self, value):
        fit, Q = self.band.fits[self.q], self.Q[self.k]
        fit.errors[0].add(self.U, np.abs(F32(value) - self.P))
        self.band.zeros += value == 0
        if value != 0 or self.band.zeros % 4 == 0:
            fit.learn(self.regressors, F32(value) * Q * G, self.E, Q, 4 if value == 0 else 1)

    def _decide(self, family, keys, vectors, second, apms, logit_of, output=None, node=0, extra=None):
        """A decision with the logits of both distributions, and an output of the network, which learns the bit."""
        extra = {} if self.effort == 1 else {**(extra or {}), **dict.fromkeys((1, 4), logit_of(self.distribution))}
        has_output = self.network is not None and output is not None
        if has_output:
            extra[5] = self.network.outputs[output]
        bit = self.families[family].decide(keys, vectors, second, apms, extra, node)
        if has_output:
            self.network.coded(output, bit)
        return bit

    # --- Not zero ---
    def _not_zero(self):
        i, k, s, diag, count = self.i, self.k, self.s, self.diag, self.count
        l, a, al, ar, ll, aa = self.around_k
        cnt, rec = min(count, 31), min(self.m1, 3) | min(self.m2, 3) << 2
        lft, abv = level(np.abs(self.step_l), 2), level(np.abs(self.step_a), 2)
        oth = level(np.abs(self.v0) * F32(2), 2)
        x = self._x
        keys = [
            s | cnt << 8 | self.avg2, s | 1 << 20 | self.avg2 << 8 | self.in2,
            s | up3(l) | up3(a) << 2 | up3(al) << 4 | up3(ar) << 6,
            s | self.near2 << 8 | min(cnt, 12), s | lft << 8 | abv, s | cnt << 4 | rec, diag | self.near3 << 8 | self.in3,
            s | up3(x(-1, 0)) | up3(x(0, -1)) << 2 | up3(x(-1, -1)) << 4 | up3(x(1, 0)) << 6 | up3(x(0, 1)) << 8
            | up3(x(1, 1)) << 10,
            s | oth << 8 | level(np.abs(self.v1), 2), diag | self.near4 << 8 | cnt, s | self.sum5, s | self.mass4,
            diag | self.mass8, s | self.mass2 << 8 | cnt, s | self.mass2 << 12 | cnt << 4 | rec,
            s | seven(self.ends["L"] - i) << 7 | seven(self.ends["A"] - i),
        ]  # fmt: skip
        extra = {}
        if self.effort > 1:
            p3, e2 = abs(self.p3), self.e2
            keys += [
                s | rec << 8 | self.in2, s | self.avg2 << 4 | up3(ll) | up3(aa) << 2,
                s | (self.ends["L"] + self.ends["A"] >> 1) << 8 | cnt, s | cnt << 8 | self.in2, s,
                s | (signed(l, 1) & 63) << 6 | (signed(a, 1) & 63), s | oth << 8 | self.near2,
                s | self.mass1 << 12 | lft << 6 | abv, s | p3 << 8 | e2, s | self.mass3 << 8 | p3,
                s | level(np.abs(self.d) * F32(2), 2) << 12 | self.coh << 8 | self.mass1,
                diag | p3 << 14 | e2 << 7 | self.mass2,
            ]  # fmt: skip
            extra = {2: ZERO if self.band.fits[self.q].observations >= 32 else HALF, 3: lg(self.E, ONE)}
        vectors = (self.q, self.mass8, min(count, 19) * 20 + min(19, 63 - i), k << 3 | min(7, self.avg2))
        apms = (self.place << 4 | min(15, self.mass2), cnt << 6 | k)
        return self._decide("zero", keys, vectors, self.q, apms, Distribution.not_zero, 0, extra=extra)

    # --- Sign ---
    def _sign(self):
        k, s, x = self.k, self.s, self._x
        l, a, al, ar, _, _ = self.around_k
        L2, A2 = signed(self.step_l, 2), signed(self.step_a, 2)
        o = byte(signed(self.v0 * F32(2), 2))
        bef, same = sign(x(-1, 0)) + 3 * sign(x(0, -1)), sign(l) + 3 * sign(a)
        keys = [
            s | byte(L2), s | byte(A2), s | same, s | o << 8 | byte(signed(self.v1, 2)),
            s | bef << 8 | sign(x(1, 0)) << 4 | sign(x(0, 1)) << 2 | sign(x(-1, -1)),
            s | byte(signed(self.step_l, 1)) << 8 | byte(signed(self.step_a, 1)),
            s | bef << 8 | sign(x(-2, 0)) << 4 | sign(x(0, -2)),
            s | byte(signed(l, 2)) << 8 | byte(signed(a, 2)),
        ]  # fmt: skip
        middle = max(0, L2 + A2 + 100)
        if self.effort > 1:
            P, d, p3, e2, coh = self.P, self.d, self.p3, self.e2, self.coh
            d2 = d * F32(2)
            keys += [
                s | same << 8 | sign(al) << 4 | sign(ar), s | byte(signed(self.step_l + self.step_a, 3)) << 8 | bef,
                s | byte(L2) << 8 | self.in2, s | byte(A2) << 8 | self.in2, s | byte(p3),
                self.chroma << 25 | byte(signed(P * F32(4), 3)) << 8 | e2,
                s | byte(p3) << 12 | e2 << 4 | sign(signed(self.v0, 2)),
                s | byte(signed(d2, 2)) << 8 | coh, s | byte(signed(d, 2)) << 8 | byte(p3),
                byte(int(p3 / 2)) << 20 | byte(signed(d2, 3)) << 8 | coh, s | byte(signed(P * F32(4), 4)),
                byte(L2) << 16 | byte(A2) << 8 | byte(p3),
            ]  # fmt: skip
            middle = max(0, p3 + 100)
        vectors = (self.q, min(19, self.near2) * 20 + min(19, self.in2), middle, k)
        step = min(15, max(0, signed(self.step_l, 1) + 8))
        apms = (self.place << 4 | step, min(63, max(0, middle - 68)) << 6 | k)
        return self._decide("sign", keys, vectors, self.q, apms, Distribution.negative, 1)

    # --- Magnitude ---
    def _magnitude(self, sg):
        s, diag, q, x, effort = self.s, self.diag, self.q, self._x, self.effort
        l, a, al, ar, _, _ = self.around_k
        big_one = max(abs(l), abs(a), abs(al), abs(ar))
        f = F32(sg)
        steps = byte(signed(f * self.step_l, 2)) << 8 | byte(signed(f * self.step_a, 2))
        v02 = byte(signed(f * self.v0 * F32(2), 2))
        keys = [
            s | self.avg3, s | self.in2 << 8 | self.avg2, s | self.near3, s | steps,
            s | min(20, self.count) << 8 | self.in2, s | min(7, abs(l)) << 3 | min(7, abs(a)),
            diag | self.near3 << 8 | self.in3, s | v02 << 8 | level(np.abs(self.v1), 2),
            s | min(7, self.m1) << 3 | min(7, self.m2), diag | self.sum5, s | self.mass4,
            s | self.mass1 << 12 | min(15, level(big_one, 2)) << 8 | self.avg2,
        ]  # fmt: skip
        third = min(19, self.near2) * 20 + min(19, self.in2)
        if effort > 1:
            third = min(19, abs(self.p3)) * 20 + min(19, self.e2)
            D, P2 = byte(signed(f * self.d * F32(2), 2)), f * self.P * F32(2)
            keys += [
                s, s | min(2047, big_one) << 8 | self.in2 >> 1,
                s | min(7, abs(x(-1, 0)) + abs(x(1, 0))) << 3 | min(7, abs(x(0, -1)) + abs(x(0, 1))), self.mass8,
                s | byte(signed(P2, 3)) << 8 | self.e2, s | self.mass3 << 8 | byte(signed(P2, 2)),
                s | D << 8 | self.coh, s | self.mass2 << 16 | D << 8 | self.coh,
            ]  # fmt: skip

        def is_above(j):
            node = min(j, 7)
            vectors = (q << 3 | node, min(49, self.mass3) << 3 | node, third, node << 4 | min(15, self.avg2))
            apms = (self.place << 3 | node, min(63, self.mass4) << 3 | node)

            def logit_of(distribution):
                return distribution.at_least(sg, 1 << j, 2 << j)

            return self._decide("class", keys, vectors, node, apms, logit_of, 2 + j if j < 6 else None, node)

        def bit(class_, value, left):
            g = class_ << 20
            r, t = s | g, (diag | g) + (1 << 19)
            keys = [
                r, r | self.avg3, r | self.near3, t | self.in2 << 8 | self.avg2, r | self.mass4, r | steps, t | v02 << 8,
                g | self.mass8,
            ]  # fmt: skip
            if effort > 1:
                keys += [
                    r | byte(signed(P2, 3)) << 8 | self.e2, g | byte(signed(P2, 6)) << 8 | self.e2,
                    r | D << 8 | self.coh, t | byte(signed(P2, 3)) << 8 | self.mass1,
                ]  # fmt: skip
            node = value if value < 8 else 0
            vectors = (q << 3 | node, class_ << 3 | node, third, min(15, self.avg2) << 3 | node)
            apms = (class_ << 3 | node, min(63, self.mass4) << 3 | node)

            def logit_of(distribution):
                return distribution.upper_half(sg, value << (left + 1), 1 << left)

            return self._decide("bits", keys, vectors, node, apms, logit_of, node=node)

        return magnitude(14, is_above, bit)

    # --- DC ---
    def _dc(self, r):
        Q = self.Q[0]
        has_l, has_a = self.has["L"], self.has["A"]

        def across(n, f, b, e):
            return (n + (n - f) * HALF) - (b - (e - b) * HALF)

        lines_l = [across(self.p(-1, y), self.p(-2, y), *r[y, :2]) for y in range(8 * has_l)]
        lines_a = [across(self.p(x, -1), self.p(x, -2), *r[:2, x]) for x in range(8 * has_a)]
        mean_l, mean_a = (in_order(lines) * F32(0.125) for lines in (lines_l, lines_a))
        ordered = sorted([*lines_l, *lines_a])
        mean = middle = spread = ZERO
        if ordered:
            quarter = len(ordered) // 4
            inside = ordered[quarter:-quarter]
            mean, middle = in_order(ordered) / F32(len(ordered)), in_order(inside) / F32(len(inside))
            spread = ordered[-1] - ordered[0]
        unit = F32(8) / Q
        spr, centre = spread * unit, middle * unit
        err_l, err_a = self.blocks["L"].difference, self.blocks["A"].difference
        clamped = within_bounds(centre)
        base = int(np.rint(clamped))
        frac = clamped - F32(base)
        both_errors = abs(err_l) + abs(err_a)
        F, E = within_bounds(centre), HALF + spr * F32(0.1)
        if self.effort > 1:
            fit = self.band.fits[64 * self.kind]
            v = self._dc_regressors(middle, mean, mean_l, mean_a)
            F = within_bounds(centre + lanes(fit.z * v) * (F32(32) / Q))
            U = min(63, (level(spr, 2) << 2) + min(3, level(F32(both_errors) * HALF, 1)))
            prior = HALF + F32(0.075) * spr
            E, EF = fit.errors[0].mean(U, prior), fit.errors[1].mean(U, prior)
            self.distributions = Distribution(frac, E), Distribution(F - F32(base), EF)
        near = [
            mean_l * unit - F32(base) if has_l else ZERO, mean_a * unit - F32(base) if has_a else ZERO,
            int(self.near["L"][0]) - base if has_l else 0, int(self.near["A"][0]) - base if has_a else 0,
        ]  # fmt: skip
        self.difference = self._difference(spr, both_errors, E, F - F32(base), frac, err_l, err_a, near)
        dc = min(max(base + self.difference, -MAX_COEFFICIENT), MAX_COEFFICIENT)
        if self.effort > 1:
            fit.errors[0].add(U, np.abs(F32(dc) - clamped))
            fit.errors[1].add(U, np.abs(F32(dc) - F))
            fit.learn(v, (F32(dc) * Q - middle * F32(8)) * G, E, Q, 1)
        return dc

    def _dc_regressors(self, middle, mean, mean_l, mean_a):
        v = self._border_regressors(0, 0)
        for number, name in ((0, "L"), (8, "A"), (16, "AL"), (24, "AR")):
            dc = F32(self.near[name][0]) * self.Q[0]
            v[number] = (dc - middle * F32(8)) * G if self.has[name] else ZERO
        v[32] = (mean - middle) * F32(8) * G
        if self.has["L"] and self.has["A"]:
            v[33] = (mean_l - mean_a) * F32(8) * G
        for number, name in ((34, "L"), (35, "A")):
            if self.component.c > 0 and self.has[name]:
                v[number] = (self.o0[0] - self.blocks[name].o0[0]) * G
        return v

    def _difference(self, spr, both_errors, E, fit, frac, err_l, err_a, near):
        kind, count, families = self.kind, self.count, self.families
        sp, er, e = level(spr, 2), level(both_errors, 2), min(15, level(E * F32(4), 2))
        ml, ma, dl, da = near

        def keys(t, lv):
            return [
                t | sp << 8 | er, t | lv(ml, 2) << 8 | lv(ma, 2), t | lv(fit, 3) << 8 | e,
                t | lv(dl, 1) << 8 | lv(da, 1), t | lv(frac * F32(8), 2) << 8 | e,
                t | lv(err_l, 2) << 8 | lv(err_a, 2), t | lv(fit, 2) << 16 | lv(frac * F32(4), 1) << 8 | e,
                t | count << 8 | sp, t | level(spr, 4), t | lv(err_l, 1) << 16 | lv(err_a, 1) << 8 | sp,
                t | lv(frac * F32(8), 2) << 8 | lv(fit, 2), t | e,
            ]  # fmt: skip

        def extra(logit_of):
            return {} if self.effort == 1 else dict(zip((1, 4), map(logit_of, self.distributions)))

        def lv(x, f):
            return byte(signed(sg * x, f))

        t, sg = self.chroma << 28, 1
        to = max(0, signed(fit, 2) + 32)
        apms = (kind << 4 | e, sp)
        zero_keys = keys(t, lambda x, f: level(abs(x), f))
        if not families["dc zero"].decide(zero_keys, (kind, sp << 2, e, er), kind, apms, extra(Distribution.not_zero)):
            return 0
        vectors = (kind, sp << 2, to, max(0, signed(frac * F32(8), 2) + 32))
        apms = (kind << 4 | e, to)
        if families["dc sign"].decide(keys(t, lv), vectors, kind, apms, extra(Distribution.negative)):
            sg = -1

        def is_above(n):
            vectors = (kind << 4 | n, min(63, sp << 1) << 4 | n, e << 4 | n, n)
            apms = (kind << 8 | e << 4 | n, min(63, sp) << 4 | n)
            logits = extra(lambda distribution: distribution.at_least(sg, 1 << n, 2 << n))
            return families["dc class"].decide(keys(t, lv), vectors, n, apms, logits, n)

        def bit(class_, value, left):
            n = value if value < 8 else 0
            vectors = (kind << 3 | n, min(63, sp << 1) << 3 | n, e << 3 | n, n)
            apms = (kind << 7 | e << 3 | n, min(63, sp) << 3 | n)
            logits = extra(lambda distribution: distribution.upper_half(sg, value << (left + 1), 1 << left))
            return families["dc bits"].decide(keys(t | class_ << 24, lv), vectors, n, apms, logits, n)

        return sg * magnitude(15, is_above, bit)

    # --- Inputs of the network ---
    def _network_inputs(self):
        k, u, v, Q, inv = self.k, self.u, self.v, self.Q, self.inverse[self.k]
        beside = [
            8 * (v + dv) + u + du if 0 <= u + du < 8 and 0 <= v + dv < 8 and (u + du or v + dv) else None
            for du, dv in ((-1, 0), (1, 0), (0, -1), (0, 1))
        ]

        def of(name):
            block = self.near[name]
            return [ZERO if at is None else F32(abs(int(block[at]))) * (Q[at] * inv) for at in beside]

        places = (
            (-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1), (-2, 0), (0, -2), (2, 0), (0, 2),
        )  # fmt: skip
        known = [F32(x) * Q[8 * (v + dv) + u + du] * inv if (x := self._x(du, dv)) else ZERO for du, dv in places]
        magnitudes = [
            *self.around_k, *of("L"), *of("A"), in_order(of("AL")), in_order(of("AR")), *known,
            self.total * inv * F32(0.25), self.v0, self.v1, self.P,
        ]  # fmt: skip
        with_sign = [self.P, self.step_l, self.step_a, self.d, *((inv * F32(32)) * self.regressors[:36])]
        rest = [0.5, self.i / 32, self.count / 16, min(self.count, 4) / 4, Q[k] * F32(0.015625), u / 8, v / 8, 0]
        values = np.array([*magnitudes, *with_sign], F32)
        halves = log(np.abs(values)).astype(F32) * F32(2.0**-24)
        halves[32:] = np.where(values[32:] < 0, -halves[32:], halves[32:])
        return np.concatenate([halves, np.array(rest, F32)])


def in_order(terms):
    """A sum of f32 from 0."""
    total = ZERO
    for term in terms:
        total = total + term
    return total
