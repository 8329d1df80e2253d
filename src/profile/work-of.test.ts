// The work of operations against loops that count each multiply-add and each touched value one by one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForwardOp, GradientOp, Plan, ProgramLayout, TensorSpec, Window } from '../engine/index.ts';
import { planWork, rowKey } from './plan-work.ts';
import type { Work } from './work.ts';
import type { Nonzeros, WorkContext } from './work-context.ts';
import { workOf } from './work-of.ts';

const SAMPLES = 3;
const STEPS = 4;
const half = { forwardSpikes: 0.5, forwardAnalog: 0.5, gradientSpikes: 0.5, gradientAnalog: 0.5 };
const HALF: ProgramLayout['denseAbove'] = { dense: half, conv: half };

const tensor = (id: string, features: number, rest: Partial<TensorSpec> = {}): TensorSpec => ({
  ...{ id, features, rows: 'step', values: 'analog', keep: 'chunk' },
  ...rest,
});

function contextOf(plan: Partial<Plan>, nonzeros: Readonly<Record<string, Nonzeros>> = {}): WorkContext {
  const empty = { timesteps: STEPS, tensors: [], parameters: [], forward: [], backward: [], gradients: [], update: [] };
  const rest = { samples: SAMPLES, chunks: 2, rounds: 1, denseAbove: HALF };
  return { plan: { ...empty, ...plan }, nonzeros: new Map(Object.entries(nonzeros)), ...rest };
}

const weight = (rows: number, columns: number) => ({ id: 'w', rows, columns, layer: 'fc', role: 'weight' });
const madds = (multiplyAdds: number) => ({ multiplyAdds, additions: 0 });
const adds = (additions: number) => ({ multiplyAdds: 0, additions });

/** Spikes [row][feature], about a quarter set. */
const spikes = (rows: number, features: number): boolean[][] =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: features }, (_, f) => (r * 7 + f * 5) % 4 === 0));

test('a dense layer: every pair of row, input and output; of spikes, only those that are set', () => {
  const [inputs, outputs, rows] = [10, 7, SAMPLES * STEPS];
  const x = spikes(rows, inputs);
  let [all, set] = [0, 0];
  for (const row of x)
    for (const spike of row)
      for (let o = 0; o < outputs; o++) {
        all++;
        if (spike) set++;
      }
  const values = x.flat().filter(Boolean).length;
  const products: readonly (ForwardOp | GradientOp)[] = [
    { kernel: 'dense', layer: 'fc', x: 'x', weight: 'w', y: 'y' },
    { kernel: 'dense-gradient', layer: 'fc', x: 'x', dy: 'y', dWeight: 'w' },
  ];
  for (const [kind, done] of [
    ['spikes', adds(set)],
    ['analog', madds(set)],
  ] as const) {
    const tensors = [tensor('x', inputs, { values: kind }), tensor('y', outputs)];
    const counted = { x: { values, fedBack: values } };
    const context = contextOf({ tensors, parameters: [weight(inputs, outputs)] }, counted);
    for (const product of products) {
      const work = workOf(product, context);
      assert.deepEqual([work.dense, work.done], [madds(all), done], `${product.kernel} of ${kind}`);
    }
  }
});

test('above the density where products are dense, zeros are multiplied too', () => {
  const context = contextOf(
    { tensors: [tensor('x', 4, { values: 'spikes' }), tensor('y', 2)], parameters: [weight(4, 2)] },
    { x: { values: 25, fedBack: 20 } },
  );
  const op: ForwardOp = { kernel: 'dense', layer: 'fc', x: 'x', weight: 'w', y: 'y' };
  assert.deepEqual(workOf(op, context).done, madds(48 * 2));
});

test('a recurrent gradient leaves out the last step', () => {
  const context = contextOf(
    { tensors: [tensor('s', 5, { values: 'spikes' }), tensor('dy', 5)], parameters: [weight(5, 5)] },
    { s: { values: 20, fedBack: 16 } },
  );
  const op: GradientOp = { kernel: 'dense-gradient', layer: 'r', x: 's', dy: 'dy', dWeight: 'w', shift: 1 };
  const work = workOf(op, context);
  assert.deepEqual([work.dense, work.done], [madds(SAMPLES * (STEPS - 1) * 25), adds(16 * 5)]);
});

const WINDOW: Window = {
  input: [5, 4],
  output: [3, 2],
  kernel: [3, 3],
  stride: [2, 2],
  padding: [1, 1],
  dilation: [1, 1],
};

/** Calls back for each output pixel and each input pixel of its window that lies on the map. */
function walk(window: Window, visit: (input: number) => void): void {
  for (let oy = 0; oy < window.output[0]; oy++)
    for (let ox = 0; ox < window.output[1]; ox++)
      for (let ky = 0; ky < window.kernel[0]; ky++)
        for (let kx = 0; kx < window.kernel[1]; kx++) {
          const y = oy * window.stride[0] - window.padding[0] + ky * window.dilation[0];
          const x = ox * window.stride[1] - window.padding[1] + kx * window.dilation[1];
          if (y >= 0 && y < window.input[0] && x >= 0 && x < window.input[1]) visit(y * window.input[1] + x);
        }
}

