"""docs/format/jpeg.md: the coder of quantised JPEG coefficients."""

import math
import pathlib
import re

import numpy as np

from .arithmetic import APM_START, F32, U32, Coder, clamp_probability, eight_sums, logit, split_of, squash
from .palette import learned_apms, mixed_logit, refined
from .photo import big, lanes, solve

ZIGZAG = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
]  # fmt: skip
MAX_COEFFICIENT = 32767
ZERO, HALF, ONE = F32(0), F32(0.5), F32(1)
G = F32(0.03125)

# --- Start weights: the document refers to two lists in the source ---

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "assembly" / "jpeg"


def listed(file, name):
    """The integers of a list, times 2^-12."""
    text = (SOURCE / file).read_text()
    body = re.search(rf"const {name}\b[^\[]*\(\[([^\]]*)\]", text).group(1)
    return np.array([int(number) for number in re.findall(r"-?\d+", body)], F32) * F32(2.0**-12)


# --- Levels ---


def log(x):
    """The integer `log` of the document, of a number >= 0."""
    x = F32(x)
    return int(((x if x < F32(1 << 24) else F32(1 << 24)) + ONE).view(np.int32)) - 0x3F800000


def level(x, f):
    return (log(x) * f + (1 << 22)) >> 23


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
    def __init__(self, coder, name, effort, block_bits, starts):
        one, more, most, above, slots, sets, second, apms = FAMILIES[name]
        self.coder = coder
        self.contexts = one if effort == 1 else more
        self.slots = slots
        line_bits = min(most, block_bits + above)
        self.group_shift = 32 - (line_bits + slots.bit_length() - 1 - 4)
        self.probabilities = np.full((self.contexts, slots << line_bits), 1 << 21, np.int64)
        self.counts = np.zeros((self.contexts, slots << line_bits), np.int64)
        inputs = 2 * self.contexts + 8
        self.weights = [np.tile(starts.pop(0, inputs), (size, 1)) for size in sets]
        self.steps = [np.zeros(size, np.int64) for size in sets]
        self.second = np.full((second, 4), F32(0.25))
        self.apms = [np.tile(APM_START, (size, 1)) for size in apms]
        self.rows = np.arange(self.contexts)

    def decide(self, keys, vectors, second, apms, extra=None, node=0):
        """A decision; `extra` has extra inputs by number."""
        assert len(keys) == self.contexts
        keys = np.array([key & U32 for key in keys], np.uint32)
        lines = np.uint32(16 // self.slots)
        h = (keys // lines + np.uint32(0x9E3779B9)) * np.uint32(0x9E3779B1)
        h = (h ^ (h >> 15)) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> 13)) * np.uint32(0xC2B2AE35)
        group = (h >> np.uint32(self.group_shift)).astype(np.int64)
        slot = (self.rows, 16 * group + (keys % lines).astype(np.int64) * self.slots + node)
        p = (self.probabilities[slot].astype(F32) + HALF) * F32(2.0**-22)
        n = self.counts[slot]
        count = n.astype(F32)
        logits = logit(p, ONE - p)
        extras = np.zeros(8, F32)
        extras[0] = F32(0.3)
        for number, value in (extra or {}).items():
            extras[number] = value
        sure = np.where(n > 60, logits * HALF, ZERO)
        inputs = np.concatenate([logits * (count / (count + F32(3))), sure, extras])
        vectors = [min(i, len(set_) - 1) for i, set_ in zip(vectors, self.weights)]
        second = min(second, len(self.second) - 1)
        apms = [min(i, len(kind) - 1) for i, kind in zip(apms, self.apms)]
        weights = np.stack([set_[i] for i, set_ in zip(vectors, self.weights)])
        z_sets = np.minimum(np.maximum(eight_sums(inputs * weights), F32(-12)), F32(12))
        v = self.second[second]
        z = mixed_logit(z_sets, v, 12)
        mixed = squash(z)
        points = np.stack([kind[i] for i, kind in zip(apms, self.apms)])
        answer = mixed * HALF + refined(points, z) * HALF
        bit = self.coder.decision(split_of(clamp_probability(float(answer))))
        # learning
        one = F32(bit)
        for i, kind, learned in zip(apms, self.apms, learned_apms(points, z, one)):
            kind[i] = learned
        if abs(one - mixed) > F32(0.001):
            errors = one - squash(z_sets)
            for s, i in enumerate(vectors):
                a = F32(self.steps[s][i])
                rate = F32(0.004) + F32(0.04) / (ONE + a * F32(0.02))
                self.weights[s][i] = weights[s] + (errors[s] * rate) * inputs
                self.steps[s][i] += 1
            self.second[second] = v + ((one - mixed) * F32(0.003)) * z_sets
        rate = np.maximum(ONE / F32(256), ONE / (count + F32(1.5)))
        moved = np.minimum((p + (one - p) * rate) * F32(4194304), F32(4194303))
        self.probabilities[slot] = moved.astype(np.int64)
        self.counts[slot] = np.minimum(n + 1, 255)
        return bit


