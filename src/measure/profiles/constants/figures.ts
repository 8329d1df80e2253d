// Rows of one source that share everything but id, value, unit and note.

import type { Constant } from '../constant.ts';

type Shared = Omit<Constant, 'id' | 'value' | 'unit' | 'note'>;
type Row = readonly [id: string, value: Constant['value'], unit: Constant['unit'], note: string];

export const figures = (shared: Shared, rows: readonly Row[]): Constant[] =>
  rows.map(([id, value, unit, note]) => ({ id, value, unit, note, ...shared }));
