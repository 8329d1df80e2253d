// A finished run as text: the table, what to be careful with, and the verdict.

import { comparisonTable, diagnosisText, findingsText, measuredText, verdictText } from '../report/index.ts';
import type { RunRecord } from '../store/index.ts';
import { robustnessText } from './robustness-text.ts';
import type { Terminal } from './terminal.ts';

/** Table, warnings and verdict of a run; no trailing newline. */
export function describeRun(record: RunRecord, { width, color }: Pick<Terminal, 'width' | 'color'>): string {
  const warnings = record.warnings.map((warning) => `! ${warning}`);
  const parts = [
    ...[comparisonTable(record, { width, color }), warnings.join('\n'), verdictText(record, { width, color })],
    record.robustness === undefined ? '' : robustnessText(record.robustness, { width, color }),
    ...(record.measured?.contests ?? []).map((contest) => `Measured. ${measuredText(contest, { width, color })}`),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What a run's conversion was expected to lose, and lost. */
export function conversionDocument({ networks }: RunRecord) {
  const converted = networks.find(({ diagnosis }) => diagnosis !== undefined);
  const conversion = networks.find((network) => network.conversion !== null)?.conversion;
  return {
    findings: conversion?.findings ?? [],
    steps: conversion?.steps ?? [],
    network: converted?.name ?? null,
    diagnosis: converted?.diagnosis ?? null,
  };
}

/** The same as text; says so where nothing was converted or compared. */
export function explainConversion(record: RunRecord, { width, color }: Pick<Terminal, 'width' | 'color'>): string {
  const { findings, diagnosis, network } = conversionDocument(record);
  if (!record.networks.some(({ conversion }) => conversion !== null)) return 'Nothing was converted in this run.';
  const before = ['Before converting', findingsText(findings, { width, color })];
  if (diagnosis === null)
    return [...before, '', 'No comparison with the ANN was asked for (doctor.samples is 0).'].join('\n');
  const { spec } = record.networks.find(({ name }) => name === network)!;
  return [...before, '', `After: ${network}`, diagnosisText(diagnosis, { width, color, spec })].join('\n');
}
