// Tables, verdict, figures and page of a comparison of forecasters, from a real record whose numbers are then changed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mackeyGlass } from '../../data/index.ts';
import { referenceBackend } from '../../engine/index.ts';
import { DEFAULT_FORECAST, type ForecasterRecord, type ForecastRecord, runForecast } from '../../forecast/index.ts';
import { errorByStepAhead } from '../figures/forecast/by-step.ts';
import { errorAgainstEnergy } from '../figures/forecast/error-energy.ts';
import { forecastOverTime } from '../figures/forecast/over-time.ts';
import { renderSvg } from '../figures/render-svg.ts';
import { renderForecastHtml } from '../html/forecast.ts';
import { DEVICES, executedEnergy, kerasEnergy, OPERATORS, profileEnergy } from './devices.ts';
import { forecastText } from './text.ts';
import { forecastVerdict } from './verdict.ts';

const record = await runForecast(referenceBackend(), mackeyGlass({ samples: 220 }), {
  ...{ window: 5, horizon: 3, epochs: 2, hidden: [6], draws: 60 },
  cnn: { filters: [3], kernel: 3 },
  snn: { ...DEFAULT_FORECAST.snn, hidden: 4 },
});

/** The record with RMSEs, ratios to the best ANN with their intervals, and energies of operators as given. */
function changed(
  changes: Readonly<Record<string, { rmse: number; ratio?: [number, number, number]; energy?: number }>>,
) {
  const forecasters = record.forecasters.map((each): ForecasterRecord => {
    const change = changes[each.name];
    if (change === undefined) return each;
    const { rmse, ratio, energy } = change;
    return {
      ...each,
      errors: { ...each.errors, rmse: { value: rmse, interval: null } },
      ...(ratio && { againstAnn: { name: 'MLP', ratio: { value: ratio[0], interval: interval(...ratio) } } }),
      ...(each.run && {
        run: {
          ...each.run,
          energy: each.run.energy.map((estimate) =>
            estimate.profile === OPERATORS.id && energy !== undefined
              ? ({ ...estimate, total: energy } as typeof estimate)
              : estimate,
          ),
        },
      }),
    };
  });
  return { ...record, forecasters };
}

const interval = (value: number, low: number, high: number) => ({ value, low, high });
const rest = { '1-D CNN': { rmse: 9, energy: 1e-9 }, 'SNN, spikes in': { rmse: 8 }, 'Linear AR': { rmse: 7 } };
const headline = (snn: { rmse: number; ratio: [number, number, number]; energy: number }): string =>
  forecastVerdict(changed({ ...rest, MLP: { rmse: 1, energy: 1e-8 }, 'Recurrent SNN': snn })).headline;

