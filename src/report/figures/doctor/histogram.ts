// How large the activations of each layer are beside the scale that was chosen for it.

import type { LayerDiagnosis } from '../../../convert/index.ts';
import type { RunRecord } from '../../../store/index.ts';
import { percent, significant } from '../../quantity.ts';
import { CONFIG, type Figure, OKABE_ITO, SCHEMA } from '../theme.ts';
import { COLUMNS, firstDiagnosed, PANEL, panelLayers, panelTitle, panelWords, place } from './layers.ts';

const HEIGHT = 110;

/** Null if nothing was diagnosed. */
export function activationHistogram(record: RunRecord): Figure | null {
  const found = firstDiagnosed(record);
  const all = found?.diagnosis.layers.filter(({ fires, values }) => fires && values > 0) ?? [];
  if (found === undefined || all.length === 0) return null;
  const layers = panelLayers(all);
  const shares = layers.flatMap(({ histogram }) => histogram.activations);
  const least = Math.min(...shares.filter((share) => share > 0));
  const floor = 100 * 10 ** Math.floor(Math.log10(least));
  return {
    id: 'activation-histogram',
    title: 'Activations beside the scale of their layer',
    caption: `Share of ANN activations by size, in scales of the layer; logarithmic. The first bar holds every 0, the last what lies beyond. Right of the dashed line (the scale) a neuron would have to spike more than once a step: those values saturate. Where nearly all lie far left of it, rates are low and take many steps to settle.${panelWords(all)}`,
    alt: `Histograms. ${layers.map(({ layer, scale, saturated }) => `${layer}: scale ${significant(scale)}, ${percent(saturated, 1)} % saturated`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      concat: layers.map((layer, i) => panel(layer, floor, place(i, layers.length))),
      columns: COLUMNS,
      spacing: { row: 18, column: 22 },
    },
  };
}

function panel({ layer, scale, histogram }: LayerDiagnosis, floor: number, { left, bottom }: ReturnType<typeof place>) {
  const end = histogram.width * histogram.activations.length;
  const bars = barsOf(histogram.activations, histogram.width, floor);
  const x = {
    field: 'from',
    type: 'quantitative' as const,
    title: bottom ? 'ANN activation / scale' : null,
    scale: { domain: [0, end], nice: false },
    axis: { tickCount: 4, grid: false },
  };
  const y = {
    field: 'percent',
    type: 'quantitative' as const,
    title: left ? 'Values (%)' : null,
    scale: { type: 'log' as const, domain: [floor, 100], nice: false },
    axis: { format: '~g', tickCount: 3 },
  };
  return {
    title: panelTitle(layer, `scale ${significant(scale)}`),
    width: PANEL.width,
    height: HEIGHT,
    layer: [
      {
        data: { values: bars },
        mark: { type: 'bar' as const, aria: false },
        encoding: {
          ...{ x: { ...x, bin: 'binned' as const }, x2: { field: 'to' }, y, y2: { datum: floor } },
          color: { field: 'color', type: 'nominal' as const, scale: null },
        },
      },
      {
        data: { values: [{ from: 1 }] },
        mark: { type: 'rule' as const, color: OKABE_ITO.grey, strokeDash: [5, 4], strokeWidth: 1.5 },
        encoding: { x },
      },
    ],
  };
}

const barsOf = (shares: readonly number[], width: number, floor: number) =>
  shares.flatMap((share, i) =>
    share === 0
      ? []
      : [
          {
            ...{ from: i * width, to: (i + 1) * width, percent: Math.max(floor, 100 * share) },
            color: i * width < 1 ? OKABE_ITO.blue : OKABE_ITO.vermillion,
          },
        ],
  );
