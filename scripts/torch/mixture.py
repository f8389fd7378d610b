"""Mixtures of logistics (PixelCNN++, Salimans et al. 2017), as src/train/networks/mixture.ts and the engine compute them."""

import torch

FLOOR = 2**-9  # probability mass spread evenly over the 256 values
VALUES = 256
MEAN_STEP = 8  # offset of a mean from the centre per unit of output
LOG_SCALE_OFFSET = 1
LOG_SCALE_RANGE = (-3.5, 5.5)


def mean_bits(parameters: torch.Tensor, centres: torch.Tensor, values: torch.Tensor, components: int) -> torch.Tensor:
    """Returns the mean of -log2 p. Parameters [n, channels, P]: K weights, means and log scales; the rest is unused."""
    weights, means, scales = (parameters.float()[..., i * components : (i + 1) * components] for i in range(3))
    centres, values = centres.unsqueeze(2), values.unsqueeze(2)
    distances = values - centres - MEAN_STEP * means
    precisions = torch.exp(-torch.clamp(scales + LOG_SCALE_OFFSET, *LOG_SCALE_RANGE))
    # The mass is computed below the mean, where differences of the CDF are exact enough.
    lengths = distances.abs()
    side = torch.where(distances >= 0, 1.0, -1.0)
    # The lowest value includes all mass below it, the highest all above it.
    outward = torch.relu(values - (VALUES - 2)) - torch.relu(1 - values)
    near = torch.maximum(torch.sigmoid((0.5 - lengths) * precisions), -outward * side)
    far = torch.minimum(torch.sigmoid((-0.5 - lengths) * precisions), 1 - outward * side)
    mixed = (torch.softmax(weights, 2) * (near - far)).sum(2)
    return -torch.log2(mixed * (1 - FLOOR) + FLOOR / VALUES).mean()
