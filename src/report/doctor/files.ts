// Diagnoses as CSV and LaTeX: a layer of a network a row; CSV in shares and full precision.

import type { LayerDiagnosis, TriedFix } from '../../convert/index.ts';
import type { RunRecord } from '../../store/index.ts';
import { type CsvField, csvOf } from '../csv.ts';
import { latexOf } from '../latex.ts';
import { layerColumns } from './columns.ts';
import { diagnosed } from './diagnosed.ts';
import { lossWords, sampleWords } from './text.ts';

type LayerRow = LayerDiagnosis & { readonly network: string; readonly timesteps: number; readonly samples: number };

const LAYER_FIELDS: readonly CsvField<LayerRow>[] = [
  ['network', ({ network }) => network],
  ['timesteps', ({ timesteps }) => timesteps],
  ['test_samples', ({ samples }) => samples],
  ['layer', ({ layer }) => layer],
  ['fires', ({ fires }) => String(fires)],
  ['scale', ({ scale }) => scale],
  ['values', ({ values }) => values],
  ['mean_activation', ({ meanActivation }) => meanActivation],
  ['mean_rate_per_step', ({ meanRate }) => meanRate],
  ['correlation', ({ correlation }) => correlation],
  ['saturated_share', ({ saturated }) => saturated],
  ['silent_share', ({ silent }) => silent],
  ['mean_error', ({ meanError }) => meanError],
  ['percentile_99_error', ({ percentileError }) => percentileError],
  ['relative_error', ({ relativeError }) => relativeError],
  ['own_relative_error', ({ ownError }) => ownError],
];

type FixRow = TriedFix & { readonly network: string };

const FIX_FIELDS: readonly CsvField<FixRow>[] = [
  ['network', ({ network }) => network],
  ['fix', ({ fix }) => fix],
  ['change', ({ change }) => change],
  ['timesteps', ({ timesteps }) => timesteps],
  ['accuracy', ({ accuracy }) => accuracy],
  ['gain', ({ gain }) => gain],
];

/** A line for each layer of each diagnosed network; null where none was diagnosed. */
export function layersCsv(record: RunRecord): string | null {
  const rows = diagnosed(record).flatMap(({ network, diagnosis: { layers, timesteps, samples } }) =>
    layers.map((layer) => ({ ...layer, network: network.name, timesteps, samples })),
  );
  return rows.length === 0 ? null : csvOf(LAYER_FIELDS, rows);
}

/** A line for each change tried, the best first; null where none was. */
export function fixesCsv(record: RunRecord): string | null {
  const rows = diagnosed(record).flatMap(({ network, diagnosis }) =>
    diagnosis.fixes.map((fix) => ({ ...fix, network: network.name })),
  );
  return rows.length === 0 ? null : csvOf(FIX_FIELDS, rows);
}

/** A table for each diagnosed network; null where none was diagnosed. */
export function layersLatex(record: RunRecord): string | null {
  const tables = diagnosed(record).map(({ network, diagnosis }) => {
    const caption = [`Run ${record.id}, ${network.name}.`, lossWords(diagnosis), sampleWords(record, diagnosis)].join(
      ' ',
    );
    return latexOf(caption, layerColumns(network.spec), diagnosis.layers);
  });
  return tables.length === 0 ? null : tables.join('\n');
}
