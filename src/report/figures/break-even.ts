// Energy of the spiking networks relative to the ANN against T, a line a profile: below 1 they need less.

import type { RunRecord } from '../../store/index.ts';
import { type Contender, contendersOf } from '../contest.ts';
import { times } from '../quantity.ts';
import { logTicks } from './log-axis.ts';
import { CONFIG, type Figure, HEIGHT, KIND_NAME, legendColumns, OKABE_ITO, SCHEMA, WIDTH } from './theme.ts';

const PALETTE = [
  OKABE_ITO.blue,
  OKABE_ITO.orange,
  OKABE_ITO.vermillion,
  OKABE_ITO.green,
  OKABE_ITO.purple,
  OKABE_ITO.sky,
];

/** Null if no profile prices both the ANN and a spiking network. */
export function energyRatios(record: RunRecord): Figure | null {
  const contenders = contendersOf(record);
  const values = contenders.flatMap(rowsOf);
  if (values.length === 0) return null;
  const profiles = [...new Set(values.map(({ profile }) => profile))].slice(0, PALETTE.length);
  const leftOut = new Set(values.map(({ profile }) => profile)).size - profiles.length;
  const more = leftOut > 0 ? ` ${leftOut} more profiles are left out here; all are in the energy figure.` : '';
  const kept = values.filter(({ profile }) => profiles.includes(profile));
  const steps = kept.map(({ t }) => t);
  const x = {
    field: 't',
    type: 'quantitative' as const,
    title: 'Time steps T (logarithmic)',
    scale: { type: 'log' as const, domain: [Math.min(...steps) / 1.25, Math.max(...steps) * 1.25], nice: false },
    axis: { values: [...new Set(steps)], format: 'd', grid: false },
  };
  const span = [...kept.map(({ ratio }) => ratio), 1];
  const domain: [number, number] = [Math.min(...span) / 1.4, Math.max(...span) * 1.4];
  const scale = { type: 'log' as const, domain, nice: false };
  const y = {
    field: 'ratio',
    type: 'quantitative' as const,
    title: "Energy, as a multiple of the ANN's",
    scale,
    axis: { format: '~g', values: logTicks(domain) },
  };
  const color = {
    field: 'profile',
    type: 'nominal' as const,
    title: null,
    scale: { domain: profiles, range: PALETTE.slice(0, profiles.length) },
    legend: { columns: legendColumns(profiles, 2) },
  };
  const kinds = [...new Set(kept.map(({ kind }) => kind))];
  const shape = {
    field: 'kind',
    type: 'nominal' as const,
    title: null,
    scale: { domain: kinds, range: ['diamond', 'circle'].slice(2 - Math.max(1, kinds.length)) },
  };
  const one = { data: { values: [{ ratio: 1, label: 'as much as the ANN' }] } };
  return {
    id: 'break-even',
    title: 'Break-even with the ANN',
    caption: `Estimated energy relative to the ANN, both under the same profile. Below the dashed line the spiking network would need less; where a line crosses it is the T to stay under. Lines join the reported T of the converted network.${more}`,
    alt: `Line chart. ${kept.map(({ network, profile, ratio }) => `${network}, ${profile}: ${times(ratio)}`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: WIDTH,
      height: HEIGHT,
      layer: [
        {
          ...one,
          mark: { type: 'rule', color: OKABE_ITO.grey, strokeDash: [6, 4], strokeWidth: 1.5 },
          encoding: { y },
        },
        {
          ...one,
          mark: { type: 'text', align: 'right', baseline: 'bottom', dy: -5, fontWeight: 600, color: OKABE_ITO.grey },
          encoding: { y, x: { value: WIDTH }, text: { field: 'label', type: 'nominal' } },
        },
        {
          data: { values: kept.filter(({ kind }) => kind === KIND_NAME.converted) },
          mark: { type: 'line' },
          encoding: { x, y, color },
        },
        {
          data: { values: kept },
          mark: { type: 'point', size: 90, opacity: 1, filled: false, strokeWidth: 2 },
          encoding: { x, y, color, shape },
        },
      ],
    },
  };
}

function rowsOf({ network, energy }: Contender) {
  return energy.flatMap(({ baseline, label, ratio }) =>
    baseline === null && ratio > 0
      ? [{ network: network.name, kind: KIND_NAME[network.kind], t: network.timesteps, profile: label, ratio }]
      : [],
  );
}
