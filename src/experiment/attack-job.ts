// The robustness of networks that were trained before.

import { ConfigError } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import { outputShape, sizeOf } from '../model/index.ts';
import type { RobustnessResult } from '../robustness/index.ts';
import type { NetworkFile } from '../store/index.ts';
import { checkDisturbable, subjectOf } from './robustness-options.ts';
import { robustnessStage } from './robustness-stage.ts';
import type { Study } from './study.ts';
import { type BenchOptions, withWorkbench } from './workbench.ts';

/** A network to be disturbed: its name, and where it came from, for errors. */
export interface NamedNetwork {
  readonly name: string;
  readonly path: string;
  readonly file: NetworkFile;
}

/** Throws ConfigError naming the network's file where its inputs or outputs are not the data's. */
function checkFits({ path, file: { spec } }: NamedNetwork, { name, shape, classes }: Dataset): void {
  const [inputs, outputs] = [sizeOf(spec.input), sizeOf(outputShape(spec))];
  if (inputs !== sizeOf(shape)) {
    throw new ConfigError(
      path,
      `takes ${inputs} values ([${spec.input.join(', ')}]), a sample of "${name}" has ${sizeOf(shape)} ([${shape.join(', ')}]); give the data it was trained on with --data`,
    );
  }
  if (outputs < classes.length) {
    throw new ConfigError(
      path,
      `has ${outputs} outputs, "${name}" has ${classes.length} classes; give the data it was trained on with --data`,
    );
  }
}

/**
 * Noise, faults and attacks on trained networks, by the study's data and settings; its `robustness` must not be null.
 * @throws ConfigError for settings that cannot be, or naming a network that does not fit the data; InterruptedError when stopped
 */
export async function attackNetworks(
  study: Study,
  networks: readonly NamedNetwork[],
  options: BenchOptions = {},
): Promise<RobustnessResult> {
  const { robustness } = study;
  const [first] = networks;
  if (robustness === null) throw new ConfigError('robustness', 'is null, which asks for nothing; set robustness={}');
  if (first === undefined) throw new ConfigError('networks', 'got none, expected at least one trained network');
  return withWorkbench(study, { ...options, spec: first.file.spec }, async (bench) => {
    for (const network of networks) checkFits(network, bench.data.test);
    checkDisturbable(robustness, bench.data.test);
    const subjects = networks.map(({ name, file }) => subjectOf({ name, ...file }));
    return (await robustnessStage(bench, subjects))!;
  });
}
