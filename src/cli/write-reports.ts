// The reports of a record, as files.

import { joinPath, removeFile, writeFileAtomic } from '#platform';
import {
  attacksCsv,
  csvTable,
  fixesCsv,
  latexTable,
  layersCsv,
  layersLatex,
  noiseCsv,
  renderHtml,
  robustnessLatex,
} from '../report/index.ts';
import type { RunRecord } from '../store/index.ts';

/**
 * Writes report.html, table.csv and table.tex into `folder`; where a conversion was diagnosed, its layers and changes; where networks were
 * disturbed, their accuracies. Each whole or not at all; of what the record has no more, an earlier file is removed. Gives their paths.
 */
export async function writeReports(folder: string, record: RunRecord): Promise<readonly string[]> {
  const contents: readonly (readonly [string, string | null])[] = [
    ['report.html', await renderHtml(record)],
    ['table.csv', csvTable(record)],
    ['table.tex', latexTable(record)],
    ['conversion-layers.csv', layersCsv(record)],
    ['conversion-layers.tex', layersLatex(record)],
    ['conversion-changes.csv', fixesCsv(record)],
    ['robustness-noise.csv', noiseCsv(record)],
    ['robustness-attacks.csv', attacksCsv(record)],
    ['robustness.tex', robustnessLatex(record)],
  ];
  const paths: string[] = [];
  for (const [name, content] of contents) {
    const path = joinPath(folder, name);
    if (content === null) {
      await removeFile(path);
      continue;
    }
    await writeFileAtomic(path, content);
    paths.push(path);
  }
  return paths;
}