class Starts:
    def __init__(self, effort):
        self.values, self.at = listed("start-weights.ts", f"WEIGHTS_{effort}"), 0

    def pop(self, _, length):
        part = self.values[self.at : self.at + length]
        self.at += length
        assert len(part) == length
        return part


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
        self.S = np.zeros((40, 40), F32)
        self.z = np.zeros(40, F32)
        self.fitted = False
        self.observations, self.next = 0, 32
        self.errors = [Errors(), Errors()]

    def learn(self, v, target, E, Q, weight):
        root = np.sqrt(F32(weight * 1024) / ((E * E + F32(0.3)) * Q * Q))
        v = v.copy()
        v[36] = target
        v = v * root
        self.S = F32(0.9995) * self.S + v[:, None] * v
        self.observations += 1
        if self.observations == self.next:
            A = self.S.copy()
            diagonal = np.arange(40)
            A[diagonal, diagonal] = A[diagonal, diagonal] * F32(1 + 0.001)
            self.z = solve(A, 36, 40, 0.5)
            self.fitted = True
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
    if x >= MAX_COEFFICIENT:
        return F32(MAX_COEFFICIENT)
    return x if x > -MAX_COEFFICIENT else F32(-MAX_COEFFICIENT)


# --- Two distributions ---


def lg(a, b):
    result = logit(max(F32(a), F32(1e-7)), max(F32(b), F32(1e-7)))
    return min(max(result, F32(-9)), F32(9))


class Distribution:
    def __init__(self, m, e):
        self.m, self.w = F32(m), ONE / max(F32(0.12), F32(e) * F32(0.72))

    def _tails(self):
        return squash((-self.m - HALF) * self.w), squash((self.m - HALF) * self.w)

    def not_zero(self):
        N, R = self._tails()
        return lg(N + R, ONE - (N + R))

    def negative(self):
        return lg(*self._tails())

    def _beyond(self, sg, f):
        return squash(((F32(sg) * self.m + HALF) - F32(f)) * self.w)

    def at_least(self, sg, f, t):
        F, T = self._beyond(sg, f), self._beyond(sg, t)
        return lg(T, F - T)

    def upper_half(self, sg, f, h):
        F, M, T = self._beyond(sg, f), self._beyond(sg, f + h), self._beyond(sg, f + 2 * h)
        return lg(M - T, F - M)


# --- Network ---


