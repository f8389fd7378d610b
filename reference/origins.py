"""docs/format/origins.md: images that were computed from luma and chroma, and from JPEG coefficients."""

import collections

import numpy as np

from . import jpeg, jpeg_record, palette, reading
from .models import chroma_given_luma, decode_part

# --- Cells: pixels per cell; for each pixel the weights of its own cell and of a neighbour, and which one that is ---

Axis = collections.namedtuple("Axis", ["step", "parts"])
FULL = Axis(1, [(1, 0, 0)])
REPLICATED = Axis(2, [(1, 0, 0), (1, 0, 0)])
CENTRED = Axis(2, [(3, 1, -1), (3, 1, 1)])
COSITED = Axis(2, [(2, 0, 0), (1, 1, 1)])


def cells_of(axis, phase, length):
    """For each pixel of an axis: its cell, its part of the cell; and the number of cells."""
    shifted = np.arange(length) + phase
    return shifted // axis.step, shifted % axis.step, int(shifted[-1] // axis.step) + 1


def along(plane, axis, cell, part, first, last):
    """Weighted sums along the first axis of a plane; cells are clamped to first .. last."""
    parts = np.array(axis.parts)[part]
    own, weight, step = parts[:, 0, None], parts[:, 1, None], parts[:, 2]
    neighbour = np.clip(cell + step, first, last)
    return own * plane[np.clip(cell, first, last)] + weight * plane[neighbour]


# --- Rules ---
def photo_cd(L, c1, c2):
    c1, c2 = c1 - 156, c2 - 137
    b, r = 22179 * c1 // 10000, 18215 * c2 // 10000
    return (
        (13584 * L + 18215 * c2) // 10000,
        (13584 * L - 1940 * b - 5090 * r) // 10000,
        (13584 * L + 22179 * c1) // 10000,
    )


