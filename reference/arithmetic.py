"""docs/FORMAT.md from "Numbers and functions" on: exp and log2, the history, distributions, the arithmetic coder.

Names follow the document. f32 is numpy.float32, f64 is Python's float; numpy rounds every operation separately.
"""

import math

import numpy as np

F32 = np.float32
ZERO, HALF, ONE = F32(0), F32(0.5), F32(1)
TOTAL_BITS = 22
TOTAL = 1 << TOTAL_BITS
U32 = 0xFFFFFFFF


# --- Numbers and functions ---
def chain(terms, axis=0):
    """The sum of f32 terms one by one along an axis other than the last one.

    numpy's `reduce` is sequential but along the axis that is contiguous in memory, which a last axis of 1 makes this one.
    """
    if terms.shape[-1] == 1:
        return np.add.accumulate(terms, axis=axis).take(-1, axis=axis)
    return np.add.reduce(terms, axis=axis)


def polynomial(x, first, *coefficients):
    """Horner's rule, from the coefficient of the highest power on."""
    p = first
    for coefficient in coefficients:
        p = p * x + coefficient
    return p


EXP_32 = [F32(c) for c in (0.0013814599, 0.008368717, 0.04166839, 0.16666521, 0.49999994)]
LOG_32 = [
    F32(c) for c in (0.3205988979753252, 0.4121985831111324, 0.5770780163555854, 0.9617966939259756, 2.8853900817779268)
]  # fmt: skip


def exp32(d):
    """exp of f32 for d <= 0, arrays or scalars."""
    t = np.fmax(d, F32(-80))  # -80 for NaN
    n = (t * F32(1.4426950408889634) + F32(12582912)) - F32(12582912)
    r = (t - n * F32(0.693359375)) - n * F32(-0.00021219444)
    result = ((polynomial(r, *EXP_32) * (r * r)) + r) + F32(1)
    return (result.view(np.int32) + (n.astype(np.int32) << 23)).view(F32)


def log2_32(x):
    """log2 of f32 for normal x > 0, an array."""
    i = np.asarray(x, F32).view(np.int32) - np.int32(0x3F3504F3)
    n = i >> 23
    m = ((i - (n << 23)) + np.int32(0x3F3504F3)).view(F32)
    s = (m - F32(1)) / (m + F32(1))
    return polynomial(s * s, *LOG_32) * s + n.astype(F32)


def exp64(x):
    """exp of an array of f64."""
    x = clamp(-700.0, x, 700.0)
    n = (x * 1.4426950408889634 + 6755399441055744) - 6755399441055744
    r = (x - n * 0.6931471803691238) - n * 1.9082149292705877e-10
    r2 = r * r
    r4 = r2 * r2
    a = 0.16666666666611551 * r + 0.49999999999998324
    b = 0.008333333370871507 * r + 0.041666666668136565
    c = 0.00019841185234495043 * r + 0.0013888888516212375
    d = 2.763499144503793e-6 * r + 2.480193172847852e-5
    p = (2.747679440393242e-7 * r4 + (d * r2 + c)) * r4 + (b * r2 + a)
    return np.ldexp((p * r2 + r) + 1, n.astype(np.int64))


def clamp(low, x, high):
    """x within its bounds, an array; the low one for NaN."""
    return np.fmin(np.fmax(x, low), high)


# --- History ---
class History:
    """Indices of the samples around a pixel in a list of the tile's pixels, raster order, and one more: 128 g."""

    def __init__(self, width, height, offsets):
        self.width, self.initial = width, width * height
        self.dx = np.array([dx for dx, _ in offsets])
        self.dy = np.array([dy for _, dy in offsets])
        self.own_row = self.dy == 0

    def at(self, x, y):
        w = self.width
        own = self.initial if x == 0 and y == 0 else (y - 1) * w if x == 0 else y * w + np.maximum(x + self.dx, 0)
        if y == 0:
            above = x - 1 if x > 0 else self.initial
        else:
            above = np.maximum(y + self.dy, 0) * w + np.clip(x + self.dx, 0, w - 1)
        return np.where(self.own_row, own, above)