class JpegNetwork:
    def __init__(self, values):
        sizes = [80 * 32, 32 * 8, 128 * 32, 8]
        parts = np.split(values.copy(), np.cumsum(sizes)[:-1])
        self.W1, self.W2, self.bias = parts[0].reshape(80, 32), parts[1].reshape(32, 8), parts[2].reshape(128, 32)
        self.bias2 = parts[3]
        self.G = [np.zeros_like(self.W1), np.zeros_like(self.W2)]
        self.moments = [(np.zeros_like(W), np.zeros_like(W)) for W in (self.W1, self.W2)]
        self.power1 = self.power2 = 1.0
        self.coefficients = self.n = 0

    def run(self, inputs, place):
        self.inputs, self.place = inputs, place
        terms = np.concatenate([self.bias[place][None], inputs[:, None] * self.W1])
        sums = np.add.accumulate(terms, axis=0)[-1]
        self.hidden = sums / (ONE + np.abs(sums))
        terms = np.concatenate([self.bias2[None], self.hidden[:, None] * self.W2])
        outputs = np.add.accumulate(terms, axis=0)[-1]
        self.outputs = np.minimum(np.maximum(outputs, F32(-9)), F32(9))
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
            self._step()

    def _step(self):
        self.n += 1
        self.power1, self.power2 = self.power1 * 0.9, self.power2 * 0.999
        self.power1 = self.power1 if self.power1 >= 1e-30 else 0.0
        self.power2 = self.power2 if self.power2 >= 1e-30 else 0.0
        correction = math.sqrt(1 - self.power2)
        rate = 0.003 * max(1.0, 4 / (1 + 0.002 * self.n))
        step = F32((rate * correction) / (1 - self.power1))
        epsilon = F32(1e-6 * correction)
        for W, G, (M, V) in zip((self.W1, self.W2), self.G, self.moments):
            g = big(G, 1e-15)
            M[:] = big(F32(0.9) * M + F32(1 - 0.9) * g, 1e-30)
            V[:] = big(F32(0.999) * V + F32(1 - 0.999) * (g * g), 1e-30)
            W -= (step * M) / (np.sqrt(V) + epsilon)
            G[:] = 0


# --- The image ---


