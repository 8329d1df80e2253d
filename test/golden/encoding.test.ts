// Encoders against snnTorch's spikegen and SpikingJelly's encoders: latency, delta, and the statistics of rate coding.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend, ForwardOp, Plan } from '../../src/engine/index.ts';
import { assertSame } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { batchFirst, floats, type GoldenTensor, partition, readGolden } from './files.ts';

interface LatencyCase {
  readonly name: string;
  readonly params: {
    readonly num_steps: number;
    readonly tau?: number;
    readonly threshold?: number;
    readonly normalize?: boolean;
    readonly linear?: boolean;
    readonly clip?: boolean;
    readonly first_spike_time?: number;
    readonly interpolate?: boolean;
    readonly on_target?: number;
  };
  readonly expect: { readonly spikes: GoldenTensor };
}
interface DeltaCase {
  readonly name: string;
  readonly params: { readonly threshold: number; readonly padding: boolean; readonly off_spike: boolean };
  readonly expect: GoldenTensor;
}
interface RateCase {
  readonly params: {
    readonly num_steps: number;
    readonly gain?: number;
    readonly offset?: number;
    first_spike_time?: number;
  };
  readonly expected_probability: GoldenTensor;
}
interface JellyCase {
  readonly name: string;
  readonly params: { readonly T: number; readonly enc_function: 'linear' | 'log' };
  readonly input: GoldenTensor;
  readonly expect: GoldenTensor;
}
interface File {
  readonly latency: { readonly input: GoldenTensor; readonly cases: readonly LatencyCase[] };
  readonly delta: { readonly input: GoldenTensor; readonly cases: readonly DeltaCase[] };
  readonly rate: { readonly input: GoldenTensor; readonly cases: readonly RateCase[] };
  readonly spikingjelly: readonly JellyCase[];
}

type Encoder = Extract<ForwardOp, { kernel: 'encode-rate' | 'encode-latency' | 'encode-delta' }>;
type LatencyOp = Extract<Encoder, { kernel: 'encode-latency' }>;

const file = readGolden<File>('encoding');
const latency = partition(file.latency.cases, ({ params }) => {
  if (params.first_spike_time) return 'first spike time';
  if (params.interpolate) return 'values between spikes';
  return params.on_target === undefined ? undefined : 'spikes that are not 0 or 1';
});
const rate = partition(file.rate.cases, ({ params }) => (params.first_spike_time ? 'first spike time' : undefined));
const jelly = partition(file.spikingjelly, ({ name, expect }) => {
  if (name === 'PoissonEncoder') return 'our rate encoder, tested here by its statistics';
  if (name === 'WeightedPhaseEncoder') return 'weighted phases';
  return isLatency(expect) ? undefined : 'not a latency code as recorded: inputs with no spike, or with two';
});

/** Does every input fire exactly once? */
function isLatency({ shape, data }: GoldenTensor): boolean {
  const inputs = Array.from({ length: shape[1]! }, (_, i) => data.filter((s, k) => k % shape[1]! === i && s === 1));
  return inputs.every((spikes) => spikes.length === 1);
}

/** What the encoder makes of values [samples, rows, features], as [samples, T, features]. */
function encode(backend: Backend, encoder: Encoder, T: number, values: Float32Array, samples: number, epoch = 0) {
  const rows = encoder.kernel === 'encode-delta' ? 'step' : 'sample';
  const features = values.length / samples / (rows === 'step' ? T : 1);
  const output = encoder.kernel === 'encode-delta' ? 'analog' : 'spikes';
  const plan: Plan = {
    timesteps: T,
    tensors: [
      { id: 'x', rows, features, values: 'analog', keep: 'chunk' },
      { id: 'encoded', rows: 'step', features, values: output, keep: 'batch' },
    ],
    parameters: [],
    forward: [{ kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'x' }, encoder],
    backward: [],
    gradients: [],
    update: [],
  };
  const program = backend.compile(plan, { samples });
  program.run({ samples, input: values, seed: 42, epoch });
  const encoded = program.tensor('encoded').slice();
  program.close();
  return encoded;
}

const snntorchLatency = (params: LatencyCase['params']): LatencyOp => ({
  ...{ kernel: 'encode-latency', layer: 'encoder', convention: 'snntorch', x: 'x', spikes: 'encoded' },
  form: params.linear ? 'linear' : 'log',
  ...{ tau: params.tau ?? 1, threshold: params.threshold ?? 0.01 },
  ...{ normalize: params.normalize ?? false, clip: params.clip ?? false },
});

test('encodings: every case is run or left out for a reason', () => {
  assert.deepEqual(
    latency.unsupported.map(({ golden, reason }) => `${golden.name}: ${reason}`),
    [
      'first_spike_time2: first spike time',
      'log-first_spike_time3: first spike time',
      'interpolate: values between spikes',
      'on-off-targets: spikes that are not 0 or 1',
    ],
  );
  assert.equal(latency.supported.length, 7);
  assert.deepEqual([rate.supported.length, rate.unsupported.length], [3, 1]);
  assert.deepEqual(
    jelly.unsupported.map(({ golden, reason }) => `${golden.name}: ${reason}`),
    [
      'LatencyEncoder-linear: not a latency code as recorded: inputs with no spike, or with two',
      'LatencyEncoder-log: not a latency code as recorded: inputs with no spike, or with two',
      'WeightedPhaseEncoder: weighted phases',
      'PoissonEncoder: our rate encoder, tested here by its statistics',
    ],
  );
});