def linear(factor, Rc, G1, G2, Bc, rounding, divisor):
    def rule(L, c1, c2):
        c1, c2 = c1 - 128, c2 - 128
        sums = factor * L + Rc * c2, factor * L + G1 * c1 + G2 * c2, factor * L + Bc * c1
        return [(total + rounding) // divisor for total in sums]

    return rule


def swscale(Ly, black, Rc, G1, G2, Bc):
    def rule(L, c1, c2):
        c1, c2, y = c1 - 128, c2 - 128, Ly * (L - black) // 8192
        return y + Rc * c2 // 8192, y + G1 * c1 // 8192 + G2 * c2 // 8192, y + Bc * c1 // 8192

    return rule


def libyuv(Ly, bias, Rc, G1, G2, Bc):
    def rule(L, c1, c2):
        c1, c2, y = c1 - 128, c2 - 128, 257 * Ly * L // 65536 + bias
        return (y + Rc * c2) // 64, (y + G1 * c1 + G2 * c2) // 64, (y + Bc * c1) // 64

    return rule


def libwebp(L, c1, c2):
    y = 19077 * L // 256
    return (
        (y + 26149 * c2 // 256 - 14234) // 64,
        (y - 6419 * c1 // 256 - 13320 * c2 // 256 + 8708) // 64,
        (y + 33050 * c1 // 256 - 17685) // 64,
    )


def stb_image(L, c1, c2):
    c1, c2 = c1 - 128, c2 - 128
    return (
        (4096 * L + 5743 * c2 + 2048) // 4096,
        (4096 * L + 256 * (-1410 * c1 // 256) - 2925 * c2 + 2048) // 4096,
        (4096 * L + 7258 * c1 + 2048) // 4096,
    )


JPEG = linear(65536, 91881, -22554, -46802, 116130, 32768, 65536)
LIBHEIF = linear(256, 359, -88, -183, 454, 128, 256)
GO = linear(65793, 91881, -22554, -46802, 116130, 0, 65536)
JPEG_JS = linear(100000000, 140200000, -34413630, -71413636, 177200000, 0, 100000000)
SWSCALE_601 = swscale(9539, 16, 13075, -3209, -6660, 16525)
SWSCALE_709 = swscale(9539, 16, 14686, -1747, -4366, 17305)
SWSCALE_JPEG = swscale(8192, 0, 11485, -2819, -5850, 14516)
LIBYUV_601 = libyuv(18997, -1160, 102, -25, -52, 128)
LIBYUV_709 = libyuv(18997, -1160, 115, -14, -34, 128)
LIBYUV_JPEG = libyuv(16320, 32, 90, -22, -46, 113)

# --- Origins: rule, columns, rows, rounding of a first and a second pixel, its axis, shift ---

FULL_SIZE, HALF_WIDTH, HALF_SIZE = (FULL, FULL), (REPLICATED, FULL), (REPLICATED, REPLICATED)
NO_SHIFT = (0, 0), "column", 0
ORIGINS = [
    (photo_cd, COSITED, COSITED, (2, 2), "column", 2),
    (JPEG, *FULL_SIZE, *NO_SHIFT),
    (JPEG, CENTRED, FULL, (1, 2), "column", 2),
    (JPEG, FULL, CENTRED, (1, 2), "row", 2),
    (JPEG, CENTRED, CENTRED, (8, 7), "column", 4),
    (JPEG, *HALF_WIDTH, *NO_SHIFT),
    (JPEG, *HALF_SIZE, *NO_SHIFT),
    *((rule, *axes, *NO_SHIFT) for rule in (SWSCALE_601, SWSCALE_709, SWSCALE_JPEG) for axes in (HALF_SIZE, HALF_WIDTH)),
    *((rule, *HALF_SIZE, *NO_SHIFT) for rule in (LIBYUV_601, LIBYUV_709)),
    *((rule, *axes, *NO_SHIFT) for rule in (GO, JPEG_JS) for axes in (FULL_SIZE, HALF_WIDTH, HALF_SIZE)),
    (stb_image, *FULL_SIZE, *NO_SHIFT),
    (stb_image, CENTRED, FULL, (2, 2), "column", 2),
    (stb_image, CENTRED, CENTRED, (8, 8), "column", 4),
    (libwebp, CENTRED, CENTRED, (8, 8), "column", 4),
    (LIBYUV_JPEG, *FULL_SIZE, *NO_SHIFT),
    (LIBYUV_JPEG, CENTRED, FULL, (2, 2), "column", 2),
    (LIBYUV_JPEG, CENTRED, CENTRED, (8, 8), "column", 4),
    (LIBYUV_JPEG, *HALF_WIDTH, *NO_SHIFT),
    (LIBYUV_JPEG, *HALF_SIZE, *NO_SHIFT),
    (LIBHEIF, *HALF_SIZE, *NO_SHIFT),
]
GRAY = 63


def pixels_of(origin, luma, chroma, columns, rows, bounds):
    """R, G and B [height][width][3]; columns and rows are the cells and parts of the pixels, bounds those of cells."""
    rule, x_axis, y_axis, rounding, axis, shift = origin
    (left, right), (top, bottom) = bounds
    rounding = np.array(rounding)[columns[1]] if axis == "column" else np.array(rounding)[rows[1]][:, None]
    planes = []
    for plane in chroma:
        summed = along(plane, y_axis, *rows, top, bottom)
        summed = along(summed.T, x_axis, *columns, left, right).T
        planes.append(summed + rounding >> shift)
    return np.stack([np.clip(channel, 0, 255) for channel in rule(luma, *planes)], axis=-1)


# --- Payload ---
def decode_tile(file, payload, channels):
    """Samples [height][width][channels] of a part of a tile of the file."""
    reader = reading.Reader(payload)
    number, kinds = reader.byte(), reader.byte()
    is_coefficients = kinds & 3 == 3
    if number == GRAY and is_coefficients and channels == 1:
        origin, phases = None, (0, 0)
    else:
        reading.require(channels == 3 and number & 63 < len(ORIGINS), "the origin is invalid")
        origin, phases = ORIGINS[number & 63], (number >> 6 & 1, number >> 7)
        for axis, phase in zip(origin[1:3], phases):
            reading.require(phase < axis.step, "the phase is invalid")
    if is_coefficients:
        return decode_coefficients(file, reader, kinds, origin, phases, channels)
    return decode_planes(file, reader, kinds, origin, phases)


def exceptions(samples, kind, payload):
    """Adds the exceptions to samples, modulo 256."""
    height, width, channels = samples.shape
    reading.require(kind != 0, "exceptions are not coded with a model")
    if kind == 3:
        return samples
    return (samples + plane_of(None, kind, payload, width, height, channels)) % 256


def plane_of(file, kind, payload, width, height, channels=1):
    bound = width * height * channels
    reading.require(len(payload) == bound if kind == 2 else len(payload) <= bound, "the length of a plane is invalid")
    if kind == 2:
        return reading.unpack(payload, 8, (height, width, channels))
    if kind == 1:
        return palette.decode_tile(payload, width, height, channels, 8)
    reading.require(file.gray is not None and file.gray.scales == 1, "a plane has no model")
    reading.require(file.gray.codes_depth(8), "a model does not support the depth")
    return decode_part(file.gray, [payload], width, height, 8, file.effort)


def decode_planes(file, reader, kinds, origin, phases):
    kind_luma, kind_first, kind_second, kind_exceptions = kinds & 3, kinds >> 2 & 3, kinds >> 4 & 3, kinds >> 6
    both = kind_second == 3
    reading.require(kind_first == 0 if both else kind_first != 3, "the kind of chroma is invalid")
    has_payload = [True, True, not both, kind_exceptions != 3]
    lengths = [reader.varint() for _ in range(sum(has_payload) - 1)]
    payloads = [reader.bytes(length) for length in lengths] + [reader.rest()]
    parts = [payloads.pop(0) if has else b"" for has in has_payload]
    width, height = file.width, file.height
    columns = cells_of(origin[1], phases[0], width)
    rows = cells_of(origin[2], phases[1], height)
    luma = plane_of(file, kind_luma, parts[0], width, height)[..., 0]
    if both:
        reading.require(file.rgb is not None and file.rgb.is_photo, "chroma given luma needs a photo model")
        reading.require(len(parts[1]) <= 2 * columns[2] * rows[2], "the length of a plane is invalid")
        known = luma_of_cells(luma, columns, rows)
        chroma = np.moveaxis(chroma_given_luma(file.rgb, parts[1], known, file.effort), -1, 0)
    else:
        kinds = (kind_first, parts[1]), (kind_second, parts[2])
        chroma = [plane_of(file, kind, part, columns[2], rows[2])[..., 0] for kind, part in kinds]
    bounds = (0, columns[2] - 1), (0, rows[2] - 1)
    samples = pixels_of(origin, luma, chroma, columns[:2], rows[:2], bounds)
    return exceptions(samples, kind_exceptions, parts[3])


def luma_of_cells(luma, columns, rows):
    """The mean luma of each cell's pixels."""
    s = np.zeros((rows[2], columns[2]), np.int64)
    n = np.zeros_like(s)
    place = (rows[0][:, None], columns[0])
    np.add.at(s, place, luma)
    np.add.at(n, place, 1)
    return (2 * s + n) // (2 * n)


# --- Coefficients ---
def decode_coefficients(file, reader, kinds, origin, phases, channels):
    effort, right, below, kind_exceptions = kinds >> 2 & 3, kinds >> 4 & 1, kinds >> 5 & 1, kinds >> 6
    place = reader.byte()
    gx, gy = place & 7, place >> 3 & 7
    reading.require(effort > 0 and place >> 6 == 0, "the effort or the place of coefficients is invalid")
    reading.require(origin is None or origin[0] is JPEG, "coefficients have the rule JPEG")
    sx, sy = (origin[1].step, origin[2].step) if origin else (1, 1)
    reading.require((not right or sx == 2) and (not below or sy == 2), "the JPEG image cannot continue")
    width, height = file.width, file.height
    X, Y = sx * gx + phases[0], sy * gy + phases[1]
    columns, rows = (width - 1 + X) // sx + 1, (height - 1 + Y) // sy + 1
    shape = jpeg_record.Shape(width, height)
    steps = None
    for c in range(1 if origin is None else 3):
        steps = quantisation(reader, steps)
        size, factors = ((width + X, height + Y), (sx, sy)) if c == 0 else ((columns, rows), (1, 1))
        reading.require(max(size) <= 65536, "there are too many blocks")
        shape.components.append(jpeg_record.Component(*factors, *(-(-side // 8) for side in size), steps))
    coded = reader.bytes(reader.varint()) if kind_exceptions != 3 else reader.rest()
    blocks = jpeg.decode_coefficients(coded, shape, effort)
    planes = [samples_of_blocks(values, component.steps) for values, component in zip(blocks, shape.components)]
    luma = planes[0][Y : Y + height, X : X + width]
    if origin is None:
        samples = luma[..., None]
    else:
        axis_columns = [part[X:] for part in cells_of(origin[1], 0, width + X)[:2]]
        axis_rows = [part[Y:] for part in cells_of(origin[2], 0, height + Y)[:2]]
        last = (planes[1].shape[1] if right else columns) - 1, (planes[1].shape[0] if below else rows) - 1
        samples = pixels_of(origin, luma, planes[1:], axis_columns, axis_rows, ((0, last[0]), (0, last[1])))
    return exceptions(samples, kind_exceptions, reader.rest())


def quantisation(reader, before):
    n = reader.varint(301)
    reading.require(n < 301 or before is not None, "there is no component before")
    if n == 0:
        return np.frombuffer(reader.bytes(64), np.uint8).astype(np.int64)
    if n == 301:
        return before
    return jpeg_record.scaled_table(1 + (n - 1) // 100, 1 + (n - 1) % 100, 0)


def samples_of_blocks(coefficients, steps):
    """Samples [rows][columns] of [rows of blocks][blocks][64] coefficients."""
    h, w = coefficients.shape[:2]
    blocks = (coefficients.astype(np.int32) * steps.astype(np.int32)).reshape(h, w, 8, 8)
    columns = transform(np.moveaxis(blocks, 2, 0), 11)  # along v
    rows = transform(np.moveaxis(np.moveaxis(columns, 0, 2), 3, 0), 18)  # along u
    samples = np.clip(np.moveaxis(rows, 0, 3).astype(np.int64) + 128, 0, 255)
    return samples.transpose(0, 2, 1, 3).reshape(8 * h, 8 * w)


def transform(c, shift):
    """Of c0 .. c7 along the first axis, 32-bit integers that wrap."""
    c0, c1, c2, c3, c4, c5, c6, c7 = c
    z = (c2 + c6) * 4433
    l, h = z - c6 * 15137, z + c2 * 6270
    s, d = (c0 + c4) * 8192, (c0 - c4) * 8192
    a = (c7 + c3 + c5 + c1) * 9633
    z1, z2 = -(c7 + c1) * 7373, -(c5 + c3) * 20995
    z3, z4 = a - (c7 + c3) * 16069, a - (c5 + c1) * 3196
    o3, o2 = c7 * 2446 + z1 + z3, c5 * 16819 + z2 + z4
    o1, o0 = c3 * 25172 + z2 + z3, c1 * 12299 + z1 + z4
    results = [s + h + o0, d + l + o1, d - l + o2, s - h + o3, s - h - o3, d - l - o2, d + l - o1, s + h - o0]
    return np.stack([(r + (1 << (shift - 1))) >> shift for r in results])
