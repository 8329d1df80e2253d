// The reports of a record, as files.

import { joinPath, writeFileAtomic } from '#platform';
import { csvTable, fixesCsv, latexTable, layersCsv, layersLatex, renderHtml } from '../report/index.ts';
import type { RunRecord } from '../store/index.ts';

/**
 * Writes report.html, table.csv and table.tex into `folder`, and, where a conversion was diagnosed, its layers and changes; each whole
 * or not at all. Gives their paths.
 */
export async function writeReports(folder: string, record: RunRecord): Promise<readonly string[]> {
  const contents: readonly (readonly [string, string | null])[] = [
    ['report.html', await renderHtml(record)],
    ['table.csv', csvTable(record)],
    ['table.tex', latexTable(record)],
    ['conversion-layers.csv', layersCsv(record)],
    ['conversion-layers.tex', layersLatex(record)],
    ['conversion-changes.csv', fixesCsv(record)],
  ];
  const paths: string[] = [];
  for (const [name, content] of contents) {
    if (content === null) continue;
    const path = joinPath(folder, name);
    await writeFileAtomic(path, content);
    paths.push(path);
  }
  return paths;
}
