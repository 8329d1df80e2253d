// FGSM and PGD against what snnTorch, SpikingJelly and PyTorch's automatic differentiation give: the gradient by the input, the
// perturbed images, and what the network says to them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from '../../src/data/index.ts';
import type { Backend, LossKind } from '../../src/engine/index.ts';
import { dense, dialects, type NeuronSpec, network, slot, type Weights } from '../../src/model/index.ts';
import {
  type AttackSettings,
  type Images,
  openClassifier,
  openDifferentiator,
  openPixels,
  perturb,
  type Subject,
} from '../../src/robustness/index.ts';
import { assertClose, assertSame, GOLDEN_TOLERANCES as TOLERANCE } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { floats, type GoldenTensor, inOut, readGolden } from './files.ts';

interface Case {
  readonly name: string;
  readonly init: Readonly<Record<string, GoldenTensor>>;
  readonly input: GoldenTensor;
  readonly targets: GoldenTensor;
  readonly expect: {
    readonly grad_input: GoldenTensor;
    readonly loss: number;
    readonly pred: GoldenTensor;
    readonly adv: readonly {
      readonly eps: number;
      readonly x_adv: GoldenTensor;
      readonly loss: number;
      readonly pred: GoldenTensor;
    }[];
  };
}
interface PgdCase {
  readonly name: 'ann-pgd3';
  readonly params: { readonly eps: number; readonly alpha: number; readonly steps: number };
  readonly expect: { readonly x_adv: GoldenTensor; readonly loss: number };
}
const file = readGolden<{ readonly T: number; readonly cases: readonly (Case | PgdCase)[] }>('fgsm');
const cases = file.cases.filter((golden): golden is Case => golden.name !== 'ann-pgd3');

/** What each case is, in our terms; `scale`: factor of weights and biases that the file's `net` names. */
const NETS: Readonly<Record<string, { neuron: NeuronSpec; loss: LossKind; mode: 'ann' | 'snn'; scale: number }>> = {
  ann: { neuron: dialects.snntorch.leaky({ beta: 0.9 }), loss: 'cross-entropy', mode: 'ann', scale: 1 },
  snntorch: { neuron: dialects.snntorch.leaky({ beta: 0.9 }), loss: 'ce-count', mode: 'snn', scale: 1 },
  spikingjelly: {
    neuron: dialects.spikingjelly.lifNode({ tau: 2, surrogate: { kind: 'atan', slope: 2 } }),
    ...{ loss: 'mse-rate', mode: 'snn', scale: 1.5 },
  },
};

function subjectOf({ name, init }: Case): Subject {
  const { neuron, mode, scale } = NETS[name]!;
  const spec = network(
    name,
    [20],
    [...[dense('fc1', 16), slot('s1', neuron), dense('fc2', 4)], ...(mode === 'snn' ? [slot('s2', neuron)] : [])],
  );
  const scaled = (tensor: GoldenTensor): Float32Array =>
    (tensor.shape.length === 2 ? inOut(tensor) : floats(tensor)).map((value) => value * scale);
  const weights: Weights = new Map(
    Object.entries(init).map(([key, tensor]) => [key.replace('.', '/'), scaled(tensor)]),
  );
  const timesteps = mode === 'snn' ? file.T : 1;
  return { ...{ name, spec, weights, mode, timesteps }, encoder: { kind: 'constant' }, decoder: 'spike-count' };
}

interface Bench {
  readonly subject: Subject;
  readonly source: ReturnType<typeof openPixels>;
  readonly images: Images;
  readonly labels: Uint8Array;
  readonly loss: LossKind;
}

function benchOf(golden: Case): Bench {
  const values = floats(golden.input);
  const labels = Uint8Array.from(floats(golden.targets));
  const samples = labels.length;
  const dataset: Dataset = {
    ...{ name: golden.name, source: 'golden', classes: ['0', '1', '2', '3'], shape: [20] },
    ...{ samples, values, scale: 1, labels },
  };
  const source = openPixels(dataset);
  const ids = Uint32Array.from({ length: samples }, (_, i) => i);
  return { subject: subjectOf(golden), source, images: source.images(ids), labels, loss: NETS[golden.name]!.loss };
}

