// The error of the spiking network layer by layer: so far, and what each layer adds by itself.

import type { RunRecord } from '../../../store/index.ts';
import { percent } from '../../quantity.ts';
import { CONFIG, type Figure, KIND_COLOR, OKABE_ITO, SCHEMA } from '../theme.ts';
import { firstDiagnosed } from './layers.ts';

const ROW = 20;
const SERIES = { soFar: 'so far', own: 'added by the layer alone' } as const;

/** Null if nothing was diagnosed. */
export function errorByDepth(record: RunRecord): Figure | null {
  const found = firstDiagnosed(record);
  if (found === undefined) return null;
  const { network, diagnosis } = found;
  const layers = diagnosis.layers.map(({ layer }) => layer);
  const values = diagnosis.layers.flatMap(({ layer, relativeError, ownError, fires }, index) => [
    { index, layer, series: SERIES.soFar, error: 100 * relativeError },
    ...(fires ? [{ index, layer, series: SERIES.own, error: 100 * ownError }] : []),
  ]);
  const encoding = {
    y: {
      field: 'layer',
      type: 'nominal' as const,
      title: null,
      sort: layers,
      scale: { domain: layers },
      axis: { grid: true, domain: false, ticks: false },
    },
    x: { field: 'error', type: 'quantitative' as const, title: 'Relative error (%)', scale: { zero: true } },
    color: {
      field: 'series',
      type: 'nominal' as const,
      title: null,
      scale: { domain: [SERIES.soFar, SERIES.own], range: [KIND_COLOR.converted, OKABE_ITO.blue] },
    },
  };
  return {
    id: 'error-depth',
    title: `Error by depth of ${network.name}`,
    caption:
      'Root mean square of the difference between the ANN activation and the rate times its scale, relative to the activations, from the first layer down. What a layer adds is measured by giving it exactly the input it has in the ANN; the rest comes from the layers before, and from spikes that come unevenly.',
    alt: `Dots and lines. ${diagnosis.layers.map(({ layer, relativeError, ownError }) => `${layer}: ${percent(relativeError, 1)} % so far, ${percent(ownError, 1)} % added`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: 460,
      height: Math.max(3, layers.length) * ROW,
      data: { values },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: { ...encoding, order: { field: 'index', type: 'quantitative' } },
        },
        { mark: { type: 'point', size: 50, opacity: 1 }, encoding: { ...encoding, shape: shape() } },
      ],
    },
  };
}

/** Told apart without colour, too. */
const shape = () => ({
  field: 'series',
  type: 'nominal' as const,
  title: null,
  scale: { domain: [SERIES.soFar, SERIES.own], range: ['circle', 'diamond'] },
});
