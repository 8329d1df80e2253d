// How every figure looks: white ground, dark text, the Okabe-Ito palette (told apart by colour-blind readers too), no network.

import type { Config, TopLevelSpec } from 'vega-lite';
import type { NetworkRecord } from '../../store/index.ts';

/** Okabe and Ito 2008; `grey` stands in for their black where that would shout. */
export const OKABE_ITO = {
  orange: '#E69F00',
  sky: '#56B4E9',
  green: '#009E73',
  yellow: '#F0E442',
  blue: '#0072B2',
  vermillion: '#D55E00',
  purple: '#CC79A7',
  grey: '#4D4D4D',
} as const;

/** A figure: its Vega-Lite spec with data inline, and what it shows in words for those who cannot see it. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** For a screen reader: what is drawn and the numbers that matter. */
  readonly alt: string;
  readonly spec: TopLevelSpec;
}

/** One colour for each kind of network, the same in every figure. */
export const KIND_COLOR: Record<NetworkRecord['kind'], string> = {
  ann: OKABE_ITO.grey,
  snn: OKABE_ITO.blue,
  converted: OKABE_ITO.vermillion,
};

export const KIND_NAME: Record<NetworkRecord['kind'], string> = {
  ann: 'ANN',
  snn: 'SNN, trained',
  converted: 'SNN, converted',
};

/** Scale of a colour encoding by kind of network, for the kinds present. */
export function kindScale(kinds: readonly NetworkRecord['kind'][]): { domain: string[]; range: string[] } {
  const present = (['ann', 'snn', 'converted'] as const).filter((kind) => kinds.includes(kind));
  return { domain: present.map((kind) => KIND_NAME[kind]), range: present.map((kind) => KIND_COLOR[kind]) };
}

/** Columns of a legend: one where a name is so long that more would make the figure wider than its plot. */
export const legendColumns = (names: readonly string[], most: number): number =>
  names.some((name) => name.length > 24) ? 1 : most;

export const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
export const WIDTH = 620;
export const HEIGHT = 280;

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export const CONFIG: Config = {
  background: 'white',
  font: FONT,
  view: { stroke: null },
  axis: {
    labelFontSize: 13,
    titleFontSize: 13,
    titleFontWeight: 600,
    titlePadding: 10,
    labelColor: '#333333',
    titleColor: '#222222',
    domainColor: '#888888',
    tickColor: '#888888',
    gridColor: '#E6E6E6',
    labelLimit: 260,
  },
  legend: {
    labelFontSize: 13,
    titleFontSize: 13,
    titleFontWeight: 600,
    labelColor: '#333333',
    labelLimit: 320,
    symbolSize: 90,
    orient: 'top',
    offset: 12,
  },
  header: { labelFontSize: 13, titleFontSize: 13, labelFontWeight: 600, labelColor: '#222222' },
  line: { strokeWidth: 2 },
  point: { size: 55, filled: true },
  text: { fontSize: 12, color: '#222222' },
};
