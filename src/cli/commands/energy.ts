// `spikewatt energy`: what a run's networks would cost by each profile, and on what each profile rests.

import type { Command } from 'commander';
import { reprice } from '../../experiment/index.ts';
import { PROFILES } from '../../measure/index.ts';
import type { RunRecord } from '../../store/index.ts';
import { energyText, type NetworkEnergy, profilesText } from '../energy-text.ts';
import { printResult, type Session } from '../session.ts';
import type { GlobalOptions } from '../study-options.ts';
import { findRun, RUNS_FOLDER } from './runs.ts';

interface EnergyOptions extends GlobalOptions {
  readonly runs: string;
  readonly profile?: readonly string[];
  readonly zeroSkipping: boolean;
}

/** Adds `energy`. */
export function addEnergyCommand(program: Command, session: Session): void {
  program
    .command('energy')
    .description("energy of a run's networks by each profile; without a run, the profiles there are")
    .argument('[run]', 'a run id, a run folder, or a record.json')
    .option('--runs <folder>', 'where runs are kept', RUNS_FOLDER)
    .option('--profile <id...>', 'only these profiles')
    .option('--no-zero-skipping', 'count operations on zeros too, on both sides')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string | undefined, _, self: Command) => {
      const options: EnergyOptions = self.optsWithGlobals();
      if (run === undefined) return listProfiles(session, options);
      const { record } = await findRun(run, options.runs);
      const networks = pricesOf(record, options);
      const { width } = session.terminal;
      printResult(session, options, { run: record.id, networks }, () => energyText(networks, width));
    });
}

const EXAMPLES = `
Examples:
  spikewatt energy                                   the profiles, their sources and caveats
  spikewatt energy runs/mine                         all networks of a run by all profiles
  spikewatt energy runs/mine --profile keras-loihi   by one
  spikewatt energy runs/mine --no-zero-skipping      had no zero been skipped`;

function listProfiles(session: Session, options: EnergyOptions): void {
  const profiles = PROFILES.map(({ id, label, type, source, caveat }) => ({
    profile: id,
    label,
    type,
    source,
    caveat,
  }));
  printResult(session, options, { profiles }, () => profilesText(profiles, session.terminal.width));
}

const pricesOf = (record: RunRecord, options: EnergyOptions): readonly NetworkEnergy[] =>
  reprice(record, { zeroSkipping: options.zeroSkipping, profiles: options.profile ?? null });
