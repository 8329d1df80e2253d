// Exporting a network file: what is refused, norms folded or kept, the check.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ONNX_NETWORKS } from '../../test/fixtures/onnx-networks.ts';
import { randomWeights } from '../../test/fixtures/random-networks.ts';
import { ConfigError, NumericError } from '../core/index.ts';
import { mlp } from '../model/index.ts';
import { openOnnx } from '../onnx/index.ts';
import type { NetworkFile, Reading } from '../store/index.ts';
import { exportFile, refuseDisagreement } from './export-job.ts';

const reading = { kind: 'ann', timesteps: 1, encoder: { kind: 'constant' }, decoder: 'max-membrane' } as const;
const fileOf = (spec: NetworkFile['spec'], read: Reading = reading): NetworkFile => ({
  ...{ spec, weights: randomWeights(spec, 1), reading: read },
});
const tiny = fileOf(mlp([4, 3, 2]));
const probe = await openOnnx((await exportFile(tiny, { check: false })).bytes);
const skip = 'unavailable' in probe ? probe.unavailable : false;
if (!('unavailable' in probe)) await probe.close();

test('a spiking network is refused with the reason, a converted one too', async () => {
  for (const kind of ['snn', 'converted'] as const)
    await assert.rejects(exportFile(fileOf(tiny.spec, { ...reading, kind, timesteps: 8 })), {
      name: ConfigError.name,
      message: `network: got a network read as "${kind}", T=8, expected an ANN: ONNX has no neurons that keep a membrane from step to step; export the ann.safetensors of its run`,
    });
});

test('norms are folded or kept, and either file agrees with the engine', { skip }, async () => {
  for (const spec of ONNX_NETWORKS.filter(({ name }) => name === 'residual' || name === 'depthwise')) {
    const norms = ({ layers }: NetworkFile['spec']): number =>
      layers.filter(({ kind }) => kind === 'batch-norm').length;
    const folded = await exportFile(fileOf(spec));
    const kept = await exportFile(fileOf(spec), { keepNorms: true });
    assert.deepEqual([norms(folded.spec), norms(kept.spec) > 0], [0, true]);
    assert.ok(folded.bytes.length < kept.bytes.length);
    for (const { check } of [folded, kept]) {
      assert.ok(check !== null && 'agrees' in check && check.agrees);
      assert.ok(check.largestDifference < 1e-5, `${check.largestDifference}`);
    }
  }
});

test('the check is left out where it is not wanted', async () => {
  assert.equal((await exportFile(tiny, { check: false })).check, null);
});

test('outputs that differ are an error that says by how much', () => {
  const check = {
    provider: 'onnxruntime-web',
    version: '1.30.0',
    samples: 16,
    differing: 3,
    largestDifference: 0.25,
  } as const;
  assert.throws(() => refuseDisagreement(tiny.spec, { ...check, agrees: false }), {
    name: NumericError.name,
    message:
      'network "mlp-4-3-2": onnxruntime-web 1.30.0 gives other outputs than the engine for 3 of 16 samples, by up to 0.25 of the largest output; nothing was written. Try another runtime, or --no-check to keep the file',
  });
  refuseDisagreement(tiny.spec, { ...check, agrees: true });
  refuseDisagreement(tiny.spec, { unavailable: 'not installed' });
});
