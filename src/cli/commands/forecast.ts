// `spikewatt forecast`: would a spiking network forecast this series for less?

import type { Command } from 'commander';
import { joinPath, writeFileAtomic } from '#platform';
import { ConfigError, InterruptedError } from '../../core/index.ts';
import { openBackend } from '../../experiment/index.ts';
import { type ForecastRecord, runForecast } from '../../forecast/index.ts';
import { forecastText, renderForecastHtml } from '../../report/index.ts';
import { addForecastOptions, type ForecastOptions, forecastStudyOf, seriesOf } from '../forecast-options.ts';
import { printResult, progressOf, type Session } from '../session.ts';

/** Where results go that name no folder. */
const FOLDER = joinPath('runs', 'forecast');

/** Adds `forecast`. */
export function addForecastCommand(program: Command, session: Session): void {
  const command = program
    .command('forecast')
    .description('forecasts of a time series: ordinary and spiking networks, error beside operations and energy');
  addForecastOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (_, self: Command) => {
      const options: ForecastOptions = self.optsWithGlobals();
      const record = await forecast(session, options);
      const files = await write(options.out ?? FOLDER, record);
      printResult(session, options, { ...record, files }, () =>
        [forecastText(record, session.terminal), `Report: ${files[1]}`].join('\n\n'),
      );
    });
}

const EXAMPLES = `
Examples:
  spikewatt forecast                                     Mackey-Glass, tau 17, 15 steps ahead: MLP, CNN, two recurrent SNNs
  spikewatt forecast --quick                             the same in seconds, less well trained
  spikewatt forecast --data load.csv --column MW         a column of your own, evenly spaced in time
  spikewatt forecast --horizon 1 --networks mlp,snn --json
  spikewatt forecast --noise 0.05 --seed 3 --out noisy   another series, another folder
Writes forecast.json and forecast.html into --out, default runs/forecast, over those of the run before. docs/forecasting.md has the
measures and what the energy figures leave out.`;

/** An interrupted comparison leaves everything as it was. */
async function forecast(session: Session, options: ForecastOptions): Promise<ForecastRecord> {
  const study = forecastStudyOf(options);
  const series = await seriesOf(options);
  const threads = options.threads === undefined ? null : Number(options.threads);
  if (threads !== null && !(Number.isInteger(threads) && threads >= 1))
    throw new ConfigError('--threads', `got "${options.threads}", expected a whole number of at least 1`);
  const { backend } = await openBackend({ engine: 'wasm', threads });
  try {
    return await runForecast(backend, series, study, {
      progress: progressOf(session, options),
      signal: session.signal,
    });
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new InterruptedError('stopped; nothing was written, and the same command starts again', { cause: error });
  } finally {
    await backend.close();
  }
}

async function write(folder: string, record: ForecastRecord): Promise<readonly [json: string, html: string]> {
  const [json, page] = [joinPath(folder, 'forecast.json'), joinPath(folder, 'forecast.html')];
  await writeFileAtomic(json, `${JSON.stringify(record)}\n`);
  await writeFileAtomic(page, await renderForecastHtml(record));
  return [json, page];
}
