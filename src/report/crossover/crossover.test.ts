// A crossover in words, as a table and as a figure, from points whose crossing is known.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BatchChoice, breakEven, type Crossover, type CrossoverPoint, PATHS } from '../../timing/index.ts';
import type { Compared } from '../../trials/index.ts';
import { crossoverHtml, crossoverText, renderSvg } from '../index.ts';
import { crossoverFigure } from './figure.ts';

const RATES = [0.01, 0.05, 0.2, 0.5];

const compared = (value: number): Compared => {
  const median = (v: number) => ({ kind: 'measured', value: v, low: 0.95 * v, high: 1.05 * v, trials: 5 }) as const;
  return { perInference: median(value * 1e-5), ratio: median(value) };
};

/** Event by event in proportion to rate and T, with a fixed part; as matrix products to T. */
function point(batch: BatchChoice, timesteps: number, rate: number, path: (typeof PATHS)[number]): CrossoverPoint {
  const dense = 0.6 * timesteps;
  const ratio = path === 'dense' ? dense : timesteps * (0.05 + 2 * rate);
  const where = {
    batch,
    samples: batch === 'best' ? 64 : batch,
    timesteps,
    rate,
    asItIs: rate === 0.05 && timesteps === 8,
    path,
  };
  return { ...where, time: compared(batch === 1 ? ratio : 20 * ratio) };
}

function crossover(energy = false): Crossover {
  const points = ([1, 'best'] as const).flatMap((batch) =>
    [1, 8].flatMap((T) => RATES.flatMap((rate) => PATHS.map((path) => point(batch, T, rate, path)))),
  );
  const told = points.map((one) => (energy ? { ...one, energy: one.time } : one));
  const lines = ([1, 'best'] as const).flatMap((batch) =>
    [1, 8].flatMap((timesteps) =>
      PATHS.map((path) => {
        const own = told.filter((p) => p.batch === batch && p.timesteps === timesteps && p.path === path);
        const even = breakEven(own.map(({ rate, time }) => ({ rate, ratio: time.ratio })));
        return { batch, samples: own[0]!.samples, timesteps, path, time: even, ...(energy ? { energy: even } : {}) };
      }),
    ),
  );
  const ann = { batch: 1, samples: 1, engine: 'Spikewatt', time: compared(1).perInference } as const;
  return {
    ...{
      network: 'mlp',
      data: 'blobs',
      threads: 1,
      encoder: 'constant',
      own: { timesteps: 8, rate: 0.05 },
      anns: [ann],
    },
    ...{ onnx: 'not asked for', points: told, lines, trials: 100, rejected: 3 },
    ...(energy ? {} : { noEnergy: 'not measurable here: no powercap, no GPU' }),
  };
}

test('the headline says what the network takes as it is, and below which rate it takes less', () => {
  const text = crossoverText(crossover(), { width: 200, color: false });
  const words = text.replace(/\s+/g, ' ');
  assert.match(
    words,
    /^As it is, at 5\.00 % spikes a neuron and step and T=8, the spiking network takes 1\.20 times \(one image at a time\) and 24\.0 times \(each at its best batch\) the time of the ANN\. It takes less below 4\d\.\d % \(4\d\.\d–\?\) for T=1 \(one image at a time\), below 3\.\d+ % \(3\.\d+–3\.\d+\) for T=8 \(one image at a time\)\./,
  );
  assert.match(text, /1 +1 +4\d\.\d % \(4\d\.\d–\?\) +always/);
  assert.match(text, /best \(64\) +8 +never +never +never/);
  assert.match(words, /not measurable here: no powercap, no GPU/);
  assert.match(words, /100 trials, 3 of them dropped/);
});

test('figures draw without a complaint: time, and energy where there is a meter', async () => {
  assert.equal(crossoverFigure(crossover(), 'energy'), null);
  for (const quantity of ['time', 'energy'] as const) {
    const figure = crossoverFigure(crossover(true), quantity)!;
    const { svg, warnings } = await renderSvg(figure);
    assert.deepEqual(warnings, []);
    assert.match(svg, /Batches of the best size, 64/);
    assert.match(figure.alt, /T=8, batch 1: 3\.\d+ %/);
  }
});

test('the page holds all of it and loads nothing', async () => {
  const page = await crossoverHtml(crossover(true), 'a <processor>');
  assert.match(page, /a &lt;processor&gt;/);
  assert.equal(page.match(/<svg /g)!.length, 2);
  assert.doesNotMatch(page, /(?:src|href)="http/);
});
