import assert from 'node:assert/strict';
import { test } from 'node:test';
import { referenceBackend } from '../engine/index.ts';
import { lower, writeWeights } from '../lower/index.ts';
import {
  averagePool,
  batchNorm,
  conv,
  dense,
  flatten,
  ifNeuron,
  initialWeights,
  type NetworkSpec,
  network,
  slot,
  type Weights,
} from '../model/index.ts';
import { foldNorms } from './fold-norms.ts';

const SPEC = network(
  'folded',
  [5, 5, 2],
  [
    conv('conv', 3, 3, { padding: 1 }),
    batchNorm('bn', { threshold: 1.5 }),
    slot('if1', ifNeuron()),
    averagePool('pool', 2),
    batchNorm('behind-pool'),
    flatten(),
    dense('fc', 4, { bias: false }),
    batchNorm('last'),
    slot('if2', ifNeuron(), { ann: 'identity' }),
  ],
);

/** Running statistics as training might leave them. */
function trained(): Weights {
  const weights = new Map(initialWeights(SPEC, 7));
  for (const norm of ['bn', 'behind-pool', 'last'])
    for (const [role, base] of [
      ['scale', 0.8],
      ['shift', 0.1],
      ['mean', 0.2],
      ['variance', 0.5],
    ] as const)
      weights.set(
        `${norm}/${role}`,
        weights.get(`${norm}/${role}`)!.map((_, c) => base + 0.1 * c),
      );
  return weights;
}

function outputs(spec: NetworkSpec, weights: Weights, mode: 'ann' | 'snn'): ArrayLike<number> {
  const lowered = lower(spec, {
    mode,
    timesteps: mode === 'ann' ? 1 : 6,
    input: { source: 'floats' },
    purpose: 'infer',
  });
  const program = referenceBackend().compile(lowered.plan, { samples: 3 });
  writeWeights(program, lowered, weights);
  program.run({
    samples: 3,
    input: Float32Array.from({ length: 150 }, (_, k) => Math.sin(k) + 0.4),
    seed: 0,
    epoch: 0,
  });
  return program.tensor((lowered.outputs.logits ?? lowered.outputs.spikes)!);
}

test('norms behind weights are folded, the network computes the same', () => {
  const weights = trained();
  for (const mode of ['ann', 'snn'] as const) {
    const folded = foldNorms(SPEC, weights, mode);
    assert.deepEqual(
      folded.spec.layers.filter(({ kind }) => kind === 'batch-norm').map(({ name }) => name),
      ['behind-pool'],
    );
    assert.equal(folded.weights.has('bn/mean'), false);
    const [before, after] = [outputs(SPEC, weights, mode), outputs(folded.spec, folded.weights, mode)];
    assert.ok(
      Array.from(before).some((value) => value !== 0),
      'a silent network shows nothing',
    );
    for (let k = 0; k < before.length; k++) assert.ok(Math.abs(before[k]! - after[k]!) < 1e-5, `${mode} output ${k}`);
  }
});

test('a network without norms is given back as it is', () => {
  const spec = network('plain', [3], [dense('fc', 2), slot('out', ifNeuron())]);
  const weights = initialWeights(spec, 1);
  assert.equal(foldNorms(spec, weights, 'snn').spec, spec);
});