def decode_coefficients(payload, shape, effort):
    """Coefficients [rows of blocks][blocks][64] of each component."""
    components = shape.components
    result = [np.zeros((c.h, c.W, 64), np.int64) for c in components]
    rows = max(-(-c.h // c.V) for c in components)
    largest = max(64 * c.W * c.h for c in components)
    n = min(rows, -(-largest // (1 << 23)))
    at = 0
    for b in range(n):
        start, end = rows * b // n, rows * (b + 1) // n
        length = len(payload)
        if b < n - 1:
            length, at = int.from_bytes(payload[at : at + 4], "big"), at + 4
        parts = [r[start * c.V : end * c.V] for c, r in zip(components, result)]
        Band(Coder(payload[at : at + length]), components, parts, effort).decode(end - start)
        at += length
    return result


class BandComponent:
    """A component of a band: its coefficients, samples, and what is kept of blocks."""

    def __init__(self, c, component, coefficients):
        self.c, self.H, self.V, self.W = c, component.H, component.V, component.W
        self.h = coefficients.shape[0]
        self.coefficients = coefficients
        self.Q = np.maximum(component.steps, 1).astype(F32)
        self.inverse = ONE / self.Q
        self.ring = np.zeros((8 * (self.V + 1), 8 * self.W), F32)  # rows of samples, by the row of blocks mod V + 1
        blank = np.zeros((self.h, self.W), np.int64)
        self.end, self.nz, self.large, self.difference = (blank.copy() for _ in range(4))
        self.o0_dc = np.zeros((self.h, self.W), F32)

    def ring_row(self, y):
        return self.ring[y // 8 % (self.V + 1) * 8 + y % 8]

    def block(self, y, x):
        """Coefficients of a block, None outside."""
        return self.coefficients[y, x] if 0 <= y and 0 <= x < self.W else None


def kernel():
    """What a known coefficient k adds to inner, for |X[k]| = 1."""
    result = np.zeros((64, 8, 8), F32)
    for k in range(64):
        for j in range(-2, 3):
            for i in range(-2, 3):
                v, u = (k >> 3) + j, (k & 7) + i
                if (i or j) and 0 <= u < 8 and 0 <= v < 8:
                    result[k, v, u] = ONE / F32(abs(i) + abs(j))
    return result.reshape(64, 64)


KERNEL = kernel()
BORDER = np.array([F32(32) * (F32(0.70710677) if j == 0 else F32(-1) if j % 2 else ONE) for j in range(8)], F32)
NOTHING = np.zeros(64, np.int64)
SQRT_2 = F32(1.4142135)


class Band:
    def __init__(self, coder, components, coefficients, effort):
        self.effort = effort
        self.components = [BandComponent(c, *pair) for c, pair in enumerate(zip(components, coefficients))]
        blocks = sum(c.W * c.h for c in self.components)
        starts = Starts(effort)
        self.families = {name: Family(coder, name, effort, blocks.bit_length(), starts) for name in FAMILIES}
        assert starts.at == len(starts.values)
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
        places = {"L": (0, -1), "A": (-1, 0), "AL": (-1, -1), "AR": (-1, 1), "LL": (0, -2), "AA": (-2, 0)}
        found = {name: component.block(y + dy, x + dx) for name, (dy, dx) in places.items()}
        self.has = {name: block is not None for name, block in found.items()}
        self.near = {name: NOTHING if block is None else block for name, block in found.items()}
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
        U = (Q * F32(0.03125)).reshape(8, 8)
        terms = BORDER * (self.near["L"].astype(F32).reshape(8, 8) * U)  # [v][j]
        terms[0, 0] = 0
        self.left = np.add.accumulate(terms, axis=1)[:, -1]
        terms = BORDER[:, None] * (self.near["A"].astype(F32).reshape(8, 8) * U)  # [j][u]
        terms[0, 0] = 0
        self.above = np.add.accumulate(terms, axis=0)[-1]
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
            if x >= 8 and not self.has["AR"]:
                x = 7
            x = max(8 * self.x + x, 0)
        else:
            x = 8 * self.x + x
        return self.component.ring_row(8 * self.y + y)[x]

    # --- Direction ---

    def _compute_direction(self):
        self.dir, self.coherence = np.zeros(64, F32), ZERO
        has_l, has_a, has_ar = self.has["L"], self.has["A"], self.has["AR"]
        if self.effort == 1 or not (has_l or has_a):
            return
        steps = [(-5, y, ONE) for y in range(1, 7)] if has_l else []
        if has_a:
            for y in range(-5, -1):
                steps += [(-4, y, ONE)] if has_l else []
                steps += [(0, y, ONE), (4, y, ONE)]
                steps += [(8, y, HALF)] if has_ar else []
        xx, yy, xy = (np.zeros(4, F32) for _ in range(3))
        for x0, y, w in steps:
            middle = np.array([self.p(x, y) for x in range(x0 - 1, x0 + 5)], F32)
            over = np.array([self.p(x, y - 1) for x in range(x0, x0 + 4)], F32)
            under = np.array([self.p(x, y + 1) for x in range(x0, x0 + 4)], F32)
            gx, gy = (middle[2:] - middle[:-2]) * HALF, (under - over) * HALF
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
                value = at_top
                if dx > small:
                    to_left = F32(x + 1) / dx
                    value = at_top if to_top <= to_left else side(F32(y) - dy * to_left)
                elif dx < -small and has_l:
                    to_left = F32(x + 1) / -dx
                    below = F32(y) + dy * to_left
                    if below <= 7:
                        value = side(below)
                        if not to_left < to_top:
                            share = to_top / (to_top + to_left)
                            value = at_top * (ONE - share) + value * share
                S[y, x] = value
        return S

    # --- Other components ---

    def _compute_others(self):
        component, others = self.component, self.band.components
        self.o0 = self._other(others[0]) if component.c > 0 else np.zeros(64, F32)
        self.o1 = self._other(others[component.c - 1]) if component.c > 1 else np.zeros(64, F32)
        component.o0_dc[self.y, self.x] = self.o0[0]
        self.energy = 0
        if component.c > 0:
            total = ZERO
            for k in range(1, 64):
                total = total + np.abs(self.o0[k]) * self.inverse[k]
            self.energy = level(total, 3)

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
        self.ends = {name: self._kept(component.end, name) for name in ("L", "A", "AL", "AR")}
        self.i = self.count = self.m1 = self.m2 = 0
        end = large = 0
        while self.i < 63:
            if (self.i == 0 or self.m1 != 0) and self._ends():
                break
            value = self._coefficient()
            self.m2, self.m1 = self.m1, abs(value)
            self.i += 1
            if value != 0:
                self.count += 1
                end = self.i
                large = self.i if abs(value) > 1 else large
        component.end[y, x], component.nz[y, x], component.large[y, x] = end, self.count, large
        r = samples_of(self.X)
        dc = self._dc(r)
        self.own[0] = dc
        row = y % (component.V + 1) * 8
        samples = r + F32(dc) * self.Q[0] * F32(0.125)
        samples = np.minimum(np.maximum(samples, F32(-65536)), F32(65536))
        component.ring[row : row + 8, 8 * x : 8 * x + 8] = samples

    def _kept(self, table, name):
        dy, dx = {"L": (0, -1), "A": (-1, 0), "AL": (-1, -1), "AR": (-1, 1)}[name]
        return int(table[self.y + dy, self.x + dx]) if self.has[name] else 0

    # --- End of a block ---

    def _ends(self):
        i, count, chroma, ends, component = self.i, self.count, self.chroma, self.ends, self.component
        t, T = (chroma << 6 | i) << 25, chroma << 25
        d = {name: seven(max(-3, end - i)) for name, end in ends.items()}
        mid = seven(max(-3, ends["L"] + ends["A"] - 2 * i >> 1))
        rest2, rest3, rest4 = (level(self.rest[i + 1], f) for f in (2, 3, 4))
        nz_l, nz_a = self._kept(component.nz, "L"), self._kept(component.nz, "A")
        large_l, large_a = self._kept(component.large, "L"), self._kept(component.large, "A")
        less = seven((nz_l + nz_a) // 2 - count)
        one, two = min(self.m1, 3), min(self.m2, 3)
        R = ZERO
        for j in range(max(0, i - 10) + 1, i + 1):
            R = R + np.abs(self.X[ZIGZAG[j]])
        R = R * self.inverse[ZIGZAG[min(63, i + 3)]]
        rec2, rec3 = level(R, 2), level(R, 3)
        keys = [
            t | d["L"] << 7 | d["A"], t | rest4, t | rest2 << 7 | count, t | rest2 << 7 | rec2,
            t | count << 2 | one, t | rest2 << 4 | one << 2 | two, t | rec3, t | self.energy << 7 | count,
            t | d["AL"] << 7 | d["AR"], t | seven(nz_l - count) << 7 | seven(nz_a - count), t | mid << 7 | count,
            t | seven(large_l - i) << 7 | seven(large_a - i),
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
        network = None
        if self.effort == 3:
            network = self.band.networks[self.chroma]
            network.run(self._network_inputs(), k + 64 * (self.kind == 2))
        is_coefficient = 1
        if self.i < 62:
            is_coefficient = self._not_zero(network)
            if network is not None:
                network.coded(0, is_coefficient)
        value = 0
        if is_coefficient:
            negative = self._sign(network)
            if network is not None:
                network.coded(1, negative)
            value = self._magnitude(-1 if negative else 1, network)
        if network is not None:
            network.learn()
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
        self.P = ZERO
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
        Qg = (self.Q * G).reshape(8, 8)
        result = np.zeros(40, F32)
        result[0:8] = self.near["L"].astype(F32).reshape(8, 8)[v] * Qg[v]
        result[8:16] = self.near["A"].astype(F32).reshape(8, 8)[:, u] * Qg[:, u]
        X = self.X.reshape(8, 8)
        result[16:24] = X[v] * G
        result[24:32] = X[:, u] * G
        return result

    def _regressors(self):
        k, u, v = self.k, self.u, self.v
        result = self._border_regressors(u, v)
        result[16 + u] = F32(self.around_k[2]) * (self.Q[k] * G)
        result[24 + v] = F32(self.around_k[3]) * (self.Q[k] * G)
        result[32], result[33], result[34] = self.o0[k] * G, self.o1[k] * G, self.dir[k] * G
        result[35] = self.dir[k] * G * self.coherence
        Q0 = self.Q[0] * G

        def difference(a, b):
            if not (self.has[a] and self.has[b]):
                return ZERO
            return F32(int(self.near[a][0]) - int(self.near[b][0])) * Q0

        if v == 0:
            result[0], result[16] = difference("AL", "AR"), difference("LL", "L")
        if u == 0:
            result[8], result[24] = difference("AL", "L"), difference("AA", "A")
        return result

    def _learn_fit(self, value):
        fit, Q = self.band.fits[self.q], self.Q[self.k]
        fit.errors[0].add(self.U, np.abs(F32(value) - self.P))
        weight = 1
        if value == 0:
            self.band.zeros += 1
            if self.band.zeros % 4 != 0:
                return
            weight = 4
        fit.learn(self.regressors, F32(value) * Q * G, self.E, Q, weight)

    def _extra(self, logit_of, network=None, output=None):
        """Extra inputs: the logits of both distributions, and an output of the network."""
        extra = {}
        if self.effort > 1:
            extra[1] = extra[4] = logit_of(self.distribution)
        if network is not None and output is not None:
            extra[5] = network.outputs[output]
        return extra

    # --- Not zero ---

    def _not_zero(self, network):
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
        extra = self._extra(Distribution.not_zero, network, 0)
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
            extra[2] = ZERO if self.band.fits[self.q].fitted else HALF
            extra[3] = lg(self.E, ONE)
        vectors = (
            self.q, self.mass8, min(count, 19) * 20 + min(19, 63 - i), k << 3 | min(7, self.avg2),
        )  # fmt: skip
        apms = (self.place << 4 | min(15, self.mass2), cnt << 6 | k)
        return self.families["zero"].decide(keys, vectors, self.q, apms, extra)

    # --- Sign ---

    def _sign(self, network):
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
        apms = (
            self.place << 4 | min(15, max(0, signed(self.step_l, 1) + 8)),
            min(63, max(0, middle - 68)) << 6 | k,
        )
        extra = self._extra(Distribution.negative, network, 1)
        return self.families["sign"].decide(keys, vectors, self.q, apms, extra)

    # --- Magnitude ---

    def _magnitude(self, sg, network):
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
        m_class = 0
        while m_class < 14:
            j, node = m_class, min(m_class, 7)
            vectors = (q << 3 | node, min(49, self.mass3) << 3 | node, third, node << 4 | min(15, self.avg2))
            apms = (self.place << 3 | node, min(63, self.mass4) << 3 | node)
            output = 2 + j if j < 6 else None
            extra = self._extra(lambda dist: dist.at_least(sg, 1 << j, 2 << j), network, output)
            bit = self.families["class"].decide(keys, vectors, node, apms, extra, node)
            if network is not None and output is not None:
                network.coded(output, bit)
            if not bit:
                break
            m_class += 1
        g = m_class << 20
        r, t = s | g, (diag | g) + (1 << 19)
        keys = [
            r, r | self.avg3, r | self.near3, t | self.in2 << 8 | self.avg2, r | self.mass4, r | steps, t | v02 << 8,
            g | self.mass8,
        ]  # fmt: skip
        if effort > 1:
            keys += [
                r | byte(signed(P2, 3)) << 8 | self.e2, g | byte(signed(f * self.P * F32(2), 6)) << 8 | self.e2,
                r | D << 8 | self.coh, t | byte(signed(P2, 3)) << 8 | self.mass1,
            ]  # fmt: skip
        value = 1
        for left in range(m_class - 1, -1, -1):
            node = value if value < 8 else 0
            vectors = (q << 3 | node, m_class << 3 | node, third, min(15, self.avg2) << 3 | node)
            apms = (m_class << 3 | node, min(63, self.mass4) << 3 | node)
            extra = self._extra(lambda dist: dist.upper_half(sg, value << (left + 1), 1 << left))
            value = value << 1 | self.families["bits"].decide(keys, vectors, node, apms, extra, node)
        return sg * value

    # --- DC ---

    def _dc(self, r):
        component, Q = self.component, self.Q[0]
        has_l, has_a = self.has["L"], self.has["A"]
        lines = {"L": [], "A": []}
        for t in range(8):
            if has_l:
                lines["L"].append(self._across(self.p(-1, t), self.p(-2, t), r[t, 0], r[t, 1]))
            if has_a:
                lines["A"].append(self._across(self.p(t, -1), self.p(t, -2), r[0, t], r[1, t]))
        mean_l, mean_a = (in_order(lines[name]) * F32(0.125) for name in ("L", "A"))
        ordered = sorted([*lines["L"], *lines["A"]])
        N = len(ordered)
        mean = middle = spread = ZERO
        if N > 0:
            inside = ordered[N >> 2 : N - (N >> 2)]
            mean, middle = in_order(ordered) / F32(N), in_order(inside) / F32(len(inside))
            spread = ordered[-1] - ordered[0]
        unit = F32(8) / Q
        spr, centre = spread * unit, middle * unit
        err_l, err_a = self._kept(component.difference, "L"), self._kept(component.difference, "A")
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
        near = {
            "ml": mean_l * unit - F32(base) if has_l else ZERO,
            "ma": mean_a * unit - F32(base) if has_a else ZERO,
            "dl": int(self.near["L"][0]) - base if has_l else 0,
            "da": int(self.near["A"][0]) - base if has_a else 0,
        }
        difference = self._difference(spr, both_errors, E, F - F32(base), frac, err_l, err_a, near)
        component.difference[self.y, self.x] = difference
        dc = min(max(base + difference, -MAX_COEFFICIENT), MAX_COEFFICIENT)
        if self.effort > 1:
            fit.errors[0].add(U, np.abs(F32(dc) - clamped))
            fit.errors[1].add(U, np.abs(F32(dc) - F))
            fit.learn(v, (F32(dc) * Q - middle * F32(8)) * G, E, Q, 1)
        return dc

    @staticmethod
    def _across(n, f, b, e):
        return (n + (n - f) * HALF) - (b - (e - b) * HALF)

    def _dc_regressors(self, middle, mean, mean_l, mean_a):
        v = self._border_regressors(0, 0)
        for number, name in ((0, "L"), (8, "A"), (16, "AL"), (24, "AR")):
            v[number] = ZERO
            if self.has[name]:
                v[number] = (F32(int(self.near[name][0])) * self.Q[0] - middle * F32(8)) * G
        v[32] = (mean - middle) * F32(8) * G
        if self.has["L"] and self.has["A"]:
            v[33] = (mean_l - mean_a) * F32(8) * G
        o0 = self.component.o0_dc
        if self.component.c > 0 and self.has["L"]:
            v[34] = (self.o0[0] - o0[self.y, self.x - 1]) * G
        if self.component.c > 0 and self.has["A"]:
            v[35] = (self.o0[0] - o0[self.y - 1, self.x]) * G
        return v

    def _difference(self, spr, both_errors, E, fit, frac, err_l, err_a, near):
        kind, count = self.kind, self.count
        sp, er, e = level(spr, 2), level(both_errors, 2), min(15, level(E * F32(4), 2))

        def keys(t, lv):
            return [
                t | sp << 8 | er, t | lv(near["ml"], 2) << 8 | lv(near["ma"], 2), t | lv(fit, 3) << 8 | e,
                t | lv(near["dl"], 1) << 8 | lv(near["da"], 1), t | lv(frac * F32(8), 2) << 8 | e,
                t | lv(err_l, 2) << 8 | lv(err_a, 2), t | lv(fit, 2) << 16 | lv(frac * F32(4), 1) << 8 | e,
                t | count << 8 | sp, t | level(spr, 4), t | lv(err_l, 1) << 16 | lv(err_a, 1) << 8 | sp,
                t | lv(frac * F32(8), 2) << 8 | lv(fit, 2), t | e,
            ]  # fmt: skip

        def extra(logit_of):
            return {} if self.effort == 1 else dict(zip((1, 4), map(logit_of, self.distributions)))

        t = self.chroma << 28
        to = max(0, signed(fit, 2) + 32)
        families = self.families
        if not families["dc zero"].decide(
            keys(t, lambda x, f: level(abs(x), f)), (kind, sp << 2, e, er), kind, (kind << 4 | e, sp),
            extra(Distribution.not_zero),
        ):  # fmt: skip
            return 0
        negative = families["dc sign"].decide(
            keys(t, lambda x, f: byte(signed(x, f))), (kind, sp << 2, to, max(0, signed(frac * F32(8), 2) + 32)), kind,
            (kind << 4 | e, to), extra(Distribution.negative),
        )  # fmt: skip
        sg = -1 if negative else 1

        def lv(x, f):
            return byte(signed(sg * x, f))

        n = 0
        while n < 15:
            vectors = (kind << 4 | n, min(63, sp << 1) << 4 | n, e << 4 | n, n)
            apms = (kind << 8 | e << 4 | n, min(63, sp) << 4 | n)
            logits = extra(lambda dist: dist.at_least(sg, 1 << n, 2 << n))
            if not families["dc class"].decide(keys(t, lv), vectors, n, apms, logits, n):
                break
            n += 1
        value, m_class = 1, n
        all_keys = keys(t | m_class << 24, lv)
        for left in range(m_class - 1, -1, -1):
            n = value if value < 8 else 0
            vectors = (kind << 3 | n, min(63, sp << 1) << 3 | n, e << 3 | n, n)
            apms = (kind << 7 | e << 3 | n, min(63, sp) << 3 | n)
            logits = extra(lambda dist: dist.upper_half(sg, value << (left + 1), 1 << left))
            value = value << 1 | families["dc bits"].decide(all_keys, vectors, n, apms, logits, n)
        return sg * value

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

        known = []
        for du, dv in (
            (-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1), (-2, 0), (0, -2), (2, 0), (0, 2),
        ):  # fmt: skip
            value = self._x(du, dv)
            known.append(F32(value) * Q[8 * (v + dv) + u + du] * inv if value else ZERO)
        magnitudes = [
            *self.around_k, *of("L"), *of("A"), in_order(of("AL")), in_order(of("AR")), *known,
            self.total * inv * F32(0.25), self.v0, self.v1, self.P,
        ]  # fmt: skip
        with_sign = [self.P, self.step_l, self.step_a, self.d, *((inv * F32(32)) * self.regressors[:36])]
        rest = [
            0.5, self.i * 0.03125, self.count * 0.0625, min(self.count, 4) * 0.25, Q[k] * F32(0.015625), u * 0.125,
            v * 0.125, 0,
        ]  # fmt: skip
        values = np.array([*magnitudes, *with_sign], F32)
        logs = (np.minimum(np.abs(values), F32(1 << 24)) + ONE).view(np.int32) - np.int32(0x3F800000)
        halves = logs.astype(F32) * F32(2.0**-24)
        halves[32:] = np.where(values[32:] < 0, -halves[32:], halves[32:])
        return np.concatenate([halves, np.array(rest, F32)])


def in_order(terms):
    """A sum of f32 from 0."""
    total = ZERO
    for term in terms:
        total = total + term
    return total
