// What stopping each image as soon as the output is sure enough gives: accuracy against mean latency, beside a fixed T.

import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { percent, significant } from '../quantity.ts';
import { longestRuns, runColors } from './runs.ts';
import { between, percentDomain, spacedLabels } from './spaced-labels.ts';
import { CONFIG, type Figure, HEIGHT, legendColumns, SCHEMA, WIDTH } from './theme.ts';

const SERIES = { early: 'stopped when sure', fixed: 'every image T steps' } as const;

/** Null if no run was tried with early stops. */
export function earlyStops(record: RunRecord): Figure | null {
  const runs = longestRuns(record).filter(({ earlyStop }) => (earlyStop?.points.length ?? 0) > 0);
  if (runs.length === 0) return null;
  const names = runs.map(({ name }) => name);
  const early = runs.flatMap(earlyRows);
  const fixed = runs.flatMap(fixedRows);
  const longest = Math.max(...runs.map(({ timesteps }) => timesteps));
  const x = {
    field: 'steps',
    type: 'quantitative' as const,
    title: 'Mean time steps an image',
    scale: { domain: [1, Math.max(2, longest)], nice: false },
    axis: { tickMinStep: 1, tickCount: 10 },
  };
  // The first steps, at which nothing is known yet, are below the axis unless images stop that early.
  const soonest = Math.min(...early.map(({ steps }) => steps));
  const near = fixed.filter(({ steps }) => steps >= soonest);
  const accuracies = percentDomain([...early, ...near].map(({ accuracy }) => accuracy));
  const y = {
    field: 'accuracy',
    type: 'quantitative' as const,
    title: 'Test accuracy (%)',
    scale: { domain: accuracies, nice: false },
  };
  const color = {
    field: 'network',
    type: 'nominal' as const,
    title: null,
    scale: { domain: names, range: runColors(runs) },
    legend: { columns: legendColumns(names, 3) },
  };
  const strokeDash = {
    field: 'series',
    type: 'nominal' as const,
    title: null,
    scale: {
      domain: [SERIES.early, SERIES.fixed],
      range: [
        [1, 0],
        [4, 3],
      ],
    },
  };
  const labelled = spacedLabels(early, ({ steps, accuracy }) => ({
    ...{ x: between(steps, [1, longest]), y: between(accuracy, accuracies) },
  }));
  const order = { field: 'steps', type: 'quantitative' as const };
  const rules = [...new Set(runs.map(({ earlyStop }) => earlyStop!.rule))].map((rule) => RULES[rule]).join('; ');
  return {
    id: 'early-stop',
    title: 'Stopping early',
    caption: `Each point is a threshold (the number below it, where there is room): an image stops after the first step at which ${rules} reaches it. Where the solid line lies above the dashed one, stopping when sure beats giving every image the same time.`,
    alt: `Line chart. ${early.map(({ network, label, steps, accuracy }) => `${network}, threshold ${label}: ${percent(accuracy / 100)} % in ${significant(steps)} steps`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: WIDTH,
      height: HEIGHT,
      layer: [
        {
          data: { values: fixed },
          mark: { type: 'line', strokeWidth: 1.5, clip: true },
          encoding: { x, y, color, strokeDash, order },
        },
        { data: { values: early }, mark: { type: 'line' }, encoding: { x, y, color, strokeDash, order } },
        { data: { values: early }, mark: { type: 'point', size: 60, opacity: 1 }, encoding: { x, y, color } },
        {
          data: { values: labelled },
          mark: { type: 'text', dy: 15, fontSize: 11, color: '#565656' },
          encoding: { x, y, text: { field: 'label', type: 'nominal' } },
        },
      ],
    },
  };
}

const RULES = {
  margin: 'the largest score minus the second largest',
  probability: 'the largest softmax of the scores',
} as const;

const earlyRows = ({ name, earlyStop }: NetworkRecord) =>
  earlyStop!.points.map(({ threshold, accuracy, meanSteps }) => ({
    ...{ network: name, series: SERIES.early, steps: meanSteps, accuracy: 100 * accuracy, label: String(threshold) },
  }));

const fixedRows = ({ name, accuracyByStep }: NetworkRecord) =>
  accuracyByStep.map((share, i) => ({
    ...{ network: name, series: SERIES.fixed, steps: i + 1, accuracy: 100 * share },
  }));
