export { type DiagnoseOptions, diagnoseConversion } from './diagnose.ts';
export type { ConversionDiagnosis, Finding, LayerDiagnosis, RateHistogram, TriedFix } from './diagnosis.ts';
export { examine } from './examine.ts';
export type { FixTrials } from './fixes.ts';