# --- From distributions to frequencies ---
def softmax(z):
    """The exponentials of 256 logits, and their sum."""
    m = F32(-3.4028235e38)
    bigger = z[z > m]
    d = z - (bigger.max() if bigger.size else m)
    e = exp32(d)
    lanes = chain(e.reshape(64, 4))
    total = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
    return e, total if total >= 1 else F32(1)


def frequencies(e, total):
    """256 integer frequencies as cumulative ones."""
    f = (e * (F32(4194048) / total) + F32(1.5)).astype(np.int64)
    f[np.argmax(f)] += TOTAL - int(f.sum())
    return np.concatenate([[0], np.cumsum(f)])


# --- From distributions to decisions ---
def clamp_probability(p):
    return min(max(p, 2.0**-22), 1 - 2.0**-22)


def split_of(p):
    """Step 3: the cumulative frequency between the symbols 0 and 1."""
    return TOTAL - math.floor(p * TOTAL + 0.5)


def decode_decisions(coder, F, bits, count, refine=None):
    """The sample of `bits` decisions; `refine(p, node, depth, low, half)` is the mixer, and is told each bit."""
    low, f, g = 0, 0.0, F(count)
    node = 1
    for depth in range(bits):
        half = 1 << (bits - 1 - depth)
        if low + half >= count:
            node <<= 1
            continue
        m = F(low + half)
        p = clamp_probability((g - m) / (g - f))
        learn = None
        if refine is not None:
            p, learn = refine(p, node, depth, low, half)
            p = clamp_probability(p)
        bit = coder.decision(split_of(p))
        if learn is not None:
            learn(bit)
        if bit:
            low, f = low + half, m
        else:
            g = m
        node = node << 1 | bit
    return low


def differences(F, offset, values):
    """F of the difference from the first channel; offset is o."""

    def shifted(b):
        if b + offset <= values:
            return F(b + offset) - F(offset)
        return (1 - F(offset)) + F(b + offset - values)

    return shifted


class SoftmaxF:
    """F and the mean of a softmax."""

    def __init__(self, z, centre):
        self.e, self.sum = e, _ = softmax(z)
        self.centre = centre
        ordered = np.roll(e.astype(np.float64), centre % 256)  # sample v has the class (v - centre) mod 256
        self.S = [0.0, *np.add.accumulate(ordered).tolist()]

    def __call__(self, b):
        return (4194048 * (self.S[b] / self.S[256]) + b) / 4194304

    def mean(self):
        t = 0.0
        for b in range(1, 256):
            t = t + self.S[b]
        return F32(255 - t / self.S[256])


class MixtureF:
    """F and the mean of a mixture of logistics, for samples of d bits on a scale with the gain 2^gamma."""

    def __init__(self, logits, means, log_scales, centre, d, gamma=0):
        unit = 2.0 ** (d - 8 - gamma)
        self.top = 1 << d
        a, u, t = (values.astype(np.float64) for values in (logits, means, log_scales))
        self.mu = clamp(-1e9, float(centre) + (u * 8) * unit, 1e9) + 0.5
        self.s = exp64(-clamp(-3.5, t + 1, 5.5)) * (1 / unit)
        a = clamp(-1e9, a, 1e9)
        w = exp64(np.maximum(-80.0, a - a.max()))
        self.w = w * ((1 - 2.0**-9) / two_lanes(w))

    def __call__(self, b):
        if b == 0 or b == self.top:
            return float(b == self.top)
        terms = self.w / (1 + exp64(clamp(-40.0, (self.mu - b) * self.s, 40.0)))
        return two_lanes(terms) + (2.0**-9 / self.top) * b

    def mean(self):
        total = two_lanes(self.w * (self.mu - 0.5))
        return F32(clamp(0.0, total * (1 / (1 - 2.0**-9)), self.top - 1.0))


