import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Knobs, recordFixture } from '../../test/fixtures/record.ts';
import { joules } from '../core/index.ts';
import type { RunRecord } from '../store/index.ts';
import { verdictOf } from './verdict.ts';
import { verdictText } from './verdict-text.ts';

/** One trained SNN, priced by the named profiles alone, without baselines unless asked for. */
function caseOf(knobs: Knobs, profiles: readonly string[]): RunRecord {
  const record = recordFixture({ converted: [], baselines: false, ...knobs });
  const networks = record.networks.map((network) => ({
    ...network,
    energy: network.energy.filter(({ profile }) => profiles.includes(profile)),
  }));
  return { ...record, networks };
}

const textOf = (record: RunRecord, topic: string): string =>
  verdictOf(record).points.find((point) => point.topic === topic)?.text ?? '';

const BOTH = ['horowitz-45nm-fp32', 'lemaire-45nm-int32'];
const sparse: Knobs = { snnInputRate: 0.003, snnHiddenRate: 0.005, snnAccuracy: 0.982 };

test('a sparse SNN as accurate as the ANN wins, by estimate', () => {
  const { outcome, headline } = verdictOf(caseOf(sparse, BOTH));
  assert.equal(outcome, 'spiking-wins');
  assert.match(
    headline,
    /^Yes, by estimate: SNN T=20 is not measurably less accurate than the ANN and would need 0\.\d+ to 0\.\d+ times its energy by all 2 estimates\. No chip's energy was measured\.$/,
  );
});

test('where only arithmetic is priced, a win is not called one', () => {
  const { outcome, headline } = verdictOf(caseOf(sparse, ['horowitz-45nm-fp32', 'horowitz-45nm-int8']));
  assert.equal(outcome, 'depends');
  assert.match(headline, /^Perhaps: .* but only arithmetic is priced; memory traffic often reverses this\.$/);
});

test('a busy SNN that is less accurate too loses, and that is said plainly', () => {
  const record = caseOf({ snnAccuracy: 0.95 }, BOTH);
  const { outcome, headline } = verdictOf(record);
  assert.equal(outcome, 'ann-wins');
  assert.equal(
    headline,
    'No: every spiking network here is less accurate than the ANN, and none would need less energy by any estimate.',
  );
  assert.match(
    textOf(record, 'accuracy'),
    /SNN T=20 reaches 95\.00 %, 3\.12 points less; the 95 % intervals do not overlap\./,
  );
});

test('a busy SNN as accurate as the ANN loses on energy', () => {
  const { outcome, headline } = verdictOf(caseOf({ snnAccuracy: 0.982 }, BOTH));
  assert.equal(outcome, 'ann-wins');
  assert.match(
    headline,
    /^No: the only spiking network that keeps up, SNN T=20, would need 2\.8 to 17 times the ANN's energy, by every estimate made here\.$/,
  );
});

test('where the winner hangs on what is priced, both ends are named', () => {
  const record = caseOf({ snnInputRate: 0.03, snnAccuracy: 0.98 }, BOTH);
  const { outcome, headline } = verdictOf(record);
  assert.equal(outcome, 'depends');
  assert.match(
    headline,
    /^It depends on what is priced: SNN T=20 would need 0\.\d+ times the energy of the ANN \(45 nm fp32 operators\), but \d\.\d times the energy of the ANN \(45 nm int32 with memory\)\.$/,
  );
  assert.match(
    textOf(record, 'energy'),
    /Arithmetic alone: .* With memory traffic: .* For SNN T=20 the answer changes with what is priced/,
  );
});

test('cheaper but less accurate is a trade, not a win', () => {
  const { outcome, headline } = verdictOf(caseOf({ ...sparse, snnAccuracy: 0.96 }, BOTH));
  assert.equal(outcome, 'depends');
  assert.match(
    headline,
    /^A trade at best: every spiking network here is less accurate than the ANN; SNN T=20 is 2\.12 points worse/,
  );
});

