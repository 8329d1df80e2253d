// ANN activation against spike rate, a dot a value, a panel a layer; what a faithful layer would give as a line.

import type { LayerDiagnosis } from '../../../convert/index.ts';
import type { RunRecord } from '../../../store/index.ts';
import { significant } from '../../quantity.ts';
import { CONFIG, type Figure, KIND_COLOR, OKABE_ITO, SCHEMA } from '../theme.ts';
import { COLUMNS, firstDiagnosed, PANEL, panelLayers, panelTitle, panelWords, place } from './layers.ts';

/** Activations beyond so many scales are cut off: one outlier would press all others together. */
const SHOWN_SCALES = 2.5;

interface Dot {
  readonly x: number;
  readonly y: number;
}

/** Null if nothing was diagnosed. */
export function activationScatter(record: RunRecord): Figure | null {
  const found = firstDiagnosed(record);
  if (found === undefined) return null;
  const { diagnosis, network } = found;
  const layers = panelLayers(diagnosis.layers).filter(({ scatter }) => scatter.length > 0);
  if (layers.length === 0) return null;
  return {
    id: 'activation-scatter',
    title: `Activations of the ANN against rates of ${network.name}`,
    caption: `A dot is one neuron for one image, ${Math.max(...layers.map(({ scatter }) => scatter.length))} drawn at random in each layer from those that are not 0 on both sides. On the grey line the two agree: activations are in scales of the layer, and rates cannot exceed 1. r is the correlation.${panelWords(diagnosis.layers)}`,
    alt: `Scatter plots. ${layers.map(({ layer, correlation }) => `${layer}: correlation ${correlationWords(correlation)}`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      concat: layers.map((layer, i) => panel(layer, place(i, layers.length))),
      columns: COLUMNS,
      spacing: { row: 18, column: 22 },
    },
  };
}

const correlationWords = (correlation: number | null): string =>
  correlation === null ? 'none' : correlation.toFixed(3);

function panel(layer: LayerDiagnosis, { left, bottom }: ReturnType<typeof place>) {
  const { fires, scale, scatter } = layer;
  const dots = scatter.map(({ activation, rate }): Dot => ({ x: fires ? activation / scale : activation, y: rate }));
  const domains = fires ? firingDomains(dots) : outputDomains(dots);
  const axis = (name: string, shown: boolean) => ({ title: shown || !fires ? name : null });
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [...domains.x], nice: false },
    axis: { tickCount: 4, grid: false, ...(fires && { tickMinStep: 0.5 }) },
    ...axis(fires ? 'ANN activation / scale' : 'ANN output', bottom),
  };
  const y = {
    field: 'y',
    type: 'quantitative' as const,
    scale: { domain: [...domains.y], nice: false },
    axis: { tickCount: 4, grid: false },
    ...axis(fires ? 'Spikes a step' : 'Sum a step', left),
  };
  const correlation = `r = ${correlationWords(layer.correlation)}`;
  return {
    title: panelTitle(
      layer.layer,
      fires ? `${correlation}, scale ${significant(scale)}` : `${correlation}, never fires`,
    ),
    ...PANEL,
    layer: [
      {
        data: { values: idealLine(domains.x, fires) },
        mark: { type: 'line' as const, color: OKABE_ITO.grey, opacity: 0.55, strokeWidth: 1.5, clip: true },
        encoding: { x, y, order: { field: 'x', type: 'quantitative' as const } },
      },
      {
        data: { values: dots },
        mark: { type: 'point' as const, size: 12, opacity: 0.45, color: KIND_COLOR.converted, clip: true, aria: false },
        encoding: { x, y },
      },
    ],
  };
}

interface Domains {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Dots at a bound stay whole: a little room beyond it. */
function firingDomains(dots: readonly Dot[]): Domains {
  const xs = dots.map(({ x }) => x);
  const low = Math.min(0, ...xs, ...dots.map(({ y }) => y));
  const high = Math.min(SHOWN_SCALES, Math.max(1, ...xs));
  return { x: [Math.max(-SHOWN_SCALES, low) - 0.04, high + 0.04], y: [Math.max(-1, low) - 0.04, 1.04] };
}

/** Both sides in the same unit, so one span for both: its diagonal is where they agree. */
function outputDomains(dots: readonly Dot[]): Domains {
  const values = dots.flatMap(({ x, y }) => [x, y]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.04 * Math.max(high - low, 1e-9);
  return { x: [low - room, high + room], y: [low - room, high + room] };
}

function idealLine([low, high]: readonly [number, number], fires: boolean): Dot[] {
  const ends = [low, ...(fires && high > 1 ? [1] : []), high];
  return ends.map((x) => ({ x, y: fires ? Math.min(1, x) : x }));
}
