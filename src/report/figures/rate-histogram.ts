// How often the neurons of each layer fire: a histogram of mean rates, a column a layer, a row a network.

import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { contendersOf, featured } from '../contest.ts';
import { mergeOrder } from '../merge-order.ts';
import { percent, significant } from '../quantity.ts';
import { rateRanges } from './rate-ranges.ts';
import { CONFIG, type Figure, KIND_NAME, kindScale, SCHEMA } from './theme.ts';

const BINS = 20;
/** With more layers than this each is a row with its mean and range. */
const MOST_COLUMNS = 5;

/** Null if no rates were stored. */
export function rateHistogram(record: RunRecord): Figure | null {
  const networks = shownNetworks(record).filter(({ rates }) => rates.length > 0);
  const all = networks.flatMap(({ rates }) => rates.flatMap((layer) => layer.rates));
  if (all.length === 0) return null;
  const layers = mergeOrder(networks.map(({ rates }) => rates.map(({ layer }) => layer)));
  if (layers.length > MOST_COLUMNS) return rateRanges(networks, layers);
  const width = all.reduce((most, rate) => Math.max(most, rate), 1 / 100) / BINS;
  // A network without a layer has an empty panel there: without one Vega would move those after it up.
  const values = networks.flatMap((network) =>
    layers.flatMap((layer) =>
      bins(network, network.rates.find((each) => each.layer === layer) ?? { layer, rates: [] }, width),
    ),
  );
  return {
    id: 'firing-rates',
    title: 'Firing rates',
    caption: `Share of each layer's neurons by mean firing rate over the test set, in spikes a neuron a step. The fewer spikes, the less a spiking chip has to do.`,
    alt: `Histograms. ${networks.flatMap((network) => network.rates.map((layer) => meanWords(network, layer))).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      data: { values },
      facet: {
        row: { field: 'network', type: 'nominal', title: null, sort: networks.map(({ name }) => name) },
        column: { field: 'layer', type: 'nominal', title: null, sort: [...layers] },
      },
      spec: {
        width: Math.max(120, Math.floor(560 / layers.length) - 20),
        height: 110,
        mark: { type: 'bar', stroke: 'white', strokeWidth: 0.5 },
        encoding: {
          x: {
            field: 'from',
            bin: 'binned',
            type: 'quantitative',
            title: 'Spikes a step',
            axis: { tickCount: 5 },
            scale: { domain: [0, width * BINS] },
          },
          x2: { field: 'to' },
          y: { field: 'share', type: 'quantitative', title: 'Neurons (%)', axis: { tickCount: 4 } },
          color: { field: 'kind', type: 'nominal', legend: null, scale: kindScale(networks.map(({ kind }) => kind)) },
        },
      },
    },
  };
}

/** The networks the verdict talks about, or every spiking one where there is no ANN. */
function shownNetworks(record: RunRecord): readonly NetworkRecord[] {
  const shown = featured(contendersOf(record)).map(({ network }) => network);
  return shown.length > 0 ? shown : record.networks.filter(({ kind }) => kind !== 'ann').slice(0, 3);
}

type LayerRates = NetworkRecord['rates'][number];

function bins({ name, kind }: NetworkRecord, { layer, rates }: LayerRates, width: number) {
  const counts = new Array<number>(BINS).fill(0);
  for (const rate of rates) counts[Math.min(BINS - 1, Math.floor(rate / width))]! += 1;
  const common = { network: name, kind: KIND_NAME[kind], layer };
  return counts.map((n, i) => ({
    ...common,
    from: i * width,
    to: (i + 1) * width,
    share: (100 * n) / Math.max(1, rates.length),
  }));
}

function meanWords({ name }: NetworkRecord, { layer, rates }: LayerRates): string {
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
  const silent = rates.filter((rate) => rate === 0).length / Math.max(1, rates.length);
  return `${name}, ${layer}: mean ${significant(mean)}, ${percent(silent, 0)} % silent`;
}
