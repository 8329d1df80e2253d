export { type Column, type ColumnOptions, comparisonColumns } from './columns.ts';
export { runsTable } from './runs-table.ts';
export { comparisonTable, type TableOptions } from './table.ts';
