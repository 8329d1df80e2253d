// Counts of a convolution's work against brute force that knows nothing of windows' tables: every synapse of the network it is,
// asked one by one whether it exists and whether it carried something.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { type Backend, referenceBackend, wasmBackend } from '../../src/engine/index.ts';
import { assertSame } from '../closeness.ts';
import {
  batchOf,
  binary,
  type ConformanceCase,
  execute,
  prepare,
  random,
  sparse,
  windowOf,
} from '../conformance/cases.ts';
import { convPlan, type Geometry, type InputKind, weightShape } from '../conformance/conv-cases.ts';

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

const drawn = fc
  .record({
    ...{ kernel: pair(1, 3), stride: pair(1, 3), padding: pair(0, 2), dilation: pair(1, 2), room: pair(0, 4) },
    ...{
      groups: fc.constantFrom(1, 2, 3),
      perGroup: fc.constantFrom(1, 2, 11),
      filtersPerGroup: fc.constantFrom(1, 2),
    },
    ...{ kind: fc.constantFrom<InputKind>('sample', 'step', 'spikes'), seed: fc.nat(1e6) },
    ...{ samples: fc.integer({ min: 1, max: 3 }), timesteps: fc.integer({ min: 1, max: 3 }) },
    density: fc.constantFrom(0, 0.2, 0.6, 1),
  })
  .map(({ kernel, stride, padding, dilation, room, groups, perGroup, filtersPerGroup, ...rest }) => {
    const side = (axis: 0 | 1): number =>
      Math.max(1, dilation[axis] * (kernel[axis] - 1) + 1 - 2 * padding[axis]) + room[axis];
    const window = windowOf([side(0), side(1)], kernel, { stride, padding, dilation });
    const shape: Geometry = { window, inputs: groups * perGroup, filters: groups * filtersPerGroup, groups };
    return { shape, ...rest };
  });

/** Does output `o` read input `i` along one axis? The input must lie a whole number of taps from the output's first. */
function reads({ window }: Geometry, axis: 0 | 1, o: number, i: number): boolean {
  const distance = i - (o * window.stride[axis] - window.padding[axis]);
  const tap = distance / window.dilation[axis];
  return Number.isInteger(tap) && tap >= 0 && tap < window.kernel[axis];
}

/** Synapses that carried something other than 0, of one row of the input: [y, x, channel] to [y, x, filter] of its group. */
function synapsesOf(shape: Geometry, row: ArrayLike<number>): number {
  const { window, inputs, filters, groups } = shape;
  let carried = 0;
  for (let k = 0; k < row.length; k++) {
    const channel = k % inputs;
    const [iy, ix] = [Math.floor(k / inputs / window.input[1]), Math.floor(k / inputs) % window.input[1]];
    for (let oy = 0; oy < window.output[0]; oy++)
      for (let ox = 0; ox < window.output[1]; ox++)
        for (let filter = 0; filter < filters; filter++) {
          const sameGroup = Math.floor((channel * groups) / inputs) === Math.floor((filter * groups) / filters);
          if (sameGroup && reads(shape, 0, oy, iy) && reads(shape, 1, ox, ix) && row[k] !== 0) carried++;
        }
  }
  return carried;
}

const backends: Backend[] = [referenceBackend()];
after(async () => {
  for (const backend of backends) await backend.close();
});

test('counts with reach times the filters of a group are the synapses that brute force finds', async () => {
  backends.push(await wasmBackend({ threads: 1 }));
  fc.assert(
    fc.property(drawn, ({ shape, kind, samples, timesteps, density, seed }) => {
      const from = random(seed);
      const { window, inputs, filters, groups } = shape;
      const features = window.input[0] * window.input[1] * inputs;
      const rows = samples * (kind === 'sample' ? 1 : timesteps);
      const input = kind === 'spikes' ? binary(from, rows * features, density) : sparse(from, rows * features, density);
      const entry: ConformanceCase = {
        ...{ name: 'drawn', kernels: [], plan: convPlan(shape, kind, timesteps), batches: [batchOf(samples, input)] },
        parameters: new Map([['conv/weight', sparse(from, weightShape(shape)[0] * filters)]]),
      };
      const rowsOf = Array.from({ length: rows }, (_, r) => input.subarray(r * features, (r + 1) * features));
      const synapses = rowsOf.map((row) => synapsesOf(shape, row));
      for (const backend of backends) {
        const program = prepare(backend, entry);
        execute(program, entry);
        const reached = Array.from(program.tensor('reached'), (count) => (count * filters) / groups);
        assertSame(`${backend.name}: synapses`, reached, synapses);
        const nonzero = rowsOf.map((row) => row.filter((value) => value !== 0).length);
        assertSame(`${backend.name}: nonzero`, program.tensor('n'), nonzero);
        program.close();
      }
    }),
    { numRuns: 80 },
  );
});

test('a spike in the middle reaches a whole kernel, one in the corner a quarter of it', () => {
  const shape: Geometry = { window: windowOf([5, 5], [3, 3], { padding: [1, 1] }), inputs: 1, filters: 1, groups: 1 };
  const at = (pixel: number): number =>
    synapsesOf(
      shape,
      Float32Array.from({ length: 25 }, (_, k) => (k === pixel ? 1 : 0)),
    );
  assert.deepEqual([at(12), at(0), at(1)], [9, 4, 6]);
});