test('a cheaper ANN can take the win away', () => {
  const profiles = ['horowitz-45nm-fp32', 'horowitz-45nm-int8', 'lemaire-45nm-int8', 'lemaire-45nm-int32'];
  const with8 = caseOf({ ...sparse, baselines: true }, profiles);
  const twin = with8.networks[1]!.baselines!.find(({ kind }) => kind === 'quantised-twin')!;
  assert.match(
    textOf(with8, 'baselines'),
    /SNN T=20 would need .* times the energy of the ANN in int8 and .* times the energy of the ANN with 5-bit/,
  );
  assert.match(textOf(with8, 'baselines'), /priced, not trained: that they stay as accurate is assumed/);
  const free = {
    ...twin,
    energy: twin.energy.map((estimate) => ({ ...estimate, total: (estimate.total / 1e6) as typeof estimate.total })),
  };
  const networks = with8.networks.map((network) =>
    network.kind === 'snn' ? { ...network, baselines: [free] } : network,
  );
  assert.equal(verdictOf({ ...with8, networks }).outcome, 'depends');
});

test('overlapping intervals decide nothing', () => {
  assert.match(
    textOf(caseOf({ snnAccuracy: 0.98 }, BOTH), 'accuracy'),
    /0\.12 points less, but the 95 % intervals overlap: 10\u00a0000 test images cannot tell the two apart\./,
  );
  assert.match(
    textOf(caseOf({ snnAccuracy: 0.9812 }, BOTH), 'accuracy'),
    /98\.12 %, the same, the 95 % intervals overlap/,
  );
});

test('break-even, operations and measured time are in words', () => {
  const record = caseOf({}, BOTH);
  assert.match(
    textOf(record, 'operations'),
    /the ANN does 39\.4 k multiply-accumulates \(203 k where zeros are not skipped\)\. SNN T=20 does 529 k accumulations over 20 steps \(13 times the operations\)/,
  );
  assert.match(
    textOf(record, 'break-even'),
    /would need as much as the ANN at T = 1\.\d \(45 nm int32 with memory\), T = 7\.\d \(45 nm fp32 operators\)\. Each of its synapses carries 2\.60 spikes an image; .* above 1\.72/,
  );
  assert.match(
    textOf(record, 'measured'),
    /the ANN took 6\.10 µs an image\. SNN T=20 took 62\.0 µs an image, 10 times as long\. That says nothing about a spiking chip\. Energy was not measured: no powercap/,
  );
});

test('the limits name a small test set, one training, and the warnings', () => {
  const limits = textOf(recordFixture({ testSamples: 500 }), 'limits');
  assert.match(
    limits,
    /Tested on 500 of the 10\u00a0000 official test images\. Each network was trained once; .* never fired/,
  );
});

test('with one side missing there is no verdict', () => {
  const record = recordFixture();
  const alone = { ...record, networks: record.networks.slice(0, 1) };
  assert.equal(verdictOf(alone).outcome, 'no-comparison');
  assert.match(verdictOf(alone).headline, /it takes an ANN and a spiking network, and one is missing/);
  const unpriced = caseOf({}, ['loihi-1-minimum']);
  assert.equal(verdictOf(unpriced).headline, 'No comparison of energy: no profile prices both sides.');
});

test('the terminal text fits its width', () => {
  for (const line of verdictText(recordFixture(), { width: 50, color: false }).split('\n'))
    assert.ok(line.length <= 50, line);
});

test('a saving smaller than the constants can tell is not called a loss by every estimate', () => {
  const record = caseOf({ snnAccuracy: 0.982 }, BOTH);
  const ann = record.networks.find(({ kind }) => kind === 'ann')!;
  const networks = record.networks.map((network) => ({
    ...network,
    energy: network.energy.map((estimate, i) =>
      network.kind === 'ann' ? estimate : { ...estimate, total: joules(ann.energy[i]!.total * (i === 0 ? 0.97 : 3)) },
    ),
  }));
  assert.match(
    verdictOf({ ...record, networks }).headline,
    /^No: .* would need 0\.97 to 3\.0 times the ANN's energy; the little it saves by some estimate is below what such constants can tell \(5 %\)\.$/,
  );
});
