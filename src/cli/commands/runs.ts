// `spikewatt runs`: list, show and rebuild the reports of finished runs.

import type { Command } from 'commander';
import { joinPath, pathKind } from '#platform';
import { summariseRecord } from '../../experiment/index.ts';
import { runsTable } from '../../report/index.ts';
import { listRuns, type RunRecord, readRecord } from '../../store/index.ts';
import { conversionDocument, describeRun, explainConversion } from '../run-text.ts';
import { printResult, type Session } from '../session.ts';
import type { GlobalOptions } from '../study-options.ts';
import { writeReports } from '../write-reports.ts';

/** Where runs are kept unless `--out` or `--runs` says otherwise. */
export const RUNS_FOLDER = 'runs';

interface RunsOptions extends GlobalOptions {
  readonly runs: string;
}

/** Adds `runs list|show|explain|report`. */
export function addRunsCommand(program: Command, session: Session): void {
  const runs = program.command('runs').description('list, show and report finished runs');
  const command = (name: string, about: string): Command =>
    runs.command(name).description(about).option('--runs <folder>', 'where runs are kept', RUNS_FOLDER);

  command('list', 'the runs there are, newest first').action(async (_, self: Command) => {
    const options: RunsOptions = self.optsWithGlobals();
    const found = await listRuns(options.runs);
    const { width, color } = session.terminal;
    printResult(session, options, { runs: found }, () => runsTable(found, { width, color }));
  });
  command('show', 'the table and verdict of a run')
    .argument('<run>', 'a run id, a run folder, or a record.json')
    .action(async (run: string, _, self: Command) => {
      const options: RunsOptions = self.optsWithGlobals();
      const { record } = await findRun(run, options.runs);
      printResult(session, options, summariseRecord(record), () => describeRun(record, session.terminal));
    });
  command('explain', 'how the conversion of a run lost accuracy, layer by layer')
    .argument('<run>', 'a run id, a run folder, or a record.json')
    .action(async (run: string, _, self: Command) => {
      const options: RunsOptions = self.optsWithGlobals();
      const { record } = await findRun(run, options.runs);
      printResult(session, options, conversionDocument(record), () => explainConversion(record, session.terminal));
    });
  command('report', "rebuild report.html, table.csv and table.tex from a run's record alone")
    .argument('<run>', 'a run id, a run folder, or a record.json')
    .action(async (run: string, _, self: Command) => {
      const options: RunsOptions = self.optsWithGlobals();
      const { record, folder } = await findRun(run, options.runs);
      const files = await writeReports(options.out ?? folder, record);
      printResult(session, options, { run: record.id, files }, () => files.join('\n'));
    });
  runs.addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Examples:
  spikewatt runs list
  spikewatt runs show 20261121-031500-mnist-default-1a2b
  spikewatt runs explain runs/mine
  spikewatt runs report runs/mine --out elsewhere`;

/** A run by id, folder or record file, and the folder it lies in. Throws DataError. */
export async function findRun(run: string, runs: string): Promise<{ record: RunRecord; folder: string }> {
  const path = (await pathKind(run)) === 'missing' && !/[/\\]/.test(run) ? joinPath(runs, run) : run;
  const record = await readRecord(path);
  const isFolder = (await pathKind(path)) === 'directory';
  return { record, folder: isFolder ? path : joinPath(path, '..') };
}
