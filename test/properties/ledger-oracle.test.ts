// The ledger against brute force: every synapse of small random networks is visited, one by one, with explicit tensors.
// The oracle knows nothing of the ledger's formulas: it walks samples, steps, inputs and outputs and adds 1 each time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { COLUMNS, countOperations, type OpCounts } from '../../src/measure/index.ts';
import type { ActivityTrace, DenseActivity, LayerActivity, NeuronActivity } from '../../src/simulate/index.ts';

/** [sample][step][feature] */
type Tensor = number[][][];
interface Neuron {
  leaky: boolean;
  currentBased: boolean;
  inputScaled: boolean;
  restTerm: boolean;
  fires: boolean;
  reset: NeuronActivity['reset'];
  recurrent: NeuronActivity['recurrent'];
  recurrentBias: boolean;
}
interface Case {
  mode: 'ann' | 'snn';
  samples: number;
  timesteps: number;
  sizes: number[];
  biases: boolean[];
  neurons: Neuron[];
  encoder: 'constant' | 'rate' | 'latency' | 'delta';
  zeroSkipping: boolean;
  seed: number;
}

const neuron = fc.record<Neuron>({
  leaky: fc.boolean(),
  currentBased: fc.boolean(),
  inputScaled: fc.boolean(),
  restTerm: fc.boolean(),
  fires: fc.boolean(),
  reset: fc.constantFrom('subtract', 'value', 'none'),
  recurrent: fc.constantFrom('none', 'one-to-one', 'all-to-all'),
  recurrentBias: fc.boolean(),
});
const cases: fc.Arbitrary<Case> = fc
  .record({
    mode: fc.constantFrom('ann' as const, 'snn' as const),
    samples: fc.integer({ min: 1, max: 4 }),
    steps: fc.integer({ min: 1, max: 5 }),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 }),
    biases: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    neurons: fc.array(neuron, { minLength: 3, maxLength: 3 }),
    encoder: fc.constantFrom('constant', 'rate', 'latency', 'delta'),
    zeroSkipping: fc.boolean(),
    seed: fc.integer(),
  })
  .map(({ steps, ...rest }) => ({
    ...rest,
    timesteps: rest.mode === 'ann' ? 1 : steps,
    encoder: rest.mode === 'ann' ? 'constant' : rest.encoder,
  }));

/** What flowed: the network's input as its first layer saw it, and each activation's output. */
function activity(c: Case): { input: Tensor; outputs: Tensor[] } {
  let state = c.seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const tensor = (features: number, steps: number, value: () => number): Tensor =>
    Array.from({ length: c.samples }, () =>
      Array.from({ length: steps }, () => Array.from({ length: features }, value)),
    );
  const analog = () => (random() < 0.3 ? 0 : random() - 0.5);
  const spike = () => (random() < 0.4 ? 1 : 0);
  const signed = () => (random() < 0.5 ? 0 : random() < 0.5 ? 1 : -1);
  const constant = c.encoder === 'constant';
  const input = tensor(
    c.sizes[0]!,
    constant ? 1 : c.timesteps,
    constant ? analog : c.encoder === 'delta' ? signed : spike,
  );
  const outputs = c.sizes.slice(1).map((size, index) => {
    if (c.mode === 'ann') return tensor(size, 1, () => Math.max(0, analog()));
    return tensor(size, c.timesteps, c.neurons[index]!.fires ? spike : () => 0);
  });
  return { input, outputs };
}

const nonzeroByStep = (x: Tensor): number[] =>
  x[0]!.map((_, step) => x.reduce((sum, sample) => sum + sample[step]!.filter((v) => v !== 0).length, 0));
const nonzeroPerSample = (x: Tensor): number[] => x.map((sample) => sample.flat().filter((v) => v !== 0).length);

