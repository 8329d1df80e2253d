// Which layers of a diagnosis get a panel of their own, and how panels are set side by side.

import type { LayerDiagnosis } from '../../../convert/index.ts';
import type { RunRecord } from '../../../store/index.ts';
import { type Diagnosed, diagnosed } from '../../doctor/diagnosed.ts';

export const MOST_PANELS = 9;
export const COLUMNS = 3;
export const PANEL = { width: 176, height: 130 };

/** The first network of a record that was diagnosed. */
export const firstDiagnosed = (record: RunRecord): Diagnosed | undefined => diagnosed(record)[0];

/** All layers, or of many those that follow the ANN least, in the order of the network. */
export function panelLayers(layers: readonly LayerDiagnosis[]): readonly LayerDiagnosis[] {
  if (layers.length <= MOST_PANELS) return layers;
  const worst = layers.toSorted((a, b) => (a.correlation ?? 0) - (b.correlation ?? 0)).slice(0, MOST_PANELS);
  return layers.filter((layer) => worst.includes(layer));
}

/** Says so where not every layer is drawn. */
export const panelWords = (layers: readonly LayerDiagnosis[]): string =>
  layers.length <= MOST_PANELS
    ? ''
    : ` Of ${layers.length} layers the ${MOST_PANELS} with the lowest correlation are drawn.`;

/** Is panel `i` of `n` the first of its row, and is there none below it? Only such panels have a title at that axis. */
export const place = (i: number, n: number): { readonly left: boolean; readonly bottom: boolean } => ({
  left: i % COLUMNS === 0,
  bottom: i + COLUMNS >= n,
});

export const panelTitle = (text: string, subtitle: string) => ({
  text,
  subtitle,
  anchor: 'start' as const,
  fontSize: 13,
  fontWeight: 600 as const,
  subtitleFontSize: 12,
  subtitleColor: '#565656',
  offset: 6,
});
