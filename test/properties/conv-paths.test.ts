// Convolutions event by event or as matrix products: the same bits, whatever the threads. On dyadic numbers, whose sums are exact in
// any order, both are the float64 reference's bits too.

import { after, test } from 'node:test';
import fc from 'fast-check';
import { type Backend, referenceBackend, type WasmOptions, wasmBackend } from '../../src/engine/index.ts';
import { assertSame } from '../closeness.ts';
import {
  batchOf,
  binary,
  type ConformanceCase,
  dyadic,
  execute,
  prepare,
  random,
  windowOf,
} from '../conformance/cases.ts';
import { CONVOLUTIONS, convPlan, type Geometry, type InputKind, weightShape } from '../conformance/conv-cases.ts';
import { SPLIT_MAP_NETWORKS } from '../conformance/map-network-cases.ts';

const started = new Map<string, Promise<Backend>>();
after(async () => {
  for (const backend of started.values()) await (await backend).close();
});
const on = (path: NonNullable<WasmOptions['path']>, threads: number): Promise<Backend> => {
  const key = `${path} ${threads}`;
  if (!started.has(key)) started.set(key, wasmBackend({ path, threads }));
  return started.get(key)!;
};

/** Every tensor the host can read that was written, and every parameter. */
function outcome(backend: Backend, entry: ConformanceCase): Map<string, ArrayLike<number>> {
  const program = prepare(backend, entry);
  execute(program, entry);
  const { forward, backward, tensors, parameters } = entry.plan;
  const written = new Set([...forward, ...backward].flatMap((op) => Object.values(op).map(String)));
  const found = new Map([
    ...tensors.filter(({ id }) => written.has(id)).map(({ id }) => [id, program.tensor(id)] as const),
    ...parameters.map(({ id }) => [id, program.read(id)] as const),
  ]);
  program.close();
  return found;
}

function assertIdentical(
  what: string,
  actual: Map<string, ArrayLike<number>>,
  expected: Map<string, ArrayLike<number>>,
) {
  for (const [id, values] of expected) assertSame(`${what}: ${id}`, actual.get(id)!, values);
}

test('convolutions: events, products and the choice between them, on 1 and 2 threads', async () => {
  const backends = [await on('dense', 1), await on('auto', 2), await on('events', 2)];
  const events = await on('events', 1);
  for (const entry of CONVOLUTIONS) {
    const expected = outcome(events, entry);
    for (const backend of backends) assertIdentical(entry.name, outcome(backend, entry), expected);
  }
});

test('convolutional networks through two training steps, on 1, 2 and 3 threads', async () => {
  const events = await on('events', 1);
  const backends = [await on('dense', 2), await on('auto', 3)];
  for (const entry of SPLIT_MAP_NETWORKS) {
    const expected = outcome(events, entry);
    for (const backend of backends) assertIdentical(entry.name, outcome(backend, entry), expected);
  }
});

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Any window that fits, any grouping, on channels around a vector and a panel. */
const drawn = fc
  .record({
    kernel: pair(1, 4),
    ...{ stride: pair(1, 3), padding: pair(0, 2), dilation: pair(1, 2), room: pair(0, 5), more: pair(0, 1) },
    groups: fc.constantFrom(1, 1, 2, 3),
    ...{
      perGroup: fc.constantFrom(1, 3, 5, 16, 33),
      filtersPerGroup: fc.constantFrom(1, 4, 11, 33),
      depthwise: fc.boolean(),
    },
    kind: fc.constantFrom<InputKind>('sample', 'step', 'spikes'),
    ...{ samples: fc.integer({ min: 1, max: 7 }), timesteps: fc.integer({ min: 1, max: 4 }), seed: fc.nat(1e6) },
    density: fc.constantFrom(0, 0.05, 0.3, 0.9, 1),
  })
  .map(({ kernel, stride, padding, dilation, room, more, groups, perGroup, filtersPerGroup, depthwise, ...rest }) => {
    const side = (axis: 0 | 1): number =>
      Math.max(1, dilation[axis] * (kernel[axis] - 1) + 1 - 2 * padding[axis]) + room[axis];
    const input = [side(0), side(1)] as const;
    const fits = windowOf(input, kernel, { stride, padding, dilation });
    // one output more, where it would start inside the map
    const hangs = ([0, 1] as const).map((axis) =>
      fits.output[axis] * stride[axis] - padding[axis] < input[axis] ? more[axis] : 0,
    );
    const window = { ...fits, output: [fits.output[0] + hangs[0]!, fits.output[1] + hangs[1]!] as const };
    const inputs = depthwise ? perGroup : groups * perGroup;
    const shape: Geometry = depthwise
      ? { window, inputs, filters: inputs, groups: inputs }
      : { window, inputs, filters: groups * filtersPerGroup, groups };
    return { shape, ...rest };
  });

test('any convolution of dyadic numbers is exact: events, products and reference agree to the last bit', async () => {
  const backends = [await on('events', 1), await on('dense', 2), await on('auto', 3)];
  fc.assert(
    fc.property(drawn, ({ shape, kind, samples, timesteps, density, seed }) => {
      const from = random(seed);
      const { window, inputs, filters } = shape;
      const length = samples * (kind === 'sample' ? 1 : timesteps) * window.input[0] * window.input[1] * inputs;
      const keep = binary(from, length, density);
      const values = kind === 'spikes' ? keep : dyadic(from, length, 0.25, 1).map((value, k) => value * keep[k]!);
      const [rows] = weightShape(shape);
      const entry: ConformanceCase = {
        ...{ name: 'drawn', kernels: [], plan: convPlan(shape, kind, timesteps), batches: [batchOf(samples, values)] },
        parameters: new Map([
          ['conv/weight', dyadic(from, rows * filters, 0.125, 1)],
          ['conv/bias', dyadic(from, filters, 0.125, 1)],
        ]),
      };
      const expected = outcome(referenceBackend(), entry);
      for (const backend of backends) assertIdentical(backend.name, outcome(backend, entry), expected);
    }),
    { numRuns: 60 },
  );
});