const openGradient = (backend: Backend, { subject, source, loss }: Bench) =>
  openDifferentiator(backend, subject, source, { through: 'none', draws: 1, slope: 1, loss, seed: 0 });

/** The peers take the first maximum, class 0, where we say that a silent network is undecided (-1). */
const asTheirs = (predictions: Int16Array): Int16Array => predictions.map((label) => Math.max(0, label));

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function attack(
  backend: Backend,
  bench: Bench,
  settings: AttackSettings,
  epsilon: number,
): Promise<Float32Array> {
  const differentiator = openGradient(backend, bench);
  const { range, shape } = bench.source;
  const tools = { differentiator, range, shape, classes: 4, seed: 0 };
  try {
    return await perturb(settings, epsilon, bench.images, bench.labels, tools);
  } finally {
    differentiator.close();
  }
}

test('fgsm: an ANN, two spiking networks and a PGD', () => {
  assert.deepEqual(
    file.cases.map(({ name }) => name),
    ['ann', 'snntorch', 'spikingjelly', 'ann-pgd3'],
  );
});

for (const { name: backendName, backend: start } of BACKENDS) {
  for (const golden of cases) {
    test(`${golden.name} on ${backendName}: gradient by the input, and what the network says`, async () => {
      const backend = await start();
      const bench = benchOf(golden);
      const differentiator = openGradient(backend, bench);
      const classifier = openClassifier(backend, bench.subject, bench.source, { seed: 0 });
      const { values, losses } = differentiator.gradient(bench.images, bench.labels, 0);
      // theirs is of the mean over the batch, ours of each image's own loss
      assertClose('loss', [mean(losses)], [golden.expect.loss], TOLERANCE.forward);
      const gradient = floats(golden.expect.grad_input).map((value) => value * losses.length);
      assertClose('gradient', values, gradient, TOLERANCE.gradient);
      const { predictions } = classifier.classify(bench.images, bench.labels);
      assertSame('predictions', asTheirs(predictions), floats(golden.expect.pred));
      for (const { eps, x_adv, loss, pred } of golden.expect.adv) {
        const perturbed = { pixels: floats(x_adv), ids: bench.images.ids };
        const found = classifier.classify(perturbed, bench.labels).predictions;
        assertSame(`predictions at ${eps}`, asTheirs(found), floats(pred));
        const after = mean(differentiator.gradient(perturbed, bench.labels, 0).losses);
        assertClose(`loss at ${eps}`, [after], [loss], TOLERANCE.forward);
      }
      differentiator.close();
      classifier.close();
    });

    test(`${golden.name} on ${backendName}: images perturbed by FGSM`, async () => {
      const bench = benchOf(golden);
      for (const { eps, x_adv } of golden.expect.adv) {
        const pixels = await attack(await start(), bench, { kind: 'fgsm', norm: 'linf' }, eps);
        assertClose(`epsilon ${eps}`, pixels, floats(x_adv), 1e-6);
      }
    });
  }

  test(`ann-pgd3 on ${backendName}: three steps without a random start`, async () => {
    const backend = await start();
    const bench = benchOf(cases[0]!);
    const { params, expect } = file.cases.find((golden): golden is PgdCase => golden.name === 'ann-pgd3')!;
    const { eps, alpha, steps } = params;
    const settings = {
      kind: 'pgd',
      norm: 'linf',
      steps,
      stepSize: alpha / eps,
      randomStart: false,
      last: true,
    } as const;
    const pixels = await attack(backend, bench, settings, eps);
    assertClose('x_adv', pixels, floats(expect.x_adv), 1e-6);
    const differentiator = openGradient(backend, bench);
    const { losses } = differentiator.gradient({ pixels, ids: bench.images.ids }, bench.labels, 0);
    assertClose('loss', [mean(losses)], [expect.loss], TOLERANCE.forward);
    differentiator.close();
  });
}