for (const { name, backend: start } of BACKENDS) {
  test(`latency as snnTorch on ${name}`, async () => {
    const backend = await start();
    for (const { name: what, params, expect } of latency.supported) {
      const spikes = encode(backend, snntorchLatency(params), params.num_steps, floats(file.latency.input), 2);
      assertSame(what, spikes, batchFirst(expect.spikes));
    }
  });

  test(`latency as SpikingJelly, by its equations, on ${name}`, async () => {
    const backend = await start();
    // t = 9 (1 - x), half to even; t = 9 - ln((e^9 - 1) x + 1)
    const times = { linear: [9, 8, 7, 5, 4, 3, 0, 0], log: [9, 2, 1, 1, 1, 0, 0, 0] } as const;
    for (const { name: what, params, input } of file.spikingjelly.slice(0, 2)) {
      const { T, enc_function: form } = params;
      const encoder = { ...snntorchLatency({ num_steps: T }), convention: 'spikingjelly', form } as const;
      const spikes = encode(backend, encoder, T, floats(input), 1);
      const expected = Array.from(spikes, (_, k) => (times[form][k % 8] === Math.floor(k / 8) ? 1 : 0));
      assertSame(what, spikes, expected);
    }
  });

  test(`latency by hand on ${name}`, async () => {
    const backend = await start();
    const firstSpikes = (params: LatencyCase['params'], x: readonly number[]): number[] => {
      const spikes = encode(backend, snntorchLatency(params), params.num_steps, Float32Array.from(x), 1);
      return x
        .map((_, i) => spikes.findIndex((s, k) => k % x.length === i && s === 1))
        .map((k) => Math.floor(k / x.length));
    };
    // log: t = 0.01005, 0.0202, 0.10536, 0.69315
    assert.deepEqual(firstSpikes({ num_steps: 4 }, [1, 0.5, 0.1, 0.02]), [0, 0, 0, 1]);
    // the same ten times slower: 0.1005, 0.202, 1.0536, 6.9315
    assert.deepEqual(firstSpikes({ num_steps: 8, tau: 10 }, [1, 0.5, 0.1, 0.02]), [0, 0, 1, 7]);
    // past the last step there is none
    assert.deepEqual(firstSpikes({ num_steps: 7, tau: 10 }, [1, 0.5, 0.1, 0.02]), [0, 0, 1, -1]);
    // linear, normalised: t = 0, 2, 3.92, 3.96
    assert.deepEqual(firstSpikes({ num_steps: 5, linear: true, normalize: true }, [1, 0.5, 0.02, 0]), [0, 2, 4, 4]);
  });

  test(`delta as snnTorch, differences of exactly the threshold included, on ${name}`, async () => {
    const backend = await start();
    const T = file.delta.input.shape[0]!;
    for (const { name: what, params, expect } of file.delta.cases) {
      const { threshold, padding, off_spike: offSpikes } = params;
      const encoder = { kernel: 'encode-delta', layer: 'encoder', x: 'x', y: 'encoded' } as const;
      const input = batchFirst(file.delta.input);
      const spikes = encode(backend, { ...encoder, threshold, padding, offSpikes }, T, input, 2);
      assertSame(what, spikes, batchFirst(expect));
    }
  });

  test(`rate: as often as asked, variance and correlation of independent draws, on ${name}`, async () => {
    const backend = await start();
    const [T, samples] = [200, 100];
    for (const { params, expected_probability } of rate.supported) {
      const x = floats(file.rate.input);
      const input = Float32Array.from({ length: samples * x.length }, (_, k) => x[k % x.length]!);
      const { gain = 1, offset = 0 } = params;
      const encoder = { kernel: 'encode-rate', layer: 'encoder', x: 'x', spikes: 'encoded' } as const;
      const spikes = encode(backend, { ...encoder, gain, offset }, T, input, samples);
      for (const [i, p] of floats(expected_probability).entries()) {
        const at = (sample: number, t: number): number => spikes[(sample * T + t) * x.length + i]!;
        let [fired, pairs, countSquares] = [0, 0, 0];
        for (let sample = 0; sample < samples; sample++) {
          let count = 0;
          for (let t = 0; t < T; t++) {
            count += at(sample, t);
            if (t > 0) pairs += (at(sample, t) - p) * (at(sample, t - 1) - p);
          }
          fired += count;
          countSquares += (count - T * p) ** 2;
        }
        const n = samples * T;
        const variance = p * (1 - p);
        assert.ok(
          Math.abs(fired / n - p) <= 5 * Math.sqrt(variance / n),
          `input ${i}: rate ${fired / n}, expected ${p}`,
        );
        if (variance === 0) continue;
        const correlation = pairs / (samples * (T - 1)) / variance;
        assert.ok(Math.abs(correlation) < 5 / Math.sqrt(n), `input ${i}: lag-1 correlation ${correlation}`);
        const fano = countSquares / samples / (T * variance);
        assert.ok(
          Math.abs(fano - 1) < 5 * Math.sqrt(2 / samples),
          `input ${i}: variance of counts ${fano} of binomial`,
        );
      }
    }
  });

  test(`rate: another epoch or seed draws otherwise, the same ones draw the same, on ${name}`, async () => {
    const backend = await start();
    const encoder = { kernel: 'encode-rate', layer: 'encoder', gain: 1, offset: 0, x: 'x', spikes: 'encoded' } as const;
    const values = new Float32Array(3 * 7).fill(0.5);
    const draw = (epoch: number): number[] => Array.from(encode(backend, encoder, 9, values, 3, epoch));
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
  });
}