function traceOf(c: Case): ActivityTrace {
  const { input, outputs } = activity(c);
  const layers: LayerActivity[] = [
    { kind: 'encoder', layer: 'input', encoder: c.encoder, features: c.sizes[0]!, nonzeroOut: nonzeroByStep(input) },
  ];
  let x = input;
  outputs.forEach((y, index) => {
    const dense: DenseActivity = {
      kind: 'dense',
      layer: `fc${index}`,
      inputs: c.sizes[index]!,
      outputs: c.sizes[index + 1]!,
      bias: c.biases[index]!,
      input: c.mode === 'ann' || (index === 0 && c.encoder === 'constant') ? 'analog' : 'spikes',
      executions: x[0]!.length,
      nonzeroIn: nonzeroByStep(x),
      nonzeroInPerSample: nonzeroPerSample(x),
      zeroWeights: 0,
    };
    layers.push(dense);
    if (c.mode === 'snn') layers.push(neuronActivity(c, index, y));
    else if (index < outputs.length - 1) {
      layers.push({ kind: 'relu', layer: `relu${index}`, features: c.sizes[index + 1]!, nonzeroOut: nonzeroByStep(y) });
    }
    x = y;
  });
  return { mode: c.mode, samples: c.samples, timesteps: c.timesteps, layers };
}

function neuronActivity(c: Case, index: number, spikes: Tensor): NeuronActivity {
  return {
    kind: 'neuron',
    layer: `lif${index}`,
    neurons: c.sizes[index + 1]!,
    spikes: nonzeroByStep(spikes),
    spikesPerSample: nonzeroPerSample(spikes),
    silentNeurons: 0,
    saturatedNeurons: 0,
    ...c.neurons[index]!,
    recurrentSpikesPerSample: nonzeroPerSample(spikes.map((sample) => sample.slice(0, -1))),
  };
}

interface Tally {
  counts: Record<keyof OpCounts, number>;
  byStep: number[];
  perSample: number[];
}

/** Visits every synapse, neuron and value of the run. */
function bruteForce(c: Case): Tally {
  const { input, outputs } = activity(c);
  const counts = Object.fromEntries(COLUMNS.map((column) => [column, 0])) as Record<keyof OpCounts, number>;
  const tally = { counts, byStep: new Array(c.timesteps).fill(0), perSample: new Array(c.samples).fill(0) };
  for (let sample = 0; sample < c.samples; sample++) {
    encode(c, input[sample]!, counts);
    let x = input[sample]!;
    outputs.forEach((tensor, index) => {
      const last = index === outputs.length - 1;
      for (let step = 0; step < x.length; step++) visitDense(c, index, x[step]!, sample, step, last, x.length, tally);
      const y = tensor[sample]!;
      for (let step = 0; step < y.length; step++) {
        for (let n = 0; n < y[step]!.length; n++) {
          if (c.mode === 'snn') visitNeuron(c, index, y, step, n, sample, x.length === 1 && c.timesteps > 1, tally);
          else if (!last) {
            counts.reluOps++;
            if (!c.zeroSkipping || y[step]![n] !== 0) counts.outputWrites++;
          }
        }
      }
      x = y;
    });
  }
  return tally;
}

function encode(c: Case, x: number[][], counts: Record<keyof OpCounts, number>): void {
  if (c.encoder === 'constant') return;
  x.forEach((row, step) => {
    for (const value of row) {
      if (c.encoder !== 'latency' || step === 0) {
        counts.encoderOps++;
        counts.inputReads++;
      }
      if (!c.zeroSkipping || value !== 0) counts.outputWrites++;
    }
  });
}

function visitDense(
  c: Case,
  index: number,
  x: number[],
  sample: number,
  step: number,
  last: boolean,
  runs: number,
  tally: Tally,
) {
  const { counts } = tally;
  const spikes = c.mode === 'snn' && !(index === 0 && c.encoder === 'constant');
  for (const value of x) {
    if (!c.zeroSkipping || value !== 0) counts.inputReads++;
    for (let output = 0; output < c.sizes[index + 1]!; output++) {
      counts[spikes ? 'denseAcs' : 'denseMacs']++;
      if (c.zeroSkipping && value === 0) continue;
      counts[spikes ? 'acs' : 'macs']++;
      counts.weightReads++;
      tally.byStep[step]!++;
      tally.perSample[sample]!++;
    }
  }
  for (let output = 0; output < c.sizes[index + 1]!; output++) {
    if (c.biases[index]) {
      counts.biasAcs++;
      counts.biasReads++;
    }
    const stored = c.mode === 'snn' ? runs === 1 && c.timesteps > 1 : last;
    if (stored) counts.outputWrites++;
  }
}

