// The commands and their options.

import { Command } from 'commander';
import { VERSION } from '../core/index.ts';
import { addAttackCommand } from './commands/attack.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addConvertCommand } from './commands/convert.ts';
import { addCrossoverCommand } from './commands/crossover.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEnergyCommand } from './commands/energy.ts';
import { addExportCommand } from './commands/export.ts';
import { addForecastCommand } from './commands/forecast.ts';
import { addMeasureCommand } from './commands/measure.ts';
import { addNetworksCommand } from './commands/networks.ts';
import { addProfileCommand } from './commands/profile.ts';
import { addRunsCommand } from './commands/runs.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { addTrainCommand } from './commands/train.ts';
import type { Session } from './session.ts';
import { addGlobalOptions } from './study-options.ts';

/** The whole command line. Throws CommanderError instead of ending the process. */
export function buildProgram(session: Session): Command {
  const { terminal } = session;
  const program = new Command('spikewatt')
    .description('Would a spiking network do this job for less? Train, convert, run, count and compare.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(--help shows the options)')
    .configureHelp({ showGlobalOptions: true, helpWidth: terminal.width })
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHasColors: () => terminal.color,
      getErrHasColors: () => terminal.color,
    });
  addGlobalOptions(program);
  addCompareCommand(program, session);
  addTrainCommand(program, session);
  addConvertCommand(program, session);
  addSimulateCommand(program, session);
  addAttackCommand(program, session);
  addExportCommand(program, session);
  addMeasureCommand(program, session);
  addCrossoverCommand(program, session);
  addProfileCommand(program, session);
  addEnergyCommand(program, session);
  addForecastCommand(program, session);
  addNetworksCommand(program, session);
  addRunsCommand(program, session);
  addDoctorCommand(program, session);
  return program.addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Examples:
  spikewatt compare                       the main job: ANN, SNN and conversion on MNIST
  spikewatt compare --quick               the same in under 30 seconds
  spikewatt compare my-study.yaml --json  one JSON document on stdout
  spikewatt compare --preset cnn-cifar-small --download   the same question for CIFAR-10
  spikewatt convert runs/mine --explain   what a conversion loses, where, and what to do
  spikewatt attack runs/mine              noise and attacks, and whether the attacks can be trusted
  spikewatt forecast                      the same question for a time series
  spikewatt measure runs/mine             time and energy of its networks on this machine
  spikewatt networks                      networks by name
  spikewatt runs list                     what was run before
  spikewatt doctor                        what this machine offers

Exit codes: 0 done, 1 failed, 2 wrong usage or setting, 130 interrupted.`;
