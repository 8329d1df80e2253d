// How often the neurons of each layer of a deep network fire: mean and range, a row a layer.

import type { NetworkRecord } from '../../store/index.ts';
import { significant } from '../quantity.ts';
import { runColors } from './runs.ts';
import { CONFIG, type Figure, legendColumns, SCHEMA } from './theme.ts';

const ROW = 22;
const RANGE = { low: 0.1, high: 0.9 };

export function rateRanges(networks: readonly NetworkRecord[], layers: readonly string[]): Figure {
  const names = networks.map(({ name }) => name);
  const values = networks.flatMap(rowsOf);
  const y = {
    field: 'layer',
    type: 'nominal' as const,
    title: null,
    sort: [...layers],
    axis: { ticks: false, domain: false },
  };
  const yOffset = { field: 'network', type: 'nominal' as const, sort: names };
  const x = {
    field: 'mean',
    type: 'quantitative' as const,
    title: 'Spikes a neuron a step',
    scale: { zero: true },
  };
  const color = {
    field: 'network',
    type: 'nominal' as const,
    title: null,
    scale: { domain: names, range: runColors(networks) },
    legend: { columns: legendColumns(names, 3) },
  };
  return {
    id: 'firing-rates',
    title: 'Firing rates',
    caption:
      "Mean firing rate of each layer's neurons over the test set (dots), and the range that holds all but the least and the most active tenth of them (lines). The fewer spikes, the less a spiking chip has to do.",
    alt: `Dots with ranges. ${values.map(({ network, layer, mean }) => `${network}, ${layer}: mean ${significant(mean)}`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: 460,
      height: layers.length * Math.max(ROW, 9 * networks.length),
      data: { values },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 2.5, opacity: 0.45 },
          encoding: { y, yOffset, x: { ...x, field: 'low' }, x2: { field: 'high' }, color },
        },
        { mark: { type: 'point', size: 45, opacity: 1 }, encoding: { y, yOffset, x, color } },
      ],
    },
  };
}

function rowsOf({ name, rates }: NetworkRecord) {
  return rates
    .filter((layer) => layer.rates.length > 0)
    .map((layer) => {
      const sorted = layer.rates.toSorted((a, b) => a - b);
      const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
      const mean = sorted.reduce((sum, rate) => sum + rate, 0) / sorted.length;
      return { network: name, layer: layer.layer, mean, low: at(RANGE.low), high: at(RANGE.high) };
    });
}
