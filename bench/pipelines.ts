// The cases from end to end on this engine: training step, inference of 10,000 test images, memory, by threads.

import { type BenchCase, stepsOf } from './cases.ts';
import { type CaseReport, runCase, warmCache } from './child.ts';
import { ratesText } from './spike-rates.ts';
import { median } from './statistics.ts';
import { digits, textTable } from './text-table.ts';

export interface PipelineOptions {
  readonly threads: readonly number[];
  readonly repeats: number;
  readonly steps: number;
  readonly cases: readonly BenchCase[];
  /** Images and start weights, for the cases that take them. */
  readonly folder: string | undefined;
}

export interface PipelineResult {
  readonly name: string;
  readonly about: string;
  readonly threads: number;
  readonly stepMs: { readonly min: number; readonly median: number };
  readonly inferenceSeconds: { readonly min: number; readonly median: number };
  readonly peakMiB: number;
  readonly accuracy: number;
  readonly rates: NonNullable<CaseReport['rates']>;
}

export async function benchPipelines({
  threads,
  repeats,
  steps,
  cases,
  folder,
}: PipelineOptions): Promise<readonly PipelineResult[]> {
  const jobs = cases.flatMap((entry) => threads.map((count) => ({ entry, count, reports: [] as CaseReport[] })));
  await warmCache();
  for (let round = 0; round < repeats; round++)
    for (const { entry, count, reports } of jobs) {
      const effort = { threads: count, steps: stepsOf(entry, steps), inferences: 3, ...(folder && { folder }) };
      reports.push(await runCase(entry.name, effort));
    }
  return jobs.map(({ entry: { name, about }, count, reports }) => ({
    name,
    about,
    threads: count,
    stepMs: best(reports.map(({ step }) => step)),
    inferenceSeconds: best(reports.map(({ inference, images }) => perTenThousand(inference, images))),
    peakMiB: Math.max(...reports.map(({ peakMiB }) => peakMiB)),
    accuracy: reports[0]!.accuracy,
    rates: reports[0]!.rates ?? [],
  }));
}

/** Seconds of 10,000 images, from milliseconds of `images`. */
const perTenThousand = ({ min, median }: CaseReport['inference'], images: number) => ({
  min: (min * 10) / images,
  median: (median * 10) / images,
});

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
  const rates = results
    .filter((result, k) => result.rates.length > 0 && results.findIndex(({ name }) => name === result.name) === k)
    .map((result) => `${result.about}: ${ratesText(result.rates)}`);
  const table = textTable(header, rows);
  return rates.length === 0
    ? table
    : [table, '', 'Spikes a neuron and step, from the first counted step to the last:', ...rates].join('\n');
}
