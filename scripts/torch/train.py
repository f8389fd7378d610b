"""Trains a photo network on the records of `npm run training-records`; docs/TRAINING.md describes its use:

torchrun --standalone --nproc-per-node 2 scripts/torch/train.py RECORDS MODEL RUN --steps N
"""

import argparse
import ctypes
import json
import math
import os
import time

import torch
import torch.distributed as dist

from muon import Muon
from network import PhotoNetwork
from parameters import Parameters
from records import Records

WARMUP = 200
FINAL = 0.02  # the last rate, as a share of the peak
CHECKED = 25  # steps between two looks at the file that stops the run
PART = 20  # images evaluated at once
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("records", help="directory of records")
    parser.add_argument("model", help="model to begin with, of a run of `pixrnn train`")
    parser.add_argument("run", help="directory of the run; a file `stop` in it ends the run")
    parser.add_argument("--steps", type=int, required=True, help="total steps, including those before --resume")
    parser.add_argument("--resume", action="store_true", help="continue from the checkpoint")
    parser.add_argument("--rate", type=float, default=0.004, help="peak learning rate")
    parser.add_argument("--batch", type=int, default=32, help="crops per step, of all processes together")
    parser.add_argument("--momentum", type=float, default=0.95, help="decay of the mean gradient")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the running mean of the weights")
    parser.add_argument("--every", type=int, default=250, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=1, help="seed of the order of crops")
    return parser.parse_args()


def learning_rate(step: int, steps: int, peak: float) -> float:
    """As src/train/learning-rate.ts."""
    if step < WARMUP:
        return peak * (step + 1) / WARMUP
    done = min(1, (step - WARMUP) / max(1, steps - WARMUP))
    return peak * (FINAL + (1 - FINAL) * 0.5 * (1 + math.cos(math.pi * done)))


def keep_memory() -> None:
    """Makes glibc reuse the memory of earlier steps, instead of getting and clearing pages in each step."""
    libc = ctypes.CDLL(None)
    for option, value in ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, 2**31 - 1), (M_TOP_PAD, 2**28)):
        libc.mallopt(option, value)


class Ranks:
    """The processes of torchrun; one without it."""

    def __init__(self) -> None:
        self.rank, self.count = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        if self.count > 1:
            dist.init_process_group("gloo")

    def mean(self, values: torch.Tensor) -> torch.Tensor:
        if self.count > 1:
            dist.all_reduce(values)
            values.div_(self.count)
        return values


class Run:
    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.ranks = args, Ranks()
        self.records, self.parameters = Records(args.records), Parameters(args.model)
        self.network = PhotoNetwork(self.parameters, self.records)
        self.optimizer = Muon(self.parameters, args.momentum, args.average)
        self.step, self.seconds = 0, 0.0
        os.makedirs(args.run, exist_ok=True)
        if not args.resume and os.path.exists(self._file("checkpoint.pt")):
            raise SystemExit(f"{args.run} contains a run. Continue it with --resume, or name another directory.")
        if self.ranks.rank == 0 and self._is_stopped_by_file():
            os.remove(self._file("stop"))
        if args.resume:
            state = torch.load(self._file("checkpoint.pt"))
            self.optimizer.restore(state)
            self.step, self.seconds = state["step"], state["seconds"]

    def train(self) -> None:
        args, ranks = self.args, self.ranks
        batches = self.records.batches(args.batch, self.step, args.seed, ranks.rank, ranks.count)
        losses: list[float] = []
        while self.step < args.steps:
            begin = time.monotonic()
            losses.append(self.network.mean_bits(next(batches), with_gradient=True))
            gradient = ranks.mean(self.network.gradient)
            self.optimizer.step(gradient, learning_rate(self.step, args.steps, args.rate))
            self.seconds += time.monotonic() - begin
            self.step += 1
            stopped = self.step % CHECKED == 0 and self._is_stopped()
            if self.step % args.every == 0 or self.step == args.steps or stopped:
                self._record(sum(losses) / len(losses))
                losses = []
            if stopped:
                return

    def _is_stopped(self) -> bool:
        """All processes agree, even if the file appears while they look."""
        return self.ranks.mean(torch.tensor([float(self._is_stopped_by_file())])).item() > 0

    def _is_stopped_by_file(self) -> bool:
        return os.path.exists(self._file("stop"))

    def _record(self, trained: float) -> None:
        held_out = self._evaluate()
        if self.ranks.rank > 0:
            return
        state = {**self.optimizer.state(), "step": self.step, "seconds": self.seconds}
        torch.save(state, self._file("checkpoint.new"))
        os.replace(self._file("checkpoint.new"), self._file("checkpoint.pt"))
        self.parameters.save(self._file("model.safetensors"), self.optimizer.mean, self._notes())
        line = json.dumps({"step": self.step, "seconds": round(self.seconds), "train": trained, "heldOut": held_out})
        print(line, flush=True)
        with open(self._file("log.ndjson"), "a") as log:
            log.write(f"{line}\n")

    def _notes(self) -> dict:
        args, records = self.args, self.records
        chosen = {"batch": args.batch, "crop": records.side, "momentum": args.momentum, "average": args.average}
        run = {"steps": self.step, "seconds": round(self.seconds), "images": records.train}
        return {**run, **chosen, "optimizer": "muon", "backend": "PyTorch"}

    def _evaluate(self) -> float:
        """Returns bits/dim of the held-out images by the mean of the weights."""
        values = self.parameters.values
        kept = values.clone()
        values.copy_(self.optimizer.mean)
        count, sum_of_means = self.records.valid, 0.0
        for first in range(PART * self.ranks.rank, count, PART * self.ranks.count):
            last = min(first + PART, count)
            sum_of_means += (last - first) * self.network.mean_bits(
                self.records.validation(first, last), with_gradient=False
            )
        values.copy_(kept)
        return self.ranks.mean(torch.tensor([sum_of_means], dtype=torch.float64)).item() * self.ranks.count / count

    def _file(self, name: str) -> str:
        return os.path.join(self.args.run, name)


if __name__ == "__main__":
    keep_memory()
    torch.manual_seed(0)
    Run(options()).train()
    os._exit(0)  # the reading thread waits for ever
