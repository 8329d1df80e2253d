// The five cases from end to end on this engine: training step, inference of the 10,000 test images, memory, by threads.

import { CASES } from './cases.ts';
import { type CaseReport, runCase, warmCache } from './child.ts';
import { median } from './statistics.ts';
import { digits, textTable } from './text-table.ts';

export interface PipelineOptions {
  readonly threads: readonly number[];
  readonly repeats: number;
  readonly steps: number;
}

export interface PipelineResult {
  readonly name: string;
  readonly about: string;
  readonly threads: number;
  readonly stepMs: { readonly min: number; readonly median: number };
  readonly inferenceSeconds: { readonly min: number; readonly median: number };
  readonly peakMiB: number;
  readonly accuracy: number;
}

export async function benchPipelines({ threads, repeats, steps }: PipelineOptions): Promise<readonly PipelineResult[]> {
  const jobs = CASES.flatMap((entry) => threads.map((count) => ({ entry, count, reports: [] as CaseReport[] })));
  await warmCache();
  for (let round = 0; round < repeats; round++)
    for (const job of jobs)
      job.reports.push(await runCase(job.entry.name, { threads: job.count, steps, inferences: 3 }));
  return jobs.map(({ entry: { name, about }, count, reports }) => ({
    name,
    about,
    threads: count,
    stepMs: best(reports.map(({ step }) => step)),
    inferenceSeconds: best(reports.map(({ inference: { min, median } }) => ({ min: min / 1e3, median: median / 1e3 }))),
    peakMiB: Math.max(...reports.map(({ peakMiB }) => peakMiB)),
    accuracy: reports[0]!.accuracy,
  }));
}

/** The least of all, and the median of the processes' medians. */
const best = (timings: readonly { min: number; median: number }[]) => ({
  min: Math.min(...timings.map(({ min }) => min)),
  median: median(timings.map((timing) => timing.median)),
});

export function pipelineTable(results: readonly PipelineResult[]): string {
  const rows = results.map((result) => {
    const alone = results.find(({ name, threads }) => name === result.name && threads === 1);
    const gain = (of: (one: PipelineResult) => number): string =>
      alone === undefined || alone === result ? '' : `${(of(alone) / of(result)).toFixed(2)}x`;
    return [
      result.about,
      String(result.threads),
      gain(({ stepMs }) => stepMs.min),
      `${digits(result.stepMs.min)} / ${digits(result.stepMs.median)}`,
      gain(({ inferenceSeconds }) => inferenceSeconds.min),
      `${digits(result.inferenceSeconds.min)} / ${digits(result.inferenceSeconds.median)}`,
      result.peakMiB.toFixed(0),
      `${(100 * result.accuracy).toFixed(1)} %`,
    ];
  });
  const header = ['case', 'threads', 'gain', 'training step, ms', 'gain', '10,000 images, s', 'peak MiB', 'accuracy'];
  return textTable(header, rows);
}
