// What noise and attacks did, as text.

import { robustnessTables, robustnessVerdictText } from '../report/index.ts';
import type { RobustnessResult } from '../robustness/index.ts';
import type { Terminal } from './terminal.ts';

/** Tables, alarms and verdict; no trailing newline. */
export function robustnessText(result: RobustnessResult, { width, color }: Pick<Terminal, 'width' | 'color'>): string {
  const options = { width, color };
  return [robustnessTables(result, options), robustnessVerdictText(result, options)].join('\n\n');
}
