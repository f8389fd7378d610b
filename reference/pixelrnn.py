"""docs/format/pixelrnn.md: the networks of the paper, a step for each channel of each pixel."""

import numpy as np

from .arithmetic import F32, ONE, ZERO, BitF, MixtureF, SoftmaxF, chain, exp32


# --- Tensors ---
def tensor_names(spec):
    names = ["input.weight", "input.bias"]
    condition = "condition" in spec
    if condition:
        names += [f"upsample.{part}.{kind}" for part in ("conv", "deconv") for kind in ("weight", "bias")]
    lstm = ["input.weight", "input.bias", "state.weight"]
    layer = {
        "pixelcnn": ["reduce.weight", "reduce.bias", "conv.weight", "conv.bias"],
        "row-lstm": lstm,
        "diagonal-bilstm": [f"{side}.{name}" for side in ("left", "right") for name in lstm],
    }[spec["architecture"]]
    layer = [*layer, "expand.weight", "expand.bias"]
    if spec.get("skip"):
        layer += ["skip.weight", "skip.bias"]
    if condition:
        layer += ["condition.weight"]
    names += [f"block.{i}.{name}" for i in range(spec["blocks"]) for name in layer]
    last = "output" if "output" in spec else "softmax"
    return [*names, "head.weight", "head.bias", f"{last}.weight", f"{last}.bias"]


# --- Layers ---
def layer(start, inputs, weights):
    """Sums that start with `start` and add inputs times rows of weights, one after the other."""
    return chain(np.concatenate([start[None], inputs[:, None] * weights]))


def relu(v):
    return np.where(v > 0, v, ZERO)


def squash(d):
    d = np.asarray(d, F32)
    return F32(4) * d / (np.abs(d) + F32(12))


# --- LSTM layers ---
def sigmoid(x):
    e = exp32(-np.fmin(np.abs(x), F32(30)))
    return np.where(x >= 0, ONE, e) / (ONE + e)


def tanh(x):
    e = exp32(-np.fmin(F32(2) * np.abs(x), F32(30)))
    t = (ONE - e) / (ONE + e)
    return np.where(x >= 0, t, -t)


def lstm_step(z, previous):
    """z: sums of the gates o, f, i, g [4][features]; returns h and the cell."""
    o, f, i, g = z
    cell = sigmoid(f) * previous + sigmoid(i) * tanh(g)
    cell = np.where(np.abs(cell) < F32(1e-20), ZERO, cell)
    return sigmoid(o) * tanh(cell), cell


# --- Network ---

WINDOW = [(dx, dy) for dy in (-3, -2, -1) for dx in range(-3, 4)] + [(dx, 0) for dx in (-3, -2, -1)]


