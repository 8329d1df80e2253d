// Whole comparisons on short Mackey-Glass series: networks beat persistence, baselines are what they should be, counts belong to
// the networks, and nothing depends on threads or on being stopped.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { mackeyGlass, type Series } from '../data/index.ts';
import { referenceBackend, wasmBackend } from '../engine/index.ts';
import { memoryCheckpoints } from '../train/index.ts';
import type { ForecasterRecord, ForecastRecord } from './record.ts';
import { runForecast } from './run-forecast.ts';
import { DEFAULT_FORECAST, type ForecastStudy } from './study.ts';

const backend = await wasmBackend({ threads: 1 });
after(() => backend.close());

const small: Partial<ForecastStudy> = {
  ...{ window: 12, horizon: 8, epochs: 25, hidden: [16], draws: 200 },
  cnn: { filters: [4, 5], kernel: 3 },
  snn: { ...DEFAULT_FORECAST.snn, hidden: 24 },
};
const series = mackeyGlass({ samples: 900 });
const record = await runForecast(backend, series, small);
const of = (name: string): ForecasterRecord => record.forecasters.find((each) => each.name === name)!;
const rmse = (name: string): number => of(name).errors.rmse.value;

test('networks of both kinds beat persistence, with intervals apart', () => {
  assert.deepEqual(
    record.forecasters.map(({ name, kind }) => `${kind}: ${name}`),
    [
      'baseline: Persistence',
      'baseline: Linear AR',
      'ann: MLP',
      'ann: 1-D CNN',
      'snn: Recurrent SNN',
      'snn: SNN, spikes in',
    ],
  );
  const { low } = of('Persistence').errors.rmse.interval!;
  for (const name of ['MLP', '1-D CNN', 'Recurrent SNN']) {
    assert.ok(rmse(name) < 0.5 * rmse('Persistence'), `${name}: ${rmse(name)}`);
    assert.ok(of(name).errors.rmse.interval!.high < low);
    assert.ok(of(name).errors.mase.value < 1);
  }
  assert.ok(rmse('SNN, spikes in') < rmse('Persistence'));
});

test('persistence is the value before, and costs nothing', () => {
  const { window, horizon } = record.study;
  const { from, to } = record.stretches.test;
  let [sum, count] = [0, 0];
  for (let last = from + window - 1; last + horizon < to; last++)
    for (let ahead = 1; ahead <= horizon; ahead++, count++)
      sum += (series.values[last + ahead]! - series.values[last]!) ** 2;
  assert.equal(count, record.origins * horizon);
  assert.ok(Math.abs(rmse('Persistence') - Math.sqrt(sum / count)) < 1e-6);
  assert.equal(of('Persistence').run, undefined);
});

test('what is shown lies where it says', () => {
  const { from, truth } = record.excerpt;
  assert.deepEqual(truth, [...series.values.subarray(from, from + truth.length)]);
  const { excerpt } = of('Persistence');
  excerpt.forEach((value, i) => {
    assert.ok(Math.abs(value - series.values[from + i - record.study.horizon]!) < 1e-6);
  });
});

test('operations are those of the networks, zeros skipped', () => {
  const mlp = of('MLP').run!.ledger.total;
  assert.equal(mlp.denseMacs, 12 * 16 + 16 * 8);
  assert.ok(mlp.macs < mlp.denseMacs && mlp.acs === 0);
  const snn = of('Recurrent SNN').run!.ledger.total;
  assert.equal(snn.denseMacs, 12 * 24, 'the value into each neuron, at each of 12 steps');
  assert.equal(snn.neuronUpdates, 12 * (24 + 8));
  assert.ok(snn.acs > 0 && snn.acs < snn.denseAcs);
  const events = of('SNN, spikes in').run!.ledger.total;
  assert.equal(events.macs, 0);
});

