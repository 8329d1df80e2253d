// A diagnosis as a table: a layer a row. All of it was measured by running the ANN and its spiking network over the same images.

import type { LayerDiagnosis } from '../../convert/index.ts';
import type { NetworkSpec } from '../../model/index.ts';
import { type Column, NONE } from '../columns.ts';
import { layerWords } from '../layer-words.ts';
import { percent, significant } from '../quantity.ts';

export type LayerColumn = Column<LayerDiagnosis>;

/** Columns in order; `spec`, the spiking network's, adds what each layer is. */
export function layerColumns(spec?: NetworkSpec): readonly LayerColumn[] {
  return [
    words('layer', 'Layer', ({ layer }) => layer),
    ...(spec === undefined ? [] : [words('after', 'After', ({ layer }) => layerWords(spec, layer) || NONE)]),
    number('correlation', 'Correlation', '', ({ correlation }) => correlation, correlationText),
    number('saturated', 'Saturated', '%', firing('saturated'), (share) => percent(share, 1)),
    number('silent', 'Silent', '%', firing('silent'), (share) => percent(share, 1)),
    number('error', 'Error so far', '%', ({ relativeError }) => relativeError, errorText),
    number('ownError', 'Error added here', '%', firing('ownError'), errorText),
    number('scale', 'Largest activation', '', firing('scale'), significant),
    number('meanActivation', 'Mean activation', '', ({ meanActivation }) => meanActivation, significant),
    number('meanRate', 'Mean rate', '/step', firing('meanRate'), significant),
  ];
}

/** What the columns mean, a sentence each. */
export const LAYER_NOTES: readonly string[] = [
  'Correlation: of each ANN activation with its spike rate times the scale.',
  'Saturated: neurons that fire at every step and should fire more. Silent: that never fire though the ANN is above 0.',
  'Errors are root mean squares, relative to the activations: so far, and what this layer adds if its input were exact.',
  'Largest activation: the one that a spike at every step stands for, the scale of the layer.',
];

/** Of a layer that never fires (it adds up what it gets) these do not exist. */
const firing =
  (key: 'saturated' | 'silent' | 'ownError' | 'scale' | 'meanRate') =>
  (layer: LayerDiagnosis): number | null =>
    layer.fires ? layer[key] : null;

/** Never 1.000 unless it is. */
const correlationText = (value: number): string => (value < 1 && value > 0.9995 ? '> 0.999' : value.toFixed(3));

/** Never 0.0 unless it is. */
const errorText = (share: number): string => (share > 0 && share < 5e-4 ? '< 0.1' : percent(share, 1));

const words = (key: string, header: string, text: LayerColumn['text']): LayerColumn => ({
  ...{ key, header, unit: '', kind: 'label', align: 'left' },
  text,
  value: () => null,
});

const number = (
  key: string,
  header: string,
  unit: string,
  value: LayerColumn['value'],
  show: (value: number) => string,
): LayerColumn => ({
  ...{ key, header, unit, kind: 'counted', align: 'right' },
  text: (layer) => {
    const found = value(layer);
    return found === null ? NONE : show(found);
  },
  value,
});
