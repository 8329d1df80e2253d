import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataError } from '../core/index.ts';
import { dialects, initialWeights, mlp } from '../model/index.ts';
import { decodeNetworkFile, encodeNetworkFile, type NetworkFile } from './network-file.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

const spec = mlp([5, 3, 2], { neuron: dialects.snntorch.leaky({ beta: 0.9, learnBeta: true }) });
const file: NetworkFile = {
  spec,
  weights: initialWeights(spec, 3),
  reading: { kind: 'snn', timesteps: 7, encoder: { kind: 'rate', gain: 1, offset: 0 }, decoder: 'spike-count' },
};

/** The file with its metadata changed. */
function withMetadata(change: Record<string, string>): Uint8Array {
  const { tensors, metadata } = decodeSafetensors('w', encodeNetworkFile(file));
  return encodeSafetensors({ tensors, metadata: { ...metadata, ...change } });
}

const refuses = (bytes: Uint8Array, pattern: RegExp): void =>
  assert.throws(
    () => decodeNetworkFile('snn.safetensors', bytes),
    (error) => error instanceof DataError && pattern.test(error.message),
  );

test('a network and its weights are read back as they were', () => {
  const read = decodeNetworkFile('w', encodeNetworkFile(file));
  assert.deepEqual(read.spec, file.spec);
  assert.deepEqual(read.reading, file.reading);
  assert.deepEqual([...read.weights].sort(), [...file.weights].sort());
});

test('matrices have two dimensions, [in, out], and vectors one', () => {
  const { tensors } = decodeSafetensors('w', encodeNetworkFile(file));
  assert.deepEqual(tensors.get('fc1/weight')!.shape, [5, 3]);
  assert.deepEqual(tensors.get('fc1/bias')!.shape, [3]);
});

test('weights of another network are not written', () => {
  assert.throws(() => encodeNetworkFile({ ...file, weights: new Map() }), /"fc1\/weight" is missing/);
});

test('a file that is not whole, or not ours, is refused', () => {
  refuses(
    withMetadata({ format: 'other' }),
    /^snn\.safetensors: holds weights but no network of format spikewatt-network-file version 1/,
  );
  refuses(withMetadata({ network: '{"format":1}' }), /^snn\.safetensors: network: format: got 1/);
  refuses(
    withMetadata({ reading: '{"kind":"ann"}' }),
    /^snn\.safetensors: its description of how the network is read is damaged/,
  );
  const { tensors, metadata } = decodeSafetensors('w', encodeNetworkFile(file));
  const fewer = new Map([...tensors].filter(([key]) => key !== 'fc2/bias'));
  refuses(encodeSafetensors({ tensors: fewer, metadata }), /"fc2\/bias" is missing/);
});

test('any damaged file is either read or refused as data', () => {
  const good = encodeNetworkFile(file);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
      const bytes = good.slice();
      bytes[at] = value;
      try {
        decodeNetworkFile('w', bytes);
      } catch (error) {
        assert.ok(error instanceof DataError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});
