import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { largestDifference, outputsOf, randomSamples, randomWeights } from '../../../test/fixtures/random-networks.ts';
import { ConfigError, ShapeError } from '../../core/index.ts';
import { averagePool, conv, dense, flatten, lif, type NetworkSpec, network, slot } from '../../model/index.ts';
import { prepareNetwork } from '../index.ts';

const pair = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

const sizes = fc.record({
  ...{ map: pair(3, 9), size: pair(1, 3), poolStride: pair(1, 3), poolPadding: pair(0, 1) },
  ...{
    kernel: pair(1, 3),
    stride: pair(1, 2),
    padding: pair(0, 1),
    dilation: pair(1, 2),
    groups: fc.constantFrom(1, 2),
  },
});

test('folding a pool never changes the outputs, whatever the windows', () => {
  let folded = 0;
  fc.assert(
    fc.property(sizes, ({ map, size, poolStride, poolPadding, kernel, ...options }) => {
      let spec: NetworkSpec;
      try {
        spec = network(
          'n',
          [...map, 2],
          [
            slot('s', lif()),
            averagePool('p', size, { stride: poolStride, padding: poolPadding }),
            conv('c', 4, kernel, options),
            flatten(),
            dense('out', 3),
          ],
        );
      } catch (error) {
        if (error instanceof ShapeError || error instanceof ConfigError) return;
        throw error;
      }
      const weights = randomWeights(spec, 2);
      const samples = randomSamples(spec, 2, 7);
      const prepared = prepareNetwork(spec, weights, { foldLimit: Number.POSITIVE_INFINITY });
      if (prepared.spec.layers.every(({ kind }) => kind !== 'pool')) folded++;
      const [before, after] = [
        outputsOf(spec, weights, samples, 'ann'),
        outputsOf(prepared.spec, prepared.weights, samples, 'ann'),
      ];
      assert.ok(largestDifference(before, after) < 5e-6, `outputs differ by ${largestDifference(before, after)}`);
    }),
    { numRuns: 150 },
  );
  assert.ok(folded > 20, `only ${folded} were folded`);
});
