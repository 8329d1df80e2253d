// Estimated energy of one inference under each profile, on a logarithmic axis.

import type { EnergyEstimate } from '../../measure/index.ts';
import type { RunRecord } from '../../store/index.ts';
import { estimateOf, profilesOf } from '../columns.ts';
import { contendersOf, featured } from '../contest.ts';
import { quantity } from '../quantity.ts';
import { wrap } from '../text-width.ts';
import { decades, siLabel } from './log-axis.ts';
import { CONFIG, type Figure, KIND_COLOR, legendColumns, OKABE_ITO, SCHEMA } from './theme.ts';

const TYPE_NAME: Record<EnergyEstimate['type'], string> = {
  arithmetic: 'arithmetic only',
  'with-memory': 'with memory',
  'whole-device': 'whole device',
  simulated: 'simulated',
};
const BAR = { roomy: 17, dense: 12, denseFrom: 9 };
/** Longest line of a profile's name, in characters and pixels. */
const LABEL = { characters: 24, pixels: 260 };
/** Room right of the bars for their values. */
const ROOM = 3;

interface Bar {
  readonly network: string;
  readonly profile: string;
  readonly joules: number;
  readonly start: number;
  readonly label: string;
}

/** Null if nothing is priced. */
export function energyPerProfile(record: RunRecord): Figure | null {
  const series = seriesOf(record);
  const profiles = profilesOf(record.networks);
  const priced = series.flatMap(({ name, of }) =>
    profiles.flatMap(({ profile }) => {
      const total = of(profile);
      return total === undefined || total <= 0
        ? []
        : [{ network: name, profile: rowName(profiles, profile), joules: total }];
    }),
  );
  if (priced.length === 0) return null;
  const sizes = priced.map(({ joules }) => joules);
  const start = 10 ** Math.floor(Math.log10(Math.min(...sizes)) - 0.2);
  const values: Bar[] = priced.map((bar) => ({ ...bar, start, label: quantity(bar.joules, 'joules') }));
  const names = series.map(({ name }) => name).filter((name) => values.some(({ network }) => network === name));
  return {
    id: 'energy',
    title: 'Estimated energy of one inference',
    caption:
      'Counts times published constants; nothing here was measured on a chip. The axis is logarithmic: read the values, not the lengths. A bar is missing where that hardware cannot run that network, or where a cheaper ANN was not priced. What each profile assumes and leaves out is listed below.',
    alt: `Bar chart. ${values.map(({ network, profile, label }) => `${network}, ${profile.replaceAll('\n', ' ')}: ${label}`).join('; ')}.`,
    spec: spec(values, names, series, [start, Math.max(...sizes) * ROOM]),
  };
}

interface Series {
  readonly name: string;
  readonly color: string;
  readonly of: (profile: string) => number | undefined;
}

/** The ANN, the cheaper ANNs the first contender is held against, and the networks the verdict talks about. */
function seriesOf(record: RunRecord): readonly Series[] {
  const contenders = featured(contendersOf(record));
  const ann = record.networks.find(({ kind }) => kind === 'ann');
  const own = (network: RunRecord['networks'][number]): Series => ({
    name: network.name,
    color: KIND_COLOR[network.kind],
    of: (profile) => estimateOf(network, profile)?.total,
  });
  const baselines = (contenders[0]?.network.baselines ?? []).map(
    ({ kind, energy, activationBits }): Series => ({
      name: kind === 'int8-ann' ? 'ANN in int8' : `ANN, ${activationBits}-bit activations`,
      color: kind === 'int8-ann' ? '#9A9A9A' : OKABE_ITO.green,
      of: (profile) =>
        energy.find((estimate) => estimate.profile === profile && estimate.notApplicable === undefined)?.total,
    }),
  );
  const shown =
    contenders.length > 0
      ? contenders.map(({ network }) => own(network))
      : record.networks.filter((network) => network !== ann).map(own);
  return [...(ann === undefined ? [] : [own(ann)]), ...baselines, ...shown];
}

function rowName(profiles: readonly EnergyEstimate[], id: string): string {
  const { label, type } = profiles.find(({ profile }) => profile === id)!;
  return [...wrap(label, LABEL.characters), `(${TYPE_NAME[type]})`].join('\n');
}

function spec(values: Bar[], names: string[], series: readonly Series[], domain: [number, number]): Figure['spec'] {
  const rows = [...new Set(values.map(({ profile }) => profile))];
  const color = {
    field: 'network',
    type: 'nominal' as const,
    title: null,
    scale: { domain: names, range: names.map((name) => series.find((one) => one.name === name)!.color) },
    legend: { columns: legendColumns(names, 3) },
  };
  const y = {
    field: 'profile',
    type: 'nominal' as const,
    title: null,
    sort: rows,
    scale: { paddingInner: 0.25, paddingOuter: 0.1 },
    axis: { ticks: false, domain: false, labelLimit: LABEL.pixels, labelExpr: "split(datum.label, '\\n')" },
  };
  const yOffset = { field: 'network', type: 'nominal' as const, sort: names };
  const scale = { type: 'log' as const, domain, nice: false };
  const x = { field: 'joules', type: 'quantitative' as const, title: 'Energy for one image', scale };
  const axis = { labelExpr: siLabel('J'), values: decades(domain), labelOverlap: false };
  return {
    $schema: SCHEMA,
    config: CONFIG,
    width: 420,
    height: { step: rows.length < BAR.denseFrom ? BAR.roomy : BAR.dense, for: 'offset' },
    data: { values },
    layer: [
      { mark: { type: 'bar' }, encoding: { y, yOffset, color, x: { ...x, axis }, x2: { field: 'start' } } },
      {
        mark: {
          type: 'text',
          align: 'left',
          baseline: 'middle',
          dx: 4,
          fontSize: rows.length < BAR.denseFrom ? 12 : 11,
        },
        encoding: { y, yOffset, x, text: { field: 'label', type: 'nominal' } },
      },
    ],
  };
}