class Network:
    """Predicts a tile of samples [height][width][channels], which the caller fills; `small` is the small image."""

    def __init__(self, spec, tensors, samples, small=None):
        self.spec, self.tensors, self.samples, self.small = spec, tensors, samples, small
        self.height, self.width, self.C = samples.shape
        self.h, self.layers = spec["hidden"], spec["blocks"]
        self.output = spec.get("output", "softmax")
        self.residual, self.skip = spec.get("residual", True), spec.get("skip", False)
        self.is_local = spec["frame"] == "local"
        self.map = None if small is None else self._map_of_the_small_image()
        kind = {"pixelcnn": PixelCnnLayer, "row-lstm": RowLstmLayer, "diagonal-bilstm": DiagonalLayer}
        self.blocks = [kind[spec["architecture"]](self, f"block.{i}.") for i in range(self.layers)]

    def group(self, g, size):
        """The features of group g of `size` ones."""
        return slice(g * size // self.C, (g + 1) * size // self.C)

    def up_to(self, g, size):
        """The features of the groups 0 to g: those that mask B shows to group g."""
        return slice(0, (g + 1) * size // self.C)

    def masked(self, name, x, g, before=None):
        """Outputs of group g of a layer with mask B, of the inputs x of the groups up to g."""
        weight = self.tensors[name + ".weight"]
        rows, columns = self.up_to(g, weight.shape[0]), self.group(g, weight.shape[1])
        start = self.tensors[name + ".bias"][columns] if before is None else before
        return layer(start, x[rows], weight[rows, columns])

    # --- Base values ---
    def _bases(self, x, y):
        s = self.samples
        if not self.is_local:
            return [128] * self.C
        if self.small is not None:
            return [self._base_of_small(x, y, c) for c in range(self.C)]
        if y == 0:
            return [128] * self.C if x == 0 else s[0, x - 1].tolist()
        north = s[y - 1, x]
        west, north_west = (s[y, x - 1], s[y - 1, x - 1]) if x > 0 else (north, north)
        north_east = s[y - 1, x + 1] if x < self.width - 1 else north
        return np.clip((2 * (west + north) + north_east - north_west + 2) // 4, 0, 255).tolist()

    def _base_of_small(self, x, y, c):
        f, S = self.spec["condition"]["factor"], self.small
        X, a = divmod(x, f)
        Y, b = divmod(y, f)
        X1, Y1 = min(X + 1, S.shape[1] - 1), min(Y + 1, S.shape[0] - 1)
        above, below = ((f - a) * S[row, X, c] + a * S[row, X1, c] for row in (Y, Y1))
        return int(((f - b) * above + b * below + f * f // 2) // (f * f))

    # --- The map of the small image ---
    def _map_of_the_small_image(self):
        S = self.small
        height, width, C = S.shape
        f, F = self.spec["condition"]["factor"], self.spec["condition"]["features"]
        t = self.tensors
        result = np.zeros((height * f, width * f, F), F32)
        for Y in range(height):
            for X in range(width):
                centre = S[Y, X] if self.is_local else 128
                places = [(Y + dy, X + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
                inputs = [
                    squash(S[y, x] - centre) if 0 <= x < width and 0 <= y < height else np.zeros(C, F32) for y, x in places
                ]
                v = relu(layer(t["upsample.conv.bias"], np.concatenate(inputs), t["upsample.conv.weight"]))
                w = relu(layer(t["upsample.deconv.bias"], v, t["upsample.deconv.weight"]))
                result[Y * f : Y * f + f, X * f : X * f + f] = w.reshape(f, f, F)
        return result

    # --- A pixel ---
    def begin_pixel(self, x, y):
        self.x, self.y = x, y
        self.bases = self._bases(x, y)
        scale = 255 if self.output == "bernoulli" else 1
        places = [(y + dy, x + dx) for dx, dy in WINDOW]
        inputs = [
            squash(scale * self.samples[v, u] - self.bases) if 0 <= u < self.width and 0 <= v else np.zeros(self.C, F32)
            for v, u in places
        ]
        inputs.append((np.array(self.bases, F32) - F32(128)) / F32(128))
        self.inputs = np.concatenate([*inputs, np.zeros(self.C - 1, F32)])
        self.u = np.zeros((self.layers + 1, 2 * self.h), F32)
        self.s = np.zeros(2 * self.h, F32)
        self.hidden = np.zeros(self.spec["head"], F32)
        for block in self.blocks:
            block.begin_pixel(x, y)

    def distribution(self, c):
        C, t = self.C, self.tensors
        visible, columns = 25 * C + c, self.group(c, 2 * self.h)
        self.u[0, columns] = layer(t["input.bias"][columns], self.inputs[:visible], t["input.weight"][:visible, columns])
        for i, block in enumerate(self.blocks):
            inner = block.step(self.u[i], c)
            expanded = self.masked(f"block.{i}.expand", inner, c)
            self.u[i + 1, columns] = expanded + self.u[i, columns] if self.residual else expanded
            if self.skip:
                skipped = self.masked(f"block.{i}.skip", inner, c)
                self.s[columns] = self.s[columns] + skipped if i > 0 else skipped
        last = self.u[-1, self.up_to(c, 2 * self.h)]
        if self.skip:
            last = self.s[self.up_to(c, 2 * self.h)] + last
        self.hidden[self.group(c, len(self.hidden))] = relu(self.masked("head", relu(last), c))
        outputs = self.masked("softmax" if self.output == "softmax" else "output", self.hidden, c)
        return self._distribution(outputs, c)

    # --- Outputs ---
    def _distribution(self, outputs, c):
        if self.output == "bernoulli":
            return BitF(outputs[0])
        centre = self.bases[c]
        if self.is_local and c > 0:
            centre = min(max(centre + int(self.samples[self.y, self.x, c - 1]) - self.bases[c - 1], 0), 255)
        if self.output == "softmax":
            return SoftmaxF(outputs, centre)
        K = self.spec["components"]
        return MixtureF(outputs[:K], outputs[K : 2 * K], outputs[2 * K :], centre, 8)

    def predictions(self, c):
        return None, None  # the mixer computes its own

    def observe(self, c, value):
        if c < self.C - 1:
            self.inputs[25 * self.C + c] = squash(value - self.bases[c])

    def end_pixel(self):
        if self.x == self.width - 1:
            for block in self.blocks:
                block.end_row(self.y)


class Layer:
    """What the layers have in common. Maps have a row above the tile, and a column left and right of it."""

    def __init__(self, network, name):
        self.net, self.name, self.h, self.tensors = network, name, network.h, network.tensors

    def blank_map(self, features):
        return np.zeros((self.net.height + 1, self.net.width + 2, features), F32)

    def begin_pixel(self, x, y):
        self.at, self.inner = (y + 1, x + 1), np.zeros(self.h, F32)

    def end_row(self, y):
        pass

    def condition(self, start, columns):
        """Continues sums with the condition of the map, if there is one."""
        if self.net.map is None:
            return start
        x = self.net.map[self.at[0] - 1, self.at[1] - 1]
        return layer(start, x, self.tensors[self.name + "condition.weight"][:, columns])


class PixelCnnLayer(Layer):
    def __init__(self, network, name):
        super().__init__(network, name)
        self.r = self.blank_map(self.h)

    def step(self, u, g):
        net, h, r = self.net, self.h, self.r
        y, x = self.at
        own = net.group(g, h)
        start = self.condition(self.tensors[self.name + "reduce.bias"][own], own)
        r[y, x, own] = relu(net.masked(self.name + "reduce", relu(u), g, start))
        visible = net.up_to(g, h)
        inputs = np.concatenate([r[y - 1, x - 1], r[y - 1, x], r[y - 1, x + 1], r[y, x - 1], r[y, x, visible]])
        weight = self.tensors[self.name + "conv.weight"][: len(inputs), own]
        self.inner[own] = relu(layer(self.tensors[self.name + "conv.bias"][own], inputs, weight))
        return self.inner


class RowLstmLayer(Layer):
    def __init__(self, network, name):
        super().__init__(network, name)
        self.u, self.states, self.cells = self.blank_map(2 * self.h), self.blank_map(self.h), self.blank_map(self.h)

    def step(self, u, g):
        net, h, t = self.net, self.h, self.tensors
        y, x = self.at
        self.u[y, x] = u
        columns, own = net.group(g, 4 * h), net.group(g, h)
        sums = self.condition(t[self.name + "input.bias"][columns], columns)
        above = self.states[y - 1, x - 1 : x + 2].reshape(-1)
        sums = layer(sums, above, t[self.name + "state.weight"][:, columns])
        inputs = np.concatenate([self.u[y, x - 1], u[net.up_to(g, 2 * h)]])
        sums = layer(sums, inputs, t[self.name + "input.weight"][: len(inputs), columns])
        state, cell = lstm_step(sums.reshape(4, -1), self.cells[y - 1, x, own])
        self.states[y, x, own], self.cells[y, x, own] = state, cell
        return self.states[y, x]


class DiagonalLayer(Layer):
    def __init__(self, network, name):
        super().__init__(network, name)
        self.left, self.cells = self.blank_map(self.h), self.blank_map(self.h)
        self.right, self.right_cells = self.blank_map(self.h), self.blank_map(self.h)
        self.row = np.zeros((network.width, 2 * self.h), F32)

    def step(self, u, g):
        net, h, t = self.net, self.h, self.tensors
        y, x = self.at
        self.row[x - 1] = u
        columns, own = net.group(g, 4 * h), net.group(g, h)
        sums = self.condition(t[self.name + "left.input.bias"][columns], columns)
        before = np.concatenate([self.left[y - 1, x], self.left[y, x - 1]])
        sums = layer(sums, before, t[self.name + "left.state.weight"][:, columns])
        sums = net.masked(self.name + "left.input", u, g, sums)
        self.left[y, x, own], self.cells[y, x, own] = lstm_step(sums.reshape(4, -1), self.cells[y, x - 1, own])
        self.inner[own] = self.left[y, x, own] + self.right[y - 1, x, own]
        return self.inner

    def end_row(self, y):
        """The row from the right, from its last pixel to its first."""
        net, h, t = self.net, self.h, self.tensors
        for x in range(net.width - 1, -1, -1):
            self.begin_pixel(x, y)
            Y, X = self.at
            before = np.concatenate([self.right[Y - 1, X], self.right[Y, X + 1]])
            for g in range(net.C):
                columns, own = net.group(g, 4 * h), net.group(g, h)
                shifted = slice(4 * h + columns.start, 4 * h + columns.stop)
                sums = self.condition(t[self.name + "right.input.bias"][columns], shifted)
                sums = net.masked(self.name + "right.input", self.row[x], g, sums)
                sums = layer(sums, before, t[self.name + "right.state.weight"][:, columns])
                previous = self.right_cells[Y, X + 1, own]
                self.right[Y, X, own], self.right_cells[Y, X, own] = lstm_step(sums.reshape(4, -1), previous)
