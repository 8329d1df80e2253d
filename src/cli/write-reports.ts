// The reports of a record, as files.

import { joinPath, writeFileAtomic } from '#platform';
import { csvTable, latexTable, renderHtml } from '../report/index.ts';
import type { RunRecord } from '../store/index.ts';

/** Writes report.html, table.csv and table.tex into `folder`, each whole or not at all, and gives their paths. */
export async function writeReports(folder: string, record: RunRecord): Promise<readonly string[]> {
  const contents: readonly (readonly [string, string])[] = [
    ['report.html', await renderHtml(record)],
    ['table.csv', csvTable(record)],
    ['table.tex', latexTable(record)],
  ];
  const paths: string[] = [];
  for (const [name, content] of contents) {
    const path = joinPath(folder, name);
    await writeFileAtomic(path, content);
    paths.push(path);
  }
  return paths;
}