class BitF:
    """F and the mean of a bit with a logit."""

    def __init__(self, z):
        self.e = exp64(clamp(-40.0, np.float64(z), 40.0))

    def __call__(self, b):
        return (0.0, 1 / (1 + self.e), 1.0)[b]

    def mean(self):
        return F32(self.e / (1 + self.e))


def two_lanes(terms):
    """Sums of f64 along the last axis in two lanes."""
    even, odd = (np.add.accumulate(terms[..., k::2], axis=-1)[..., -1:].sum(axis=-1) for k in (0, 1))
    return even + odd


# --- Arithmetic coder ---

FIRST, SECOND = 1 << 29, 1 << 30  # quarters


class Coder:
    """The decoder of one payload; reads zeros after its end."""

    def __init__(self, data):
        self.bits = iter(np.unpackbits(np.frombuffer(data, np.uint8)).tobytes())
        self.low, self.high, self.code = 0, (1 << 31) - 1, 0
        for _ in range(31):
            self.code = 2 * self.code + next(self.bits, 0)

    def _value(self):
        return ((self.code - self.low + 1) * TOTAL - 1) // (self.high - self.low + 1)

    def _take(self, start, end):
        low, high, code = self.low, self.high, self.code
        size = high - low + 1
        high = low + (size * end >> TOTAL_BITS) - 1
        low = low + (size * start >> TOTAL_BITS)
        while True:
            if high < SECOND:
                offset = 0
            elif low >= SECOND:
                offset = SECOND
            elif low >= FIRST and high < 3 * FIRST:
                offset = FIRST
            else:
                break
            low = 2 * (low - offset)
            high = 2 * (high - offset) + 1
            code = 2 * (code - offset) + next(self.bits, 0)
        self.low, self.high, self.code = low, high, code

    def decision(self, split):
        """A symbol of two, with the cumulative frequencies 0, split, 2^22."""
        if self._value() < split:
            self._take(0, split)
            return 0
        self._take(split, TOTAL)
        return 1

    def bits_of_half(self, n):
        """n bits of probability 1/2, the highest first."""
        value = 0
        for _ in range(n):
            value = value << 1 | self.decision(TOTAL // 2)
        return value

    def symbol(self, cum):
        """A symbol of the cumulative frequencies, an array."""
        s = int(np.searchsorted(cum, self._value(), side="right")) - 1
        self._take(int(cum[s]), int(cum[s + 1]))
        return s


# --- f32 functions of the mixer that other coders share (docs/format/mixer.md, "One value", "APM stage") ---
def squash(x):
    e = exp32(-np.abs(x))
    return np.where(x >= 0, F32(1), e) / (F32(1) + e)


LOGIT = [F32(2) / F32(k) for k in (7, 5, 3, 1)]


def logit(a, b):
    """ln(a / b) of positive normal f32."""
    u, na = np.frexp(a)  # mantissas in [0.5, 1): the quotient below is that of twice as large ones
    v, nb = np.frexp(b)
    s = (u - v) / (u + v)
    return polynomial(s * s, *LOGIT) * s + (na - nb).astype(F32) * F32(0.6931471805599453)


def apm_position(z):
    """The index of the lower of two neighbouring points, and the share of the upper one."""
    position = (np.minimum(np.maximum(z, F32(-7.99)), F32(7.99)) + F32(8)) * F32(2)
    i = int(position)
    return i, position - F32(i)


def eight_sums(products):
    """Sums of the last axis in 8 sums by the index mod 8, joined as the mixer does."""
    sums = chain(products.reshape(*products.shape[:-1], -1, 8), axis=-2)
    l = sums[..., :4] + sums[..., 4:]
    return (l[..., 0] + l[..., 1]) + (l[..., 2] + l[..., 3])


APM_START = squash(np.arange(33, dtype=F32) / F32(2) - F32(8))
APM_LOW, APM_HIGH = F32(2.0**-16), F32(1 - 2.0**-16)