function visitNeuron(
  c: Case,
  index: number,
  y: number[][],
  step: number,
  n: number,
  sample: number,
  stored: boolean,
  tally: Tally,
) {
  const { counts } = tally;
  const cell = c.neurons[index]!;
  const states = cell.currentBased ? 2 : 1;
  counts.neuronUpdates++;
  counts.stateReads += states;
  counts.stateWrites += states;
  if (stored) counts.inputReads++;
  // Each multiplication takes one of the additions with it.
  let additions = 1;
  if (cell.currentBased) additions++;
  if (cell.restTerm) additions++;
  for (const multiplies of [cell.leaky, cell.currentBased, cell.inputScaled]) {
    if (!multiplies) continue;
    counts.leakMacs++;
    if (additions > 0) additions--;
  }
  counts.stateAcs += additions;
  if (cell.fires) {
    counts.compares++;
    if (cell.reset !== 'none' && y[step]![n] === 1) counts.resets++;
    if (!c.zeroSkipping || y[step]![n] !== 0) counts.outputWrites++;
  }
  if (cell.recurrent === 'none') return;
  if (cell.recurrentBias) {
    counts.biasAcs++;
    counts.biasReads++;
  }
  const fedBack = step === 0 ? 0 : y[step - 1]![n];
  const reached = cell.recurrent === 'one-to-one' ? [n] : y[step]!.map((_, other) => other);
  if (!c.zeroSkipping || fedBack !== 0) counts.inputReads++;
  for (const _ of reached) {
    counts.denseAcs++;
    if (c.zeroSkipping && fedBack === 0) continue;
    counts.acs++;
    counts.weightReads++;
    tally.byStep[step]!++;
    tally.perSample[sample]!++;
  }
}

test('the ledger counts what brute force counts, column by column, step by step, sample by sample', () => {
  fc.assert(
    fc.property(cases, (c) => {
      const ledger = countOperations(traceOf(c), { zeroSkipping: c.zeroSkipping });
      const expected = bruteForce(c);
      for (const column of COLUMNS) {
        assert.equal(ledger.total[column], expected.counts[column] / c.samples, column);
      }
      assert.deepEqual(
        ledger.synopsByStep,
        expected.byStep.map((count) => count / c.samples),
      );
      assert.deepEqual(ledger.synopsPerSample, expected.perSample);
    }),
    { numRuns: 300 },
  );
});

test('layers add up to the total', () => {
  fc.assert(
    fc.property(cases, (c) => {
      const ledger = countOperations(traceOf(c), { zeroSkipping: c.zeroSkipping });
      for (const column of COLUMNS) {
        const sum = ledger.layers.reduce((total, { counts }) => total + counts[column], 0);
        assert.ok(Math.abs(sum - ledger.total[column]) <= 1e-9 * Math.max(1, sum), column);
      }
    }),
  );
});

test('zero skipping never raises a count, and off it gives the dense one', () => {
  fc.assert(
    fc.property(cases, (c) => {
      const skipped = countOperations(traceOf(c), { zeroSkipping: true }).total;
      const dense = countOperations(traceOf(c), { zeroSkipping: false }).total;
      for (const column of COLUMNS) assert.ok(skipped[column] <= dense[column], column);
      assert.equal(dense.macs, dense.denseMacs);
      assert.equal(dense.acs, dense.denseAcs);
    }),
  );
});

test('a constant input is counted once, however many steps follow', () => {
  const base = { mode: 'snn' as const, samples: 3, sizes: [7, 5], biases: [true], encoder: 'constant' as const };
  const plain: Neuron = {
    leaky: true,
    currentBased: false,
    inputScaled: false,
    restTerm: false,
    fires: true,
    reset: 'subtract',
    recurrent: 'none',
    recurrentBias: false,
  };
  const at = (timesteps: number) =>
    countOperations(traceOf({ ...base, neurons: [plain], timesteps, zeroSkipping: true, seed: 5 }), {
      zeroSkipping: true,
    });
  assert.equal(at(9).total.macs, at(2).total.macs);
  assert.equal(at(9).total.biasAcs, 5);
  assert.equal(at(9).total.neuronUpdates, 45);
});