test('a chip prices the network that takes spikes, and says why not the other', () => {
  const loihi = (name: string) => of(name).run!.energy.find(({ profile }) => profile === 'keras-loihi')!;
  assert.match(loihi('Recurrent SNN').notApplicable!, /no price for the analog input of "in"/);
  assert.ok(loihi('SNN, spikes in').total > 0);
  assert.match(of('Recurrent SNN').run!.kerasSpiking.differs, /recurrent synapses are free/);
});

test('a linear series is forecast exactly by the linear model', async () => {
  const values = Float64Array.from({ length: 300 }, (_, i) => Math.sin(i / 5) + 0.3 * Math.cos(i / 2) + 4);
  const waves: Series = { name: 'waves', source: 'test', values };
  const found = await runForecast(backend, waves, { ...small, networks: ['mlp'], epochs: 1 });
  assert.ok(found.forecasters[1]!.errors.nrmse.value < 1e-4, `${found.forecasters[1]!.errors.nrmse.value}`);
});

/** All but times. */
const numbers = (found: ForecastRecord): unknown =>
  JSON.parse(JSON.stringify(found, (key, value) => (/seconds/i.test(key) ? undefined : value)));

test('the same with another number of threads, and after a stop', async () => {
  const settings: Partial<ForecastStudy> = { ...small, epochs: 2, networks: ['mlp', 'snn'] };
  const whole = await runForecast(backend, series, settings);
  const two = await wasmBackend({ threads: 2 });
  try {
    assert.deepEqual(numbers(await runForecast(two, series, settings)), numbers(whole));
  } finally {
    await two.close();
  }
  const stores = new Map<string, ReturnType<typeof memoryCheckpoints>>();
  const checkpoints = (name: string) => {
    const store = stores.get(name) ?? memoryCheckpoints();
    stores.set(name, store);
    return store;
  };
  const stop = new AbortController();
  const progress = {
    begin: (stage: string) => void (stage === 'Train Recurrent SNN' && stop.abort()),
    ...{ update() {}, end() {}, note() {} },
  };
  await assert.rejects(
    runForecast(backend, series, settings, { progress, signal: stop.signal, checkpoints }),
    /InterruptedError: training stopped on request/,
  );
  assert.deepEqual([...stores.keys()], ['MLP', 'Recurrent SNN']);
  assert.deepEqual(numbers(await runForecast(backend, series, settings, { checkpoints })), numbers(whole));
});

test('too short a test has no intervals; without an ANN nothing is set against one', async () => {
  const settings: Partial<ForecastStudy> = { ...small, epochs: 1, networks: ['snn'] };
  const found = await runForecast(referenceBackend(), mackeyGlass({ samples: 150 }), settings);
  const snn = found.forecasters[2]!;
  assert.equal(snn.errors.rmse.interval, null);
  assert.equal(snn.againstAnn, undefined);
});

test('settings that cannot be are refused', async () => {
  const refuses = (settings: Partial<ForecastStudy>, message: RegExp): Promise<void> =>
    assert.rejects(runForecast(backend, series, settings), message);
  await refuses({ networks: [] }, /forecast\.networks: got , expected at least one of mlp, cnn, snn, snn-delta/);
  await refuses({ networks: ['mlp', 'mlp'] }, /forecast\.networks: got "mlp", expected each at most once/);
  await refuses({ networks: ['lstm' as never] }, /forecast\.networks: got "lstm", expected each at most once of mlp/);
  await refuses({ epochs: 0 }, /forecast\.epochs: got 0, expected a whole number of at least 1/);
  await refuses({ seed: -1 }, /forecast\.seed: got -1/);
  await refuses({ draws: 3 }, /forecast\.draws: got 3, expected a whole number of at least 40/);
  await refuses({ snn: { ...DEFAULT_FORECAST.snn, delta: 0 } }, /forecast\.snn\.delta: got 0, expected a positive/);
  await refuses({ window: 4, networks: ['cnn'] }, /conv2|conv1/);
});
