"""One case in a Python library, in a process of its own: prints one JSON line, of the same form as bench/case-process.ts.

    python3 peers.py CASE --data FOLDER [--threads 2] [--steps 60] [--inferences 3]

FOLDER holds MNIST's four idx files. Needs torch, numpy; snntorch and spikingjelly for their cases.
"""

import argparse
import json
import resource
import statistics
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

BATCH = 128
POOL = 40


class Timer:
    def __init__(self):
        self.milliseconds = []

    def __enter__(self):
        self.start = time.perf_counter()

    def __exit__(self, *_):
        self.milliseconds.append(1e3 * (time.perf_counter() - self.start))

    def summary(self, skip=0):
        counted = self.milliseconds[skip:]
        return {"min": min(counted), "median": statistics.median(counted), "runs": len(counted)}


def idx(path, header, *shape):
    return torch.from_numpy(np.fromfile(path, dtype=np.uint8)[header:].reshape(shape))


def as_floats(images):
    return images.to(torch.float32) / 255


class PlainNetwork:
    """The ANN: cross entropy of logits."""

    def __init__(self):
        sizes = [784, 256, 256, 10]
        layers = []
        for inputs, outputs in zip(sizes, sizes[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        self.net = nn.Sequential(*layers[:-1])
        self.rate = 1e-3

    def loss(self, x, y):
        return functional.cross_entropy(self.net(x), y)

    def classify(self, x):
        return self.net(x).argmax(1)

    def after(self):
        pass


class SnnTorch:
    """Leaky neurons, step by step as in its tutorials. `hoisted`: the first layer's constant product once, by hand."""

    def __init__(self, sizes, encoded=False, membrane_loss=False, hoisted=False, rate=1e-3):
        import snntorch
        from snntorch import functional as losses
        from snntorch import spikegen

        self.dense = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.neurons = nn.ModuleList(snntorch.Leaky(beta=0.95) for _ in sizes[1:])
        self.net = nn.ModuleList([self.dense, self.neurons])
        self.encode = spikegen.rate if encoded else None
        self.hoisted, self.membrane_loss, self.rate = hoisted, membrane_loss, rate
        self.count_loss = losses.mse_count_loss(correct_rate=0.8, incorrect_rate=0.2)
        self.steps = 25

    def run(self, x):
        states = [neuron.reset_mem() for neuron in self.neurons]
        inputs = self.encode(x, num_steps=self.steps) if self.encode else None
        constant = self.dense[0](x) if self.hoisted else None
        spikes, membranes = [], []
        for step in range(self.steps):
            value = x if inputs is None else inputs[step]
            for k, neuron in enumerate(self.neurons):
                current = constant if self.hoisted and k == 0 else self.dense[k](value)
                value, states[k] = neuron(current, states[k])
            spikes.append(value)
            membranes.append(states[-1])
        return torch.stack(spikes), torch.stack(membranes)

    def loss(self, x, y):
        spikes, membranes = self.run(x)
        if not self.membrane_loss:
            return self.count_loss(spikes, y)
        return sum(functional.cross_entropy(membrane, y) for membrane in membranes)

    def classify(self, x):
        return self.run(x)[0].sum(0).argmax(1)

    def after(self):
        pass


class SpikingJelly:
    """LIF with hard reset and ATan, Poisson input, in single-step or multi-step mode."""

    def __init__(self, mode):
        from spikingjelly.activation_based import encoding, layer, neuron, surrogate
        from spikingjelly.activation_based import functional as steps

        def lif():
            return neuron.LIFNode(tau=2.0, surrogate_function=surrogate.ATan())

        self.net = nn.Sequential(
            layer.Linear(784, 256, bias=False), lif(), layer.Linear(256, 10, bias=False), lif()
        )
        steps.set_step_mode(self.net, mode)
        self.reset = steps.reset_net
        self.encode = encoding.PoissonEncoder()
        self.multi = mode == "m"
        self.steps, self.rate = 20, 1e-3

    def rates(self, x):
        if self.multi:
            return self.net(self.encode(x.expand(self.steps, *x.shape))).mean(0)
        total = 0.0
        for _ in range(self.steps):
            total = total + self.net(self.encode(x))
        return total / self.steps

    def loss(self, x, y):
        return functional.mse_loss(self.rates(x), functional.one_hot(y, 10).to(torch.float32))

    def classify(self, x):
        classes = self.rates(x).argmax(1)
        self.reset(self.net)
        return classes

    def after(self):
        self.reset(self.net)


TWO_HIDDEN = [784, 256, 256, 10]
CASES = {
    "ann": PlainNetwork,
    "static": lambda: SnnTorch(TWO_HIDDEN),
    "static-hoisted": lambda: SnnTorch(TWO_HIDDEN, hoisted=True),
    "rate": lambda: SnnTorch(TWO_HIDDEN, encoded=True),
    "wide": lambda: SnnTorch([784, 1000, 10], membrane_loss=True, rate=5e-4),
    "wide-hoisted": lambda: SnnTorch([784, 1000, 10], membrane_loss=True, hoisted=True, rate=5e-4),
    "poisson-single": lambda: SpikingJelly("s"),
    "poisson-multi": lambda: SpikingJelly("m"),
}


def train(case, images, labels, steps):
    """Batches are made before the clock runs: data loading is no part of a step."""
    optimizer = torch.optim.Adam(case.net.parameters(), lr=case.rate)
    count = min(POOL, steps + steps // 4)
    batches = [
        (as_floats(images[k * BATCH : (k + 1) * BATCH]), labels[k * BATCH : (k + 1) * BATCH]) for k in range(count)
    ]
    warmup = -(-steps // 4)
    timer, losses = Timer(), []
    case.net.train()
    for step in range(warmup + steps):
        x, y = batches[step % count]
        with timer:
            loss = case.loss(x, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            case.after()
            losses.append(float(loss.detach()))
    return timer.summary(warmup), losses


@torch.inference_mode()
def infer(case, images, labels, times):
    case.net.eval()
    timer, right = Timer(), 0
    pixels = as_floats(images)
    for _ in range(times):
        right = 0
        with timer:
            for first in range(0, len(pixels), BATCH):
                classes = case.classify(pixels[first : first + BATCH])
                right += int((classes == labels[first : first + BATCH]).sum())
    return timer.summary(), right / len(pixels)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case", choices=[*CASES, "matmul", "versions"])
    parser.add_argument("--data")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--inferences", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    if options.case == "versions":
        return versions()
    if options.case == "matmul":
        return matmul()
    folder = options.data.rstrip("/") + "/"
    images, labels = idx(folder + "train-images-idx3-ubyte", 16, -1, 784), idx(folder + "train-labels-idx1-ubyte", 8, -1)
    tests, answers = idx(folder + "t10k-images-idx3-ubyte", 16, -1, 784), idx(folder + "t10k-labels-idx1-ubyte", 8, -1)
    case = CASES[options.case]()
    step, losses = train(case, images, labels.long(), options.steps)
    inference, accuracy = infer(case, tests, answers.long(), options.inferences)
    return {
        "step": step,
        "inference": inference,
        "images": len(tests),
        "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "firstLoss": losses[0],
        "lastLoss": losses[-1],
        "accuracy": accuracy,
    }


def versions():
    from importlib.metadata import version

    config = torch.__config__.show()
    blas = "MKL" if "BLAS_INFO=mkl" in config else "the system's BLAS"
    packages = {name: version(name) for name in ("torch", "numpy", "snntorch", "spikingjelly")}
    return {"python": sys.version.split()[0], "blas": blas, **packages}


def matmul():
    """Is this a good BLAS? A reference one is fifty times slower, and then all ratios are worthless."""
    a, b = torch.rand(1024, 1024), torch.rand(1024, 1024)
    timer = Timer()
    for _ in range(20):
        with timer:
            a @ b
    return {"gflops": 2 * 1024**3 / (timer.summary()["min"] * 1e6)}


if __name__ == "__main__":
    print(json.dumps(main()))
