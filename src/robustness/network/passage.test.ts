import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DECODERS, type EncoderSpec, type LatencyEncoderSpec } from '../../model/index.ts';
import type { GradientSettings } from '../settings.ts';
import { attackLoss } from './attack-loss.ts';
import { passageOf } from './passage.ts';

const T = 8;
const open = (encoder: EncoderSpec, through: GradientSettings['through'] = 'straight-through') =>
  passageOf({ name: 'N', encoder, timesteps: T }, through, 2)!;

/** Two images of two pixels. */
function back(encoder: EncoderSpec, x: readonly number[], dInput: readonly number[]): number[] {
  const dx = new Float32Array(4);
  open(encoder).back(dInput, Float32Array.from(x), dx);
  return [...dx];
}

test('a rate code passes its gain between its clipping borders, and on them', () => {
  const rate = { kind: 'rate', gain: 2, offset: -0.5 } as const;
  assert.deepEqual(back(rate, [0.25, 0.75, 0.2, 0.8], [1, 3, 5, 7]), [2, 6, 0, 0]);
  assert.equal(open(rate).random, true);
  const expected = open(rate, 'expected');
  assert.deepEqual([expected.encoder.kind, expected.random], ['constant', false]);
  const fed = Float32Array.of(0.25, 0.5, 0, 1);
  expected.feed!(fed);
  assert.deepEqual([...fed], [0, 0.5, 0, 1]);
});

/** Gradients by the spikes, [2, T, 2]: of pixel 0 of image 0 those given, else none. */
const spikesOfFirst = (values: readonly number[]): number[] =>
  Array.from({ length: 4 * T }, (_, k) => (k < 2 * T && k % 2 === 0 ? values[k / 2]! : 0));

const torch = (options: Partial<LatencyEncoderSpec>): LatencyEncoderSpec => ({
  ...{ kind: 'latency', convention: 'snntorch', form: 'linear', tau: 5, threshold: 0.125 },
  ...{ normalize: true, clip: false },
  ...options,
});

test('a spike in time: half the difference of its neighbours, on the first step that to the next', () => {
  const g = [5, 3, -2, 4, 1, 0, 2, 9];
  const code = torch({ threshold: 0.01 });
  // t = 7 (1 - x): 3 at x = 4/7, 0 at 1.
  const close = (found: number, value: number): void => assert.ok(Math.abs(found - value) < 1e-3, `${found}, ${value}`);
  close(back(code, [4 / 7, 0.5, 0.5, 0.5], spikesOfFirst(g))[0]!, (7 * (-2 - 1)) / 2);
  close(back(code, [1, 0.5, 0.5, 0.5], spikesOfFirst(g))[0]!, 7 * (5 - 3));
  assert.deepEqual(back(code, [4 / 7, 0.5, 0.5, 0.5], spikesOfFirst(g)).slice(1), [0, 0, 0]);
});

test('a pixel too dark to spike would spike on the last step: it feels that gradient', () => {
  const g = [5, 3, -2, 4, 1, 0, 2, 9];
  const dark = back(torch({ clip: true }), [0, 0.5, 0.5, 0.5], spikesOfFirst(g))[0]!;
  assert.ok(Math.abs(dark - 7 * 9) < 1e-3, `${dark}`);
  // Not clipped, it spikes on the last step it can, and can only come earlier.
  const least = back(torch({ clip: false, threshold: 0.01 }), [0, 0.5, 0.5, 0.5], spikesOfFirst(g))[0]!;
  assert.ok(Math.abs(least - 7 * (2 - 9)) < 1e-3, `${least}`);
});

test('the logarithmic code is steepest in the dark', () => {
  const g = Array.from({ length: T }, (_, t) => -t);
  for (const code of [torch({ form: 'log', threshold: 0.01 }), torch({ convention: 'spikingjelly', form: 'log' })]) {
    const slopes = [0.05, 0.2, 0.6].map((x) => back(code, [x, 0.5, 0.5, 0.5], spikesOfFirst(g))[0]!);
    assert.ok(slopes[0]! > slopes[1]! && slopes[1]! > slopes[2]! && slopes[2]! > 0, slopes.join());
  }
});

test('a single time step leaves a spike nowhere to go', () => {
  const passage = passageOf({ name: 'N', encoder: torch({}), timesteps: 1 }, 'expected', 2)!;
  const dx = new Float32Array(2);
  passage.back([3, 4], Float32Array.of(1, 0.5), dx);
  assert.deepEqual([...dx], [0, 0]);
});

test('losses that attacks ascend are those of what the decoder reads', () => {
  assert.equal(attackLoss({ mode: 'ann', decoder: 'spike-count' }), 'cross-entropy');
  assert.deepEqual(Object.fromEntries(DECODERS.map((decoder) => [decoder, attackLoss({ mode: 'snn', decoder })])), {
    'spike-count': 'ce-rate',
    'first-spike': 'ce-rate',
    'max-membrane': 'ce-max-membrane',
    'mean-membrane': 'ce-membrane',
    'last-membrane': 'ce-membrane',
  });
});
