// A finished run as text: the table, what to be careful with, and the verdict.

import { comparisonTable, verdictText } from '../report/index.ts';
import type { RunRecord } from '../store/index.ts';
import type { Terminal } from './terminal.ts';

/** Table, warnings and verdict of a run; no trailing newline. */
export function describeRun(record: RunRecord, { width, color }: Pick<Terminal, 'width' | 'color'>): string {
  const warnings = record.warnings.map((warning) => `! ${warning}`);
  const parts = [comparisonTable(record, { width, color }), warnings.join('\n'), verdictText(record, { width, color })];
  return parts.filter((part) => part !== '').join('\n\n');
}
