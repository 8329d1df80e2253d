"""One case in a Python library, in a process of its own: prints one JSON line, of the same form as bench/case-process.ts.

    python3 peers.py CASE --data FOLDER [--threads 2] [--steps 60] [--inferences 3]

FOLDER holds MNIST's four idx files, or for the convolutional cases what bench/image-set.ts writes. Needs torch, numpy; snntorch and spikingjelly for their cases.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from functools import partial

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


def as_floats(images, layout=torch.contiguous_format):
    return (images.to(torch.float32) / 255).contiguous(memory_format=layout)


class Case:
    """`net`: what is trained. `loss` and `classify` run it; `after`: what a step leaves to do."""

    layout = torch.contiguous_format
    rate = 1e-3

    def after(self):
        pass

    def spiking(self):
        """Modules that spike."""
        return []


class PlainNetwork(Case):
    """The ANN: cross entropy of logits."""

    def __init__(self):
        sizes = [784, 256, 256, 10]
        layers = []
        for inputs, outputs in zip(sizes, sizes[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        self.net = nn.Sequential(*layers[:-1])

    def loss(self, x, y):
        return functional.cross_entropy(self.net(x), y)

    def classify(self, x):
        return self.net(x).argmax(1)


class SnnTorch(Case):
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


class SpikingJelly(Case):
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


FILTERS = [(32, False), (32, True), (64, False), (64, True), (128, True)]


def five_layers(conv, activation, pool, flatten, linear):
    """3x3 convolutions, each with its activation, some with an average pool; then a dense layer."""
    channels, layers = 3, []
    for filters, pooled in FILTERS:
        layers += [conv(channels, filters, 3, padding=1), activation()]
        if pooled:
            layers.append(pool(2))
        channels = filters
    return [*layers, flatten(), linear(channels * 4 * 4, 10)]


class ConvolutionalNetwork(Case):
    """The ANN: cross entropy of logits."""

    def __init__(self, last):
        self.net = nn.Sequential(*five_layers(nn.Conv2d, nn.ReLU, nn.AvgPool2d, nn.Flatten, nn.Linear))
        use_layout(self, last)

    def loss(self, x, y):
        return functional.cross_entropy(self.net(x), y)

    def classify(self, x):
        return self.net(x).argmax(1)


class ConvolutionalSnnTorch(Case):
    """Leaky neurons with states handed on by the caller, step by step."""

    def __init__(self, last):
        import snntorch
        from snntorch import functional as losses

        def leaky():
            return snntorch.Leaky(beta=0.9)

        layers = [*five_layers(nn.Conv2d, leaky, nn.AvgPool2d, nn.Flatten, nn.Linear), leaky()]
        self.net, self.leaky = nn.ModuleList(layers), snntorch.Leaky
        self.rate_loss = losses.ce_rate_loss()
        self.steps = 5
        use_layout(self, last)

    def spiking(self):
        return [layer for layer in self.net if isinstance(layer, self.leaky)]

    def run(self, x):
        states = {layer: layer.reset_mem() for layer in self.spiking()}
        spikes = []
        for _ in range(self.steps):
            value = x
            for layer in self.net:
                if layer in states:
                    value, states[layer] = layer(value, states[layer])
                else:
                    value = layer(value)
            spikes.append(value)
        return torch.stack(spikes)

    def loss(self, x, y):
        return self.rate_loss(self.run(x), y)

    def classify(self, x):
        return self.run(x).sum(0).argmax(1)


class ConvolutionalSpikingJelly(Case):
    """LIFNode with hard reset and ATan, in single-step or multi-step mode."""

    def __init__(self, mode, last):
        from spikingjelly.activation_based import functional as steps
        from spikingjelly.activation_based import layer, neuron, surrogate

        def lif():
            return neuron.LIFNode(tau=2.0, surrogate_function=surrogate.ATan())

        layers = five_layers(layer.Conv2d, lif, layer.AvgPool2d, layer.Flatten, layer.Linear)
        self.net, self.lif = nn.Sequential(*layers, lif()), neuron.LIFNode
        steps.set_step_mode(self.net, mode)
        self.reset = steps.reset_net
        self.multi = mode == "m"
        self.steps = 5
        use_layout(self, last)

    def spiking(self):
        return [layer for layer in self.net if isinstance(layer, self.lif)]

    def rates(self, x):
        if self.multi:
            return self.net(x.expand(self.steps, *x.shape)).mean(0)
        return sum(self.net(x) for _ in range(self.steps)) / self.steps

    def loss(self, x, y):
        return functional.mse_loss(self.rates(x), functional.one_hot(y, 10).to(torch.float32))

    def classify(self, x):
        classes = self.rates(x).argmax(1)
        self.reset(self.net)
        return classes

    def after(self):
        self.reset(self.net)


def use_layout(case, last):
    """Maps with their channels last, if so."""
    if last:
        case.layout = torch.channels_last
        case.net.to(memory_format=torch.channels_last)


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
for suffix, channels_last in (("", False), ("-channels-last", True)):
    CASES |= {
        "cnn-ann" + suffix: partial(ConvolutionalNetwork, channels_last),
        "cnn-snntorch" + suffix: partial(ConvolutionalSnnTorch, channels_last),
        "cnn-spikingjelly-multi" + suffix: partial(ConvolutionalSpikingJelly, "m", channels_last),
        "cnn-spikingjelly-single" + suffix: partial(ConvolutionalSpikingJelly, "s", channels_last),
    }


def mnist(folder):
    images, labels = idx(folder + "train-images-idx3-ubyte", 16, -1, 784), idx(folder + "train-labels-idx1-ubyte", 8, -1)
    tests, answers = idx(folder + "t10k-images-idx3-ubyte", 16, -1, 784), idx(folder + "t10k-labels-idx1-ubyte", 8, -1)
    return images, labels.long(), tests, answers.long()


def pictures(folder):
    """Maps [samples, channels, height, width]."""
    read = lambda name, *shape: idx(folder + name + ".u8", 0, *shape)  # noqa: E731
    images, tests = (read(part + "-images", -1, 32, 32, 3).permute(0, 3, 1, 2) for part in ("train", "test"))
    return images, read("train-labels", -1).long(), tests, read("test-labels", -1).long()


def set_weights(case, path):
    """Values of a file, in the order of the network: kernels [ky, kx, channel, filter], the dense matrix [y, x, channel, unit]."""
    values, at = torch.from_numpy(np.fromfile(path, dtype=np.float32)), 0
    with torch.no_grad():
        for parameter in case.net.parameters():
            part, at = values[at : at + parameter.numel()], at + parameter.numel()
            if parameter.dim() == 4:
                filters, channels, height, width = parameter.shape
                part = part.reshape(height, width, channels, filters).permute(3, 2, 0, 1)
            elif parameter.dim() == 2:
                part = part.reshape(4, 4, -1, parameter.shape[0]).permute(3, 2, 0, 1).reshape(parameter.shape)
            parameter.copy_(part)
    if at != len(values):
        raise SystemExit(f"{path} holds {len(values)} values, the network has {at} parameters")


@torch.inference_mode()
def firing_rates(case, x):
    """Spikes a neuron and step of each layer, over one batch."""
    layers = case.spiking()
    spikes, updates = [0.0] * len(layers), [0] * len(layers)

    def hook(k):
        def count(_, __, output):
            fired = output[0] if isinstance(output, tuple) else output
            spikes[k] += float(fired.sum())
            updates[k] += fired.numel()

        return count

    handles = [layer.register_forward_hook(hook(k)) for k, layer in enumerate(layers)]
    case.classify(x)
    for handle in handles:
        handle.remove()
    return [{"layer": f"lif{k + 1}", "last": spikes[k] / updates[k]} for k in range(len(layers))]


def train(case, images, labels, steps):
    """Batches are made before the clock runs: data loading is no part of a step."""
    optimizer = torch.optim.Adam(case.net.parameters(), lr=case.rate)
    count = min(POOL, steps + steps // 4, len(images) // BATCH)
    batches = [
        (as_floats(images[k * BATCH : (k + 1) * BATCH], case.layout), labels[k * BATCH : (k + 1) * BATCH])
        for k in range(count)
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
    """MNIST as floats is small enough to be made beforehand; of maps each batch is, with the clock stopped."""
    case.net.eval()
    timer, right = Timer(), 0
    pixels = as_floats(images) if images.dim() == 2 else None
    for _ in range(times):
        right, spent = 0, 0.0
        for first in range(0, len(images), BATCH):
            part = slice(first, first + BATCH)
            x = as_floats(images[part], case.layout) if pixels is None else pixels[part]
            start = time.perf_counter()
            right += int((case.classify(x) == labels[part]).sum())
            spent += time.perf_counter() - start
        timer.milliseconds.append(1e3 * spent)
    return timer.summary(), right / len(images)


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
    case = CASES[options.case]()
    convolutional = options.case.startswith("cnn")
    images, labels, tests, answers = (pictures if convolutional else mnist)(folder)
    if convolutional:
        set_weights(case, folder + "-".join(options.case.split("-")[:2]) + ".f32")
    step, losses = train(case, images, labels, options.steps)
    inference, accuracy = infer(case, tests, answers, options.inferences)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "step": step,
        "inference": inference,
        "images": len(tests),
        "peakMiB": peak,
        "firstLoss": losses[0],
        "lastLoss": losses[-1],
        "accuracy": accuracy,
        "rates": firing_rates(case, as_floats(images[:BATCH], case.layout)),
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
