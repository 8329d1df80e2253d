// Disturbs the networks of a study: noise, faults and attacks, on the same test images for all.

import { type RobustnessResult, type Subject, studyRobustness } from '../robustness/index.ts';
import { robustnessOptions } from './robustness-options.ts';
import type { Workbench } from './workbench.ts';

const PARTS = 1000;

/** What noise and attacks do to these networks; undefined if the study does not ask. Throws InterruptedError when stopped. */
export async function robustnessStage(
  { study, backend, data, progress, signal }: Workbench,
  subjects: readonly Subject[],
): Promise<RobustnessResult | undefined> {
  if (study.robustness === null || subjects.length === 0) return undefined;
  progress.begin('Robustness', PARTS, 'parts');
  const result = await studyRobustness(backend, subjects, data.test, robustnessOptions(study.robustness, study.seed), {
    ...(signal === undefined ? {} : { signal }),
    onProgress: (done, total, label) => progress.update(total === 0 ? PARTS : (PARTS * done) / total, label),
  });
  progress.end(summaryOf(result));
  return result;
}

function summaryOf({ noise, attack, samples, seconds }: RobustnessResult): string {
  const parts = [
    ...(noise.length === 0 ? [] : [`${noise.length} ${noise.length === 1 ? 'disturbance' : 'disturbances'}`]),
    ...(attack === null ? [] : [`attacks of ${attack.epsilons.length} sizes`]),
  ];
  return `${parts.join(' and ')} on ${samples} images, ${seconds.toFixed(1)} s`;
}
