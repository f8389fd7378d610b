"""docs/format/photo.md: least squares, a small network, and learning while decoding."""

import collections
import math

import numpy as np

from .arithmetic import F32, ONE, ZERO, History, MixtureF, chain, clamp, exp64, log2_32, two_lanes

CHANNEL_ORDER = {1: [0], 3: [1, 0, 2]}
SLOPE = F32(0.1)
WINDOW = [(dx, dy) for dy in range(-5, 0) for dx in range(-6, 7)] + [(dx, 0) for dx in range(-6, 0)]
PLACE = {position: i for i, position in enumerate(WINDOW)}
W_, N_, NW_, NE_ = (PLACE[position] for position in ((-1, 0), (0, -1), (-1, -1), (1, -1)))


# --- Spec and tensors ---
def tensor_names(spec):
    layers = ["input"]
    layers += [f"block.{i}.{name}" for i in range(spec["blocks"]) for name in ("conv", "pointwise")]
    layers += [f"head.{c}.{name}" for c in range(spec["channels"]) for name in ("hidden", "mixture")]
    return [f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")]


# --- Least squares ---
Constants = collections.namedtuple("Constants", ["size", "decay", "mu", "ridge", "k"])
SETS = {
    "A": Constants("large", F32(0.95), F32(0.8), F32(10), 4),
    "B": Constants("large", F32(0.99), F32(0.95), F32(30), 8),
    "C": Constants("small", F32(0.85), F32(0.7), F32(20), 4),
    "D": Constants("middle", F32(0.92), F32(0.6), F32(20), 4),
    "E": Constants("large", F32(0.998), F32(0.98), F32(50), 8),
}
OWN = [
    (-1, 0), (0, -1), (-1, -1), (1, -1), (-2, 0), (0, -2), (2, -1), (-2, -1), (1, -2), (-1, -2), (-3, 0), (0, -3),
    (3, -1), (2, -2), (-2, -2), (-3, -1), (1, -3), (-1, -3), (3, -2), (-3, -2), (-4, 0),
]  # fmt: skip
BEFORE = [(0, 0), (-1, 0), (0, -1), (-1, -1), (1, -1), (-2, 0)]
AFTER = [(-1, 0), (0, -1), (-1, -1), (1, -1), (-2, 0), (0, -2)]
SIZES = {3: {"small": 12, "middle": 20, "large": 27}, 1: {"small": 6, "middle": 10, "large": 21}}


def regressors(c, channels):
    """(channel, position) of the regressors of size large; the smaller sizes are their beginnings."""
    if channels == 1:
        return [(0, position) for position in OWN]
    first, second = (1 if c == 0 else 0), (1 if c == 2 else 2)
    own = [(c, position) for position in OWN]
    lists = [[(other, position) for position in (BEFORE if other < c else AFTER)] for other in (first, second)]
    result = own[:6]
    for a, b, start, end in ((0, 3, 0, 0), (3, 5, 6, 10), (5, 6, 10, 15)):
        result += own[start:end] + lists[0][a:b] + lists[1][a:b]
    return result


def lanes(products):
    """A sum of f32 in four lanes; the length is a multiple of 4."""
    if products.size == 0:
        return F32(0)
    l = chain(products.reshape(-1, 4))
    return (l[0] + l[2]) + (l[1] + l[3])


def without_small(S):
    return np.where(np.abs(S) < F32(1e-12), ZERO, S)


def solve(A, N, M, ridge):
    """The coefficients z [M] of the system A [M][M], which is changed."""
    diagonal = np.arange(N)
    A[diagonal, diagonal] = A[diagonal, diagonal] + F32(ridge)
    floor = A[diagonal, diagonal] * F32(1e-5)
    inverse = np.zeros(N, F32)
    for r in range(N):
        inverse[r] = ONE / A[r, r] if A[r, r] > floor[r] else F32(0)
        f = A[r, r + 1 : N] * inverse[r]
        A[r + 1 : N, r + 1 : N + 1] -= f[:, None] * A[r, r + 1 : N + 1]  # below the diagonal, too: never read
    z = np.zeros(M, F32)
    z[N] = F32(-1)
    A[:N, N + 1 :] = 0
    for i in range(N - 1, -1, -1):
        q = (i // 4 + 1) * 4
        total = lanes(A[i, q:] * z[q:])
        for j in range(q - 1, i, -1):
            total = total + A[i, j] * z[j]
        z[i] = -total * inverse[i]
    return z


class Fit:
    """The least squares of one channel and set."""

    def __init__(self, constants, channels, width):
        self.constants = constants
        self.N = SIZES[channels][constants.size]
        self.M = (self.N + 4) // 4 * 4
        self.last = (width - 1) // constants.k
        self.S = np.zeros((self.M, self.M), F32)
        self.E = np.zeros((self.last + 1, self.M, self.M), F32)
        self.z = np.zeros(self.M, F32)

    def predict(self, x, y, large, m):
        """The prediction, not clamped, with the regressors of size large."""
        k = self.constants.k
        self.x, self.y, self.is_fitting = x, y, x % k == y % k
        self.above = min((x + 3) // k, self.last)
        if x == 0:
            self.S[:] = 0
        if self.is_fitting or x == 0:
            A = self.S + self.E[self.above if self.is_fitting else 0]
            self.z = solve(A, self.N, self.M, self.constants.ridge)
        self.v = np.zeros(self.M, F32)
        self.v[: self.N] = large[: self.N]
        return m + lanes(self.z * self.v)

    def learn(self, t):
        self.v[self.N] = t
        self.S = self.constants.decay * self.S + self.v[:, None] * self.v
        if self.x % 64 == 63:
            self.S = without_small(self.S)
        if self.is_fitting:
            E = self.S + self.constants.mu * self.E[self.above]
            self.E[self.x // self.constants.k] = without_small(E) if self.y % 16 == 0 else E


# --- Similar pixels ---
SIMILAR = {"F": (3, 6), "G": (4, 8), "H": (7, 10)}  # neighbours and reach
NEIGHBOURS = [(-1, 0), (-1, -1), (1, -1), (-2, 0), (0, -2), (2, -1), (1, -2)]


def powers_of(base, exponents):
    table = [ONE]
    while len(table) <= exponents.max():
        table.append(table[-1] * F32(base))
    return np.array(table, F32)[exponents]


class SimilarFit:
    """The fit of all channels of a pixel to similar pixels around it."""

    def __init__(self, constants, samples):
        height, width, self.n = samples.shape
        neighbours, self.R = constants
        self.places = [PLACE[position] for position in NEIGHBOURS[:neighbours]]
        self.N = neighbours * self.n
        self.M = (self.N + self.n + 3) // 4 * 4
        self.v = np.zeros((height + self.R, width + 2 * self.R, self.M), F32)
        dy, dx = np.mgrid[-self.R : 1, -self.R : self.R + 1]
        self.size = (2 * self.R + 1) * self.R + self.R
        self.near = powers_of(0.9, (abs(dx) + abs(dy)).reshape(-1)[: self.size])

    def begin_pixel(self, x, y, near, m):
        self.now = self.v[y + self.R, x + self.R]
        self.now[: self.N] = (near[self.places] - m).T.reshape(-1)
        u = self.v[y : y + self.R + 1, x : x + 2 * self.R + 1].reshape(-1, self.M)[: self.size]
        squares = np.zeros((self.size, (self.N + 3) // 4 * 4), F32)
        squares[:, : self.N] = (u[:, : self.N] - self.now[: self.N]) ** 2
        l = chain(squares.reshape(self.size, -1, 4).swapaxes(0, 1))
        d = ((l[:, 0] + l[:, 2]) + (l[:, 1] + l[:, 3])) * F32(1 / self.N) + F32(2)
        weights = self.near / (d * np.sqrt(d))
        A = chain(u[:, :, None] * (u * weights[:, None])[:, None, :])
        ridge = lanes(weights) * F32(0.02)
        self.z = [solve(A.copy(), self.N + c, self.M, ridge) for c in range(self.n)]

    def predict(self, c, m):
        return m + lanes(self.z[c] * self.now)

    def learn(self, c, t):
        self.now[self.N + c] = t


# --- Network ---
def fixed(x, scale):
    """Integers, as f64."""
    values = np.rint(x * F32(scale)).astype(np.float64)
    return np.clip(np.nan_to_num(values, nan=0.0, posinf=16383, neginf=-16383), -16383, 16383)


def scale_of(M, limit):
    size = np.fmax.reduce(np.abs(M), axis=None)
    total = np.fmax.reduce(chain(np.abs(M)), axis=None)
    with np.errstate(divide="ignore"):
        bound = min(F32(limit) / size, F32(130000) / total)
    exponent = math.frexp(bound)[1] - 1 if math.isfinite(bound) and bound > 0 else (100 if bound > 0 else -100)
    return 2.0 ** min(max(exponent, -100), 100)


def leaky(x):
    small = SLOPE * x
    return np.where(small < x, x, small)


def unleak(d, x):
    return np.where(x > 0, d, d * SLOPE)


class LayerOfIntegers:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias
        self.refresh()

    def refresh(self):
        self.scale = scale_of(self.weight, 8191)
        self.W = fixed(self.weight, self.scale)

    def __call__(self, *parts):
        y, start, factor = self.bias, 0, F32(1 / self.scale / 256)
        for part in parts:
            rows = self.W[start : start + len(part)]
            start += len(part)
            y = y + (part @ rows).astype(F32) * factor  # a sum of integers: exact in f64 in any order
        return y


def asinh(t):
    a = np.abs(t)
    result = log2_32(a + np.sqrt(a * a + ONE)) * F32(0.6931471805599453)
    return -result if t < 0 else result


class Network:
    """Predicts a tile. `samples` [height][width][channels] are coded values, channels in the order of coding."""

    def __init__(self, spec, tensors, samples, is_known, d, gamma, effort):
        self.spec, self.samples, self.is_known, self.d, self.gamma = spec, samples, is_known, d, gamma
        self.height, self.width, self.n = samples.shape
        self.C, self.L, self.K = spec["features"], spec["blocks"], spec["components"]
        self.g = F32(1 << gamma)
        self.unit = F32(2.0**d / (256 * (1 << gamma)))
        self.top = F32((1 << d) - 1) / self.unit
        self.lower, self.upper = F32(-20) * self.g, self.top + F32(20) * self.g
        self.sets = spec.get("predictors", "ABCDE")
        self.S = len(self.sets)
        self.window = History(self.width, self.height, WINDOW)
        self.scaled = np.full((self.height * self.width + 1, self.n), F32(128) * self.g, F32)
        names = [name for name in self.sets if name in SETS]
        self.fits = [[Fit(SETS[name], self.n, self.width) for name in names] for _ in range(self.n)]
        self.similar = [SimilarFit(SIMILAR[name], samples) for name in self.sets[len(names) :]]
        self.regressors = [regressors(c, self.n) for c in range(self.n)]
        self.errors = np.full((self.height + 2, self.width, self.S, self.n), F32(4), F32)  # two rows above
        self.a = np.zeros((self.L, self.height + 1, self.width + 2, self.C))
        self.names = tensor_names(spec)
        self.tensors = {name: tensors[name].copy() for name in self.names}
        self.layers = {
            weight.removesuffix(".weight"): LayerOfIntegers(self.tensors[weight], self.tensors[bias])
            for weight, bias in zip(self.names[::2], self.names[1::2])
        }
        self.learning = Learning(self) if effort >= 2 else None

    # --- Once a pixel ---
    def begin_pixel(self, x, y):
        self.x, self.y = x, y
        self.at = y * self.width + x
        self.near = self.scaled[self.window.at(x, y)]  # [position][channel]
        W, N, NW, NE = (self.near[i] for i in (W_, N_, NW_, NE_))
        self.m = (W + N) * F32(0.5)
        base = self.m + (NE - NW) * F32(0.25)
        self.base = clamp(ZERO, base, self.top)
        self.le = self._recent_errors()
        for fit in self.similar:
            fit.begin_pixel(x, y, self.near, self.m)
        self.P = np.zeros((self.S, self.n), F32)
        self.distances = np.zeros((self.S, self.n), F32)
        self._least_squares(0)
        u = np.concatenate([
            ((self.near - self.base) / F32(32)).reshape(-1), (self.base / self.g - F32(128)) / F32(64),
            self.le.reshape(-1), self.distances[:, 0],
        ])  # fmt: skip
        self._network(fixed(u, 256))

    def _recent_errors(self):
        x, y, e = self.x, self.y + 2, self.errors
        north, north_north = e[y - 1, x], e[y - 2, x]
        north_west, north_east = e[y - 1, max(x - 1, 0)], e[y - 1, min(x + 1, self.width - 1)]
        west = e[y, x - 1] if x > 0 else north
        west_west = e[y, max(x - 2, 0)] if x > 0 else north
        total = (west + north) + F32(0.7) * (north_west + north_east)
        total = total + F32(0.5) * (north_north + west_west) + F32(0.3)
        return log2_32(total) - F32(2.5)

    def _least_squares(self, c):
        own = self.scaled[self.at]
        values = [
            (own[o] if position == (0, 0) else self.near[PLACE[position], o]) - self.m[o]
            for o, position in self.regressors[c]
        ]
        large = np.array(values, F32)
        found = [fit.predict(self.x, self.y, large, self.m[c]) for fit in self.fits[c]]
        found += [fit.predict(c, self.m[c]) for fit in self.similar]
        self.P[:, c] = clamp(self.lower, np.array(found, F32), self.upper)
        self.distances[:, c] = clamp(F32(-6), (self.P[:, c] - self.base[c]) / F32(8), F32(6))

    def _network(self, u):
        at_x, at_y = self.x + 1, self.y + 1
        h, self.record = self.layers["input"](u), {}
        for i in range(self.L):
            a = self.a[i]
            a[at_y, at_x] = fixed(leaky(h), 256)
            parts = [a[at_y - 1, at_x - 1], a[at_y - 1, at_x], a[at_y - 1, at_x + 1], a[at_y, at_x - 1 : at_x + 1].ravel()]
            t = fixed(leaky(self.layers[f"block.{i}.conv"](*parts)), 256)
            h = h + self.layers[f"block.{i}.pointwise"](t)
            self.record["conv", i], self.record["t", i] = np.concatenate(parts), t
        self.f = self.record["f"] = fixed(leaky(h), 256)

    # --- Each channel ---
    def distribution(self, c):
        if c > 0:
            self._least_squares(c)
        own = [*self.distances[:, c], *self.le[:, c]]
        for b in range(c):
            r = self.scaled[self.at, b] - self.P[0, b]
            own += [F32(0.7) * asinh(r / F32(6)), r / F32(32)]
        e = fixed(np.array(own, F32), 256)
        g = fixed(leaky(self.layers[f"head.{c}.hidden"](self.f, e)), 256)
        parameters = self.layers[f"head.{c}.mixture"](g)
        centre = self.P[0, c] * self.unit
        self.record.update({("e", c): e, ("g", c): g, ("parameters", c): parameters, ("centre", c): float(centre)})
        K = self.K
        return MixtureF(parameters[:K], parameters[K : 2 * K], parameters[2 * K : 3 * K], centre, self.d, self.gamma)

    def predictions(self, c):
        return self.P[0, c], self.P[self.S - len(self.similar) if self.similar else min(1, self.S - 1), c]

    def observe(self, c, v):
        s = F32(v) / self.unit
        self.scaled[self.at, c] = s
        self.errors[self.y + 2, self.x, :, c] = np.abs(s - self.P[:, c])
        for fit in self.fits[c]:
            fit.learn(s - self.m[c])
        for fit in self.similar:
            fit.learn(c, s - self.m[c])

    def end_pixel(self):
        if self.learning is not None:
            self.learning.observe(self.record)


# --- Learning ---

SEGMENT = 128


def big(x, bound):
    return np.where(np.abs(x) >= F32(bound), x, ZERO)


class Adam:
    def __init__(self, shape, beta1, beta2):
        self.M, self.V = np.zeros(shape, F32), np.zeros(shape, F32)
        self.beta1, self.beta2, self.power1, self.power2 = beta1, beta2, 1.0, 1.0

    def step(self, gradient, rate):
        """What is subtracted from the weights."""
        powers = self.power1 * self.beta1, self.power2 * self.beta2
        self.power1, self.power2 = (power if power >= 1e-30 else 0.0 for power in powers)
        correction = math.sqrt(1 - self.power2)
        step = F32((rate * correction) / (1 - self.power1))
        g = big(gradient, 1e-15)
        self.M = big(F32(self.beta1) * self.M + F32(1 - self.beta1) * g, 1e-30)
        self.V = big(F32(self.beta2) * self.V + F32(1 - self.beta2) * (g * g), 1e-30)
        return (step * self.M) / (np.sqrt(self.V) + F32(1e-6 * correction))


class Learning:
    """Collects the pixels of a segment, and changes the weights after it."""

    def __init__(self, network):
        self.net, self.records = network, []
        learns_all = network.spec.get("learning") == "all"
        self.first, self.rate = (0, 3e-4) if learns_all else (network.L - 1, 6e-4)
        self.names = network.names[network.names.index(f"block.{self.first}.conv.weight") :]
        size = sum(network.tensors[name].size for name in self.names)
        self.adam = Adam(size, 0.8, 0.99)

    def observe(self, record):
        net = self.net
        self.records.append(record)
        if net.x % SEGMENT == SEGMENT - 1 or net.x == net.width - 1:
            x0, B = net.x - len(self.records) + 1, len(self.records)
            known = net.is_known[net.y, x0 : x0 + B]
            if not known.all():
                values = net.samples[net.y, x0 : x0 + B]
                self._step(self._gradient(values, known))
            self.records = []

    # --- The mixture's derivatives ---
    def _derivatives(self, c, values, known):
        """With respect to the P parameters of channel c, [pixel][parameter]."""
        net, K, d = self.net, self.net.K, self.net.d
        B, unit = len(self.records), 2.0 ** (d - 8 - net.gamma)
        parameters, centre = (np.stack([record[name, c] for record in self.records]) for name in ("parameters", "centre"))
        centre = centre[:, None]
        a, u, t = (parameters[:, k * K : (k + 1) * K].astype(np.float64) for k in range(3))
        v = values.astype(np.float64)[:, None]
        mu = clamp(-1e9, centre + (u * 8) * unit, 1e9)
        s = clamp(-3.5, t + 1, 5.5)
        a = clamp(-1e9, a, 1e9)
        w = exp64(np.maximum(-80.0, a - a.max(axis=1, keepdims=True)))
        slope = exp64(-s) / unit
        low = clamp(-40.0, ((v - mu) - 0.5) * slope, 40.0)
        high = clamp(-40.0, ((v - mu) + 0.5) * slope, 40.0)
        below = np.where(v == 0, 0.0, 1 / (1 + exp64(-low)))  # `from`
        to = np.where(v == (1 << d) - 1, 1.0, 1 / (1 + exp64(-high)))
        fall, rise = below - below * below, to - to * to
        total = two_lanes(w)[:, None]
        share = two_lanes(w * (to - below))[:, None] / total
        p = (1 - 2.0**-9) * share + 2.0**-9 / (1 << d)
        factor = (-(1 / (0.6931471805599453 * (B * net.n))) * (1 - 2.0**-9)) / (p * total)
        part = factor * w
        by_logit = part * ((to - below) - share)
        by_mean = ((part * ((fall - rise) * slope)) * 8) * unit
        by_scale = np.where((s > -3.5) & (s < 5.5), part * (fall * low - rise * high), 0.0)
        results = np.concatenate([by_logit, by_mean, by_scale], axis=1)
        results = np.where((np.abs(results) < 1e-15) | known[:, None], 0.0, results)
        derivatives = np.zeros(parameters.shape, F32)
        derivatives[:, : 3 * K] = results.astype(F32)
        return derivatives

    # --- The gradient ---
    def _gradient(self, values, known):
        net, gradient = self.net, {}

        def stack(name):
            return np.stack([record[name] for record in self.records])

        def add(layer, X, dY):
            """Stores the derivatives of a layer's weight and bias; returns those with respect to its inputs."""
            scale = scale_of(dY, min(16383, 262143 // dY.shape[1]))
            D = fixed(dY, scale)
            gradient[layer + ".weight"] = (X.T @ D).astype(F32) * F32(1 / scale / 256)
            gradient[layer + ".bias"] = chain(dY)
            weights = net.layers[layer]
            factor = F32(1 / scale * (1 / weights.scale))
            return lambda rows: (D @ weights.W[rows].T).astype(F32) * factor

        f = stack("f")
        df = None
        for c in range(net.n):
            g, e = stack(("g", c)), stack(("e", c))
            d = self._derivatives(c, values[:, c], known[:, c])
            dg = unleak(add(f"head.{c}.mixture", g, d)(slice(None)), g)
            part = add(f"head.{c}.hidden", np.concatenate([f, e], axis=1), dg)(slice(0, net.C))
            df = part if df is None else df + part
        dh = unleak(df, f)
        for i in range(net.L - 1, self.first - 1, -1):
            t, a = stack(("t", i)), stack(("conv", i))
            dt = unleak(add(f"block.{i}.pointwise", t, dh)(slice(None)), t)
            own = slice(4 * net.C, None)
            dh = dh + unleak(add(f"block.{i}.conv", a, dt)(own), a[:, own])
        return np.concatenate([gradient[name].reshape(-1) for name in self.names])

    # --- The step ---
    def _step(self, G):
        squares = big(G, 1e-15)
        squares = squares * squares
        whole = len(G) // 16 * 16
        sums = chain(squares[:whole].reshape(-1, 16))
        if whole < len(G):
            sums[:4] = sums[:4] + squares[whole : whole + 4]
            sums[:4] = sums[:4] + squares[whole + 4 :]
        T = [((float(sums[j]) + float(sums[j + 1])) + float(sums[j + 2])) + float(sums[j + 3]) for j in (0, 4, 8, 12)]
        norm = math.sqrt(((T[0] + T[1]) + T[2]) + T[3])
        scale = F32(1 / norm if norm > 1 else 1)
        change = self.adam.step(G * scale, self.rate)
        tensors = [self.net.tensors[name] for name in self.names]
        for tensor, part in zip(tensors, np.split(change, np.cumsum([tensor.size for tensor in tensors])[:-1])):
            tensor -= part.reshape(tensor.shape)
        for name in self.names[::2]:
            self.net.layers[name.removesuffix(".weight")].refresh()