test('a convolution with borders, strides and groups, forward, backward and its gradient', () => {
  const [channels, filters, groups, rows] = [4, 6, 2, SAMPLES * STEPS];
  const x = spikes(rows, 20 * channels);
  let [all, set, reached] = [0, 0, 0];
  for (const row of x)
    walk(WINDOW, (pixel) => {
      for (let c = 0; c < channels; c++) {
        if (row[pixel * channels + c]) reached++;
        for (let f = 0; f < filters / groups; f++) {
          all++;
          if (row[pixel * channels + c]) set++;
        }
      }
    });
  const values = x.flat().filter(Boolean).length;
  const maps = [
    tensor('x', 20 * channels, { channels, values: 'spikes' }),
    tensor('y', 6 * filters, { channels: filters }),
    tensor('dx', 20 * channels, { channels }),
  ];
  const context = contextOf(
    { tensors: maps, parameters: [weight(9 * 2, filters)] },
    { x: { values, fedBack: values, reached } },
  );
  const shared = { layer: 'c', window: WINDOW, groups };
  const forward = workOf({ kernel: 'conv', ...shared, x: 'x', weight: 'w', y: 'y' }, context);
  assert.deepEqual([forward.dense, forward.done], [madds(all), adds(set)]);
  const gradient = workOf({ kernel: 'conv-gradient', ...shared, x: 'x', dy: 'y', dWeight: 'w' }, context);
  assert.deepEqual([gradient.dense, gradient.done], [madds(all), adds(set)]);
  const backward = workOf({ kernel: 'conv-backward', ...shared, dy: 'y', weight: 'w', dx: 'dx' }, context);
  assert.deepEqual([backward.dense, backward.done], [madds(all), madds(all)]);
});

test("Winograd's way takes 16 products where the direct one takes up to 36", () => {
  const window: Window = { ...WINDOW, input: [6, 6], output: [6, 6], stride: [1, 1] };
  const tensors = [tensor('dy', 36 * 16, { channels: 16 }), tensor('dx', 36 * 16, { channels: 16 })];
  const context = contextOf({ tensors, parameters: [weight(9 * 16, 16)] });
  const op = { kernel: 'conv-backward', layer: 'c', window, groups: 1, dy: 'dy', weight: 'w', dx: 'dx' } as const;
  const work = workOf(op, context, 'winograd-backward');
  let taps = 0;
  walk(window, () => taps++);
  assert.equal(work.dense.multiplyAdds, taps * SAMPLES * STEPS * 256);
  assert.equal(work.done.multiplyAdds, 9 * 16 * SAMPLES * STEPS * 256);
});

test('a pool compares every value its windows read', () => {
  let taps = 0;
  walk(WINDOW, () => taps++);
  const context = contextOf({ tensors: [tensor('x', 20 * 3, { channels: 3 }), tensor('y', 6 * 3, { channels: 3 })] });
  const work = workOf({ kernel: 'pool', layer: 'p', mode: 'max', window: WINDOW, x: 'x', y: 'y' }, context);
  assert.deepEqual(work.done, adds(taps * 3 * SAMPLES * STEPS));
});

test('bytes: panels of 32 channels, spikes as bits, weights once a chunk', () => {
  const rows = SAMPLES * STEPS;
  const context = contextOf({
    tensors: [tensor('x', 40, { values: 'spikes' }), tensor('y', 33)],
    parameters: [weight(40, 33)],
  });
  const { read, written } = workOf({ kernel: 'dense', layer: 'fc', x: 'x', weight: 'w', y: 'y' }, context);
  assert.equal(
    read,
    rows * 2 * 4 + 2 * (2 * 40 * 128),
    'two words a row; a matrix of two panels for each of two chunks',
  );
  assert.equal(written, rows * 2 * 128);
});

test('staged bytes are read as they are; an average pool does not read its input backward', () => {
  const context = contextOf({ tensors: [tensor('x', 20, { rows: 'sample' }), tensor('dy', 6, { rows: 'sample' })] });
  const load = workOf({ kernel: 'load', layer: '', source: 'bytes', scale: 1, x: 'x' }, context);
  assert.deepEqual([load.read, load.written], [SAMPLES * 20, SAMPLES * 128]);
  const pool = { kernel: 'pool-backward', layer: 'p', window: WINDOW, x: 'x', dy: 'dy', dx: 'x' } as const;
  const average = workOf({ ...pool, mode: 'average', dx: 'x', x: 'dy' }, context);
  assert.equal(average.read, SAMPLES * 128);
});

test('optimisers: operations and state a parameter, added up by layer', () => {
  const parameters = ['w', 'g', 'm', 'v'].map((id) => ({ ...weight(6, 5), id }));
  const adam = {
    kernel: 'adam',
    parameter: 'w',
    gradient: 'g',
    m: 'm',
    v: 'v',
    decoupled: true,
    decay: false,
  } as const;
  const sgd = { kernel: 'sgd', parameter: 'w', gradient: 'g', decay: true } as const;
  const update = [{ kernel: 'clip', gradients: ['g'] }, adam, sgd, { kernel: 'zero', parameters: ['g'] }] as const;
  const works = planWork([], contextOf({ parameters, update }));
  const of = (kernel: string): Work => works.get(rowKey({ stage: 'update', layer: 'fc', kernel }))!;
  const bytes = 8 * 128;
  assert.deepEqual([of('adam').read, of('adam').written], [4 * bytes, 3 * bytes]);
  assert.deepEqual(of('adam').done, { multiplyAdds: 2 * 30, additions: 5 * 30 });
  assert.deepEqual([of('sgd').done, of('sgd').read], [madds(2 * 30), 2 * bytes]);
  assert.deepEqual([of('zero').written, of('zero').done], [bytes, madds(0)]);
  assert.deepEqual([of('clip-partial').done, of('clip-scale').done], [madds(30), adds(30)]);
});