test('the headline weighs error and energy, with the interval', () => {
  assert.equal(
    headline({ rmse: 2, ratio: [2, 1.7, 2.4], energy: 3e-8 }),
    'Not for less here, and less well: Recurrent SNN has 2.0 times the error of MLP, and its operations take 3.0 times the energy of those of MLP, the cheapest that errs no more (45 nm, fp32).',
  );
  assert.match(
    headline({ rmse: 2, ratio: [2, 1.7, 2.4], energy: 5e-9 }),
    /^For less, but less well: .* 0\.50 times the energy/,
  );
  assert.match(
    headline({ rmse: 0.9, ratio: [0.9, 0.8, 1.1], energy: 5e-9 }),
    /^For less, and as well, as far as this test can tell/,
  );
  assert.match(
    headline({ rmse: 0.5, ratio: [0.5, 0.4, 0.6], energy: 5e-9 }),
    /^For less, and better: .* of those of MLP \(45 nm/,
  );
  assert.match(headline({ rmse: 0.5, ratio: [0.5, 0.4, 0.6], energy: 2e-8 }), /^Not for less here, but better/);
});

test('the cheapest that errs no more is the opponent, a linear model too', () => {
  const cheap = changed({
    ...rest,
    'Linear AR': { rmse: 1.5, energy: 1e-10 },
    MLP: { rmse: 1, energy: 1e-8 },
    'Recurrent SNN': { rmse: 2, energy: 1e-9 },
  });
  assert.match(forecastVerdict(cheap).headline, /take 10 times the energy of those of Linear AR, the cheapest/);
});

test('baselines are named where they are not beaten; a lone kind is said', () => {
  const text = (found: ForecastRecord): string => forecastVerdict(found).points[0]!.text;
  const beaten = changed({
    ...rest,
    'Linear AR': { rmse: 10 },
    Persistence: { rmse: 20 },
    MLP: { rmse: 1 },
    'Recurrent SNN': { rmse: 2 },
  });
  assert.match(text(beaten), /RMSE of 20\.0: every network errs less\. .* has 10\.0: every network errs less\.$/);
  const unbeaten = changed({
    ...rest,
    'Linear AR': { rmse: 0.5 },
    Persistence: { rmse: 8.5 },
    MLP: { rmse: 1 },
    'Recurrent SNN': { rmse: 2 },
  });
  assert.match(text(unbeaten), /8\.50: 1-D CNN errs as much or more\. .* has 0\.500: no network errs less\.$/);
  const alone = { ...record, forecasters: record.forecasters.slice(0, 3) };
  assert.equal(
    forecastVerdict(alone).headline,
    'MLP has no network of the other kind beside it: there is nothing to set it against.',
  );
});

test('devices: the model bills one pass, the ledger each; chips take spikes only', () => {
  const [cpu, , , loihi] = DEVICES;
  const of = (name: string): ForecasterRecord => record.forecasters.find((each) => each.name === name)!;
  const snn = of('Recurrent SNN');
  // 1 x 4 into the neurons and 4 x 3 out of them, 4 neurons that fire: once, at 8.6 nJ each.
  assert.ok(Math.abs(kerasEnergy(snn, cpu!)! - 8.6e-9 * (4 + 12 + 4)) < 1e-18);
  // Executed, zeros not skipped: 5 steps of these synapses, of 4 x 4 recurrent ones, and of 4 + 3 updates.
  const synapses = 5 * (4 + 12 + 16);
  assert.ok(Math.abs(executedEnergy(snn, cpu!)! / (8.6e-9 * (synapses + 5 * 7)) - 1) < 1e-9);
  assert.equal(executedEnergy(snn, loihi!), null);
  assert.ok(executedEnergy(of('SNN, spikes in'), loihi!)! > 0);
  assert.deepEqual([kerasEnergy(of('MLP'), loihi!), executedEnergy(of('MLP'), loihi!)], [null, null]);
  assert.equal(profileEnergy(of('Persistence'), OPERATORS.id), null);
});

test('text fits its width and says what is missing', () => {
  for (const width of [40, 72, 100, 200]) {
    const text = forecastText(record, { width, color: false });
    for (const line of text.split('\n')) assert.ok(line.length <= width, `${width}: ${line}`);
  }
  assert.match(
    forecastText({ ...record, block: 90 }, { width: 100, color: false }),
    /None here: the test has fewer than 4\s+blocks/,
  );
});

test('figures draw without complaint; those without data are left out', async () => {
  const drawn = [forecastOverTime(record), errorByStepAhead(record)!, errorAgainstEnergy(record)!];
  for (const figure of drawn) {
    const { svg, warnings } = await renderSvg(figure);
    assert.deepEqual(warnings, []);
    assert.match(svg, /^<svg role="img" aria-label="/);
  }
  assert.equal(errorByStepAhead({ ...record, study: { ...record.study, horizon: 1 } }), null);
  assert.equal(errorAgainstEnergy({ ...record, forecasters: record.forecasters.slice(0, 2) }), null);
});

test('the page escapes what comes from outside and carries the record', async () => {
  const series = { ...record.series, name: '<b>&', source: 'a"b</script>.csv' };
  const page = await renderForecastHtml({ ...record, series });
  assert.match(page, /<title>&lt;b&gt;&amp; – Spikewatt forecast<\/title>/);
  assert.doesNotMatch(page, /<b>&|b<\/script>\.csv/);
  const json = /id="record">(.*)<\/script>/.exec(page)![1]!;
  assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify({ ...record, series })));
});
