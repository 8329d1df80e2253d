// A profile as text and as a page, from a timeline made by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Timeline } from '../../engine/index.ts';
import { aggregate, type Profile, type Roof, rowKey, type Work } from '../../profile/index.ts';
import { renderSvg } from '../figures/render-svg.ts';
import { textWidth } from '../text-width.ts';
import { profileHtml } from './page.ts';
import { rooflineFigure } from './roofline-figure.ts';
import { shownRows } from './rows.ts';
import { profileText } from './text.ts';
import { timelineFigure } from './timeline-figure.ts';

const rates = { one: 6e10, all: 1e11 };
const roof: Roof = {
  ...{ source: 'measured', threads: 2, seconds: 1, flopsPerSecond: rates },
  bandwidths: [
    { workingSet: 131072, bytesPerSecond: rates },
    { workingSet: 2 ** 26, bytesPerSecond: { one: 1e10, all: 2e10 } },
  ],
};

const timeline: Timeline = {
  threads: 2,
  operations: [
    { kernel: 'dense', layer: 'fc<1>', stage: 'forward', index: 0 },
    { kernel: 'relu', layer: 'relu1', stage: 'forward', index: 1 },
    { kernel: 'wait', layer: '', stage: 'forward' },
    { kernel: 'adam', layer: 'fc<1>', stage: 'update' },
    { kernel: 'zero', layer: 'fc<1>', stage: 'update' },
  ],
  calls: [0, 20, 40].map((begin) => ({ call: 'run' as const, begin, end: begin + 12 })),
  events: [0, 20, 40].flatMap((at) => [
    { thread: 0, operation: 0, item: 0, begin: at + 1, end: at + 6 },
    { thread: 1, operation: 0, item: 1, begin: at + 2, end: at + 8 },
    { thread: 0, operation: 1, item: 0, begin: at + 6, end: at + 6.02 },
    { thread: 0, operation: 2, item: 0, begin: at + 6.02, end: at + 8 },
    { thread: 0, operation: 3, item: 0, begin: at + 8, end: at + 10 },
    { thread: 1, operation: 4, item: 0, begin: at + 8, end: at + 8.01 },
  ]),
};

const work: Work = {
  dense: { multiplyAdds: 1e8, additions: 0 },
  done: { multiplyAdds: 0, additions: 2e7 },
  ...{ read: 1e6, written: 1e6 },
};
const works = new Map([[rowKey({ stage: 'forward', layer: 'fc<1>', kernel: 'dense' }), work]]);

const profile: Profile = {
  ...{ network: 'a & b', mode: 'snn', purpose: 'train', timesteps: 5, encoder: 'rate', backend: 'wasm', threads: 2 },
  ...{ batchSize: 8, batches: 3, roof, timeline, table: aggregate(timeline, { works, roof }) },
  steps: { stage: 2e-5, plain: 0.0118, probed: 0.012, overhead: { value: 0.017, low: -0.01, high: 0.04 } },
  memory: {
    uses: { parameters: 2048, transposed: 0, kept: 4096, scratch: 1024, staging: 512, tables: 0 },
    ...{ program: 7680, heap: { before: 3e7, after: 2e7 }, resident: { now: 1e8, peak: 2e8 } },
  },
};

test('shown rows add up to all threads time, small ones taken together or not', () => {
  for (const few of [true, false]) {
    const rows = shownRows(profile, { few });
    const total = rows.reduce((sum, { seconds }) => sum + seconds, 0);
    assert.ok(Math.abs(total - 2 * 0.012) < 1e-12, `${total}`);
    assert.ok(Math.abs(rows.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12);
    assert.equal(
      rows.some(({ name }) => name === '(2 more)'),
      few,
    );
  }
});

test('the text: most time first, rates and roof, within the width, colour only where wanted', () => {
  const text = profileText(profile, { width: 100, color: false });
  const lines = text.split('\n');
  assert.match(
    lines[0]!,
    /^a & b as SNN, T = 5, training step: 11.8 ms for 8 samples on 2 threads, 1.47 ms a sample\.$/,
  );
  // 2e7 additions in 11 ms of threads, were it dense ten times as many; 0.4 ms at 50 GFLOP/s a thread.
  const first = lines.find((line) => line.startsWith('fc<1> dense'))!;
  assert.match(first, /^fc<1> dense +2 +11\.00 +45\.8 +1\.82 +18\.2 +0\.182 +10\.0 +4 +compute$/);
  assert.ok(text.indexOf('fc<1> dense') < text.indexOf('fc<1> adam'));
  assert.match(text, /\(waiting at barriers\) +– /);
  assert.match(text, /garbage was collected/);
  assert.match(
    text,
    /The probe: \+1\.7 % a batch \(median of 3 pairs with it and without; 95 % interval −1\.0 to\s\+4\.0 %\)/,
  );
  assert.doesNotMatch(text, /more than 3 %/);
  const slowed = { ...profile, steps: { ...profile.steps, overhead: { value: 0.2, low: 0.1, high: 0.3 } } };
  assert.match(profileText(slowed, { width: 100, color: false }), /more than 3 %/);
  for (const width of [60, 80, 100]) {
    const plain = profileText(profile, { width, color: false });
    for (const line of plain.split('\n')) assert.ok(textWidth(line) <= width, `${width}: ${line}`);
  }
  assert.ok(!text.includes('\u001b['));
  assert.ok(profileText(profile, { width: 100, color: true }).includes('\u001b[1m'));
});

test('the figures are drawn without complaint; the timeline has a lane for each thread and what happened in it', async () => {
  const figure = timelineFigure(profile);
  for (const each of [figure, rooflineFigure(profile)!]) assert.deepEqual((await renderSvg(each)).warnings, []);
  const { data } = figure.spec as { data: { values: { thread: string; what: string; begin: number; end: number }[] } };
  assert.deepEqual(
    data.values.filter(({ thread }) => thread === 'thread 0 (caller)').map(({ what, begin }) => [what, begin]),
    [
      ['fc<1> dense', 1],
      ['relu1 relu', 6],
      ['waiting', 6.02],
      ['fc<1> adam', 8],
    ].map(([what, begin]) => [what, begin]),
  );
  assert.match(figure.alt, /fc<1> dense 46 %/);
});

test('without arithmetic there is no roofline', () => {
  assert.equal(rooflineFigure({ ...profile, table: aggregate(timeline) }), null);
});

test('the page holds table and figures, escapes names, and loads nothing', async () => {
  const page = await profileHtml(profile);
  assert.match(page, /<title>a &amp; b – Spikewatt profile<\/title>/);
  assert.match(page, /<th scope="row">fc&lt;1&gt; dense<\/th>/);
  assert.equal(page.match(/<figure /g)!.length, 2);
  assert.doesNotMatch(page, /<script|(?:src|href)="https?:/);
});
