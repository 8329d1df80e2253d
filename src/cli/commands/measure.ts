// `spikewatt measure`: trained networks side by side on this machine.

import type { Command } from 'commander';
import { joinPath, writeFileAtomic } from '#platform';
import { type MeasuredNetworks, measureNetworks } from '../../experiment/index.ts';
import { measuredText } from '../../report/index.ts';
import {
  addMeasureOptions,
  batchesOf,
  type MeasureOptions,
  networksToMeasure,
  stopped,
  trialOptions,
} from '../measure-options.ts';
import { printResult, progressOf, type Session } from '../session.ts';
import { addStudyOptions, readStudy, type StudyOptions } from '../study-options.ts';

interface MeasureCommandOptions extends StudyOptions, MeasureOptions {
  readonly study?: string;
}

/** Adds `measure`. */
export function addMeasureCommand(program: Command, session: Session): void {
  const command = program
    .command('measure')
    .description('time, CPU time, memory and energy of trained networks side by side on this machine, and their ratios')
    .argument('<networks...>', 'a finished run (id, folder), or .safetensors files');
  addMeasureOptions(command, { seconds: 'default 1, where there is a meter 10 or 100 of its periods', trials: 10 });
  addStudyOptions(command, { file: false })
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], _, self: Command) => {
      const options: MeasureCommandOptions = self.optsWithGlobals();
      const asked = { batches: batchesOf(options.batch), trials: trialOptions(options), onnx: options.onnx };
      const { networks, base, folder } = await networksToMeasure(paths, options);
      const study = await readStudy(options.study, options, base);
      const measured = await stopped(() =>
        measureNetworks(study, networks, { ...asked, progress: progressOf(session, options), signal: session.signal }),
      );
      const out = options.out ?? folder;
      const file = out === undefined ? undefined : joinPath(out, 'measured.json');
      if (file !== undefined) await writeFileAtomic(file, `${JSON.stringify(measured, null, 1)}\n`);
      printResult(session, options, withoutTrials(measured, file), () =>
        [...textOf(measured, session), ...(file === undefined ? [] : ['', `Result: ${file}`])].join('\n'),
      );
    });
}

const EXAMPLES = `
Examples:
  spikewatt measure runs/mine                        ANN, SNN and conversion; the result goes to runs/mine/measured.json
  spikewatt measure runs/mine --at 20 --batch 1
  spikewatt measure a/ann.safetensors b/snn.safetensors --seconds 10 --trials 20 --out results
  spikewatt measure runs/mine --threads 1 --json
Networks take turns, so that what slows the machine meets all; a trial during which other processes worked is dropped. Where no meter
of energy can be read, the column says so (spikewatt doctor says why). docs/measuring.md explains each step.`;

/** For `--json`: without the single trials, which are in the file. */
const withoutTrials = ({ contests, ...others }: MeasuredNetworks, file: string | undefined) => ({
  ...others,
  contests: contests.map(({ result: { trials: _, ...result }, ...contest }) => ({ ...contest, result })),
  file: file ?? null,
});

function textOf({ contests, onnx }: MeasuredNetworks, { terminal: { width, color } }: Session): readonly string[] {
  return [
    contests.map((contest) => measuredText(contest, { width, color })).join('\n\n'),
    ...(onnx.startsWith('ONNX Runtime') ? [] : [`ANN in ONNX Runtime: ${onnx}.`]),
  ];
}
