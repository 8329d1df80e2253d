// Cases about the operations of an optimiser step. Gradients are written by the host, so nothing else can blur the result.

import type { UpdateOp, UpdateOptions } from '../../src/engine/index.ts';
import { type ConformanceCase, EMPTY, parameterOf, random, sparse, tensorOf } from './cases.ts';

/** [rows, columns] that fit no vector width. */
const SHAPES = [
  [1, 1],
  [1, 7],
  [33, 7],
  [7, 65],
  [65, 33],
] as const;

const UPDATES: readonly UpdateOptions[] = [1, 2, 3].map((step) => ({
  ...{ learningRate: 0.01 / step, step, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 },
  ...{ momentum: 0.9, weightDecay: 0.1, clipNorm: 0.5 },
}));

function caseOf(
  name: string,
  kernels: ConformanceCase['kernels'],
  update: readonly UpdateOp[],
  shapes: Readonly<Record<string, readonly [number, number]>>,
  values: ReadonlyMap<string, Float32Array>,
  updates: readonly UpdateOptions[] = UPDATES,
): ConformanceCase {
  return {
    ...{ name, kernels, batches: [], updates, parameters: values },
    plan: {
      ...EMPTY,
      tensors: [tensorOf('x', 'sample', 1)],
      parameters: Object.entries(shapes).map(([id, [rows, columns]]) => parameterOf(id, rows, columns)),
      forward: [{ kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'x' }],
      update,
    },
  };
}

function optimiserCases(): ConformanceCase[] {
  const p = { parameter: 'p', gradient: 'g' };
  const ops: readonly (readonly [string, UpdateOp])[] = [
    ['sgd', { kernel: 'sgd', ...p, decay: false }],
    ['sgd, momentum, decay', { kernel: 'sgd', ...p, velocity: 'v', decay: true }],
    ['adam', { kernel: 'adam', ...p, m: 'm', v: 'v', decoupled: false, decay: false }],
    ['adam, decay', { kernel: 'adam', ...p, m: 'm', v: 'v', decoupled: false, decay: true }],
    ['adamw', { kernel: 'adam', ...p, m: 'm', v: 'v', decoupled: true, decay: true }],
  ];
  return ops.flatMap(([name, op], k) =>
    SHAPES.map((shape): ConformanceCase => {
      const from = random(700 + k);
      const size = shape[0] * shape[1];
      return caseOf(
        `${name} [${shape}]`,
        [op.kernel],
        [op],
        { p: shape, g: shape, m: shape, v: shape },
        new Map([
          ['p', sparse(from, size)],
          ['g', sparse(from, size, 0.8, 0.1)],
        ]),
      );
    }),
  );
}

function clipCases(): ConformanceCase[] {
  return ([undefined, 1e6, 0.5] as const).map((clipNorm, k) => {
    const from = random(800 + k);
    const shapes = { g1: [33, 7], g2: [1, 65], g3: [1, 1] } as const;
    const values = new Map(Object.entries(shapes).map(([id, [r, c]]) => [id, sparse(from, r * c)] as const));
    const updates: readonly UpdateOptions[] = [
      { learningRate: 1, step: 1, ...(clipNorm !== undefined && { clipNorm }) },
    ];
    return caseOf(
      `clip ${clipNorm}`,
      ['clip'],
      [{ kernel: 'clip', gradients: Object.keys(shapes) }],
      shapes,
      values,
      updates,
    );
  });
}

function derivedCases(): ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  for (const N of [1, 7, 33, 65]) {
    for (const columns of new Set([1, N])) {
      for (const [form, inputDecay, rest] of [
        ['beta', false, 0],
        ['tau', true, 0],
        ['tau', true, -0.2],
        ['tau', false, 0.3],
      ] as const) {
        const from = random(900 + N + columns);
        const fields = { form, inputDecay, rest, raw: 'raw' };
        const shapes = Object.fromEntries(['a', 'b', 'c', 'dA', 'dB', 'dC'].map((id) => [id, [1, N] as const]));
        cases.push(
          caseOf(
            `derive-decay ${form}${inputDecay ? ' input' : ''} rest ${rest} [${columns} -> ${N}]`,
            ['derive-decay', 'derive-decay-backward'],
            [
              { kernel: 'derive-decay-backward', ...fields, dRaw: 'dRaw', dA: 'dA', dB: 'dB', dC: 'dC' },
              { kernel: 'derive-decay', ...fields, a: 'a', b: 'b', c: 'c' },
            ],
            { ...shapes, raw: [1, columns], dRaw: [1, columns] },
            new Map([
              // some outside [0, 1], where a beta is clamped and has no gradient
              ['raw', sparse(from, columns, 1, 1.5)],
              ...['dA', 'dB', 'dC'].map((id) => [id, sparse(from, N)] as const),
              // b and c start as a `beta` decay leaves them
              ['b', new Float32Array(N).fill(1)] as const,
            ]),
          ),
        );
      }
    }
    cases.push(
      caseOf(
        `spread and zero [${N}]`,
        ['spread', 'spread-backward', 'zero'],
        [
          { kernel: 'spread', raw: 'raw', vector: 'vector' },
          { kernel: 'spread-backward', dRaw: 'dRaw', dVector: 'dVector' },
          { kernel: 'zero', parameters: ['old', 'older'] },
        ],
        { raw: [1, 1], vector: [1, N], dRaw: [1, 1], dVector: [1, N], old: [N, 7], older: [1, 1] },
        new Map([
          ['raw', Float32Array.of(0.7)],
          ...(['dVector', 'old'] as const).map((id) => [id, sparse(random(N), id === 'old' ? 7 * N : N)] as const),
          ['older', Float32Array.of(3)],
        ]),
      ),
    );
  }
  return cases;
}

export const UPDATE_OPS: readonly ConformanceCase[] = [...optimiserCases(), ...clipCases(), ...derivedCases()];
