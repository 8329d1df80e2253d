// Which of a library's ways to do a case are worth measuring, where there are many of them and each run takes minutes.

import type { CaseReport } from '../child.ts';

/** One case of peers.py on one Python. */
export interface Way {
  readonly name: string;
  readonly python: string;
  /** What it is called in the results. */
  readonly way: string;
}

/** Tries each way once; those stay that were fastest in training, fastest in inference, or leanest. */
export async function contenders(
  ways: readonly Way[],
  run: (way: Way) => Promise<CaseReport>,
): Promise<readonly Way[]> {
  const tried: { readonly way: Way; readonly report: CaseReport }[] = [];
  for (const way of ways) tried.push({ way, report: await run(way) });
  const figures = [
    ({ step }: CaseReport): number => step.min,
    ({ inference }: CaseReport): number => inference.min,
    ({ peakMiB }: CaseReport): number => peakMiB,
  ];
  const best = figures.map((of) => tried.reduce((a, b) => (of(b.report) < of(a.report) ? b : a)).way);
  return ways.filter((way) => best.includes(way));
}
