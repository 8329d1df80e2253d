// The composition root: a study in, a record out. Data, training, conversion, simulation, counting and pricing meet here.

import { now } from '#platform';
import { InterruptedError } from '../core/index.ts';
import { int8Baseline, quantisedTwin } from '../measure/index.ts';
import type { Subject } from '../robustness/index.ts';
import type { SimulationResult } from '../simulate/index.ts';
import {
  type BaselineRecord,
  encodeNetworkFile,
  type NetworkFile,
  type NetworkRecord,
  type RunRecord,
} from '../store/index.ts';
import { type Candidate, deployed, nameOf } from './candidate.ts';
import { checkConvertible, convertedReading, convertStage, testConversions } from './convert-stage.ts';
import { describeNetwork, runOnTestSet } from './evaluate-stage.ts';
import { checkDisturbable, disturbedTimesteps, subjectOf } from './robustness-options.ts';
import { robustnessStage } from './robustness-stage.ts';
import type { RunFolder } from './run-folder.ts';
import type { Study } from './study.ts';
import { describeData } from './study-data.ts';
import { readingOf, type TrainedKind, trainStage } from './train-stage.ts';
import { warningsOf } from './warnings.ts';
import { type BenchOptions, type Workbench, withWorkbench } from './workbench.ts';

export interface RunOptions extends BenchOptions {
  /** Where networks and checkpoints are kept; undefined: nowhere. */
  readonly folder?: RunFolder;
  /** The record's id and time, where there is no folder. */
  readonly id: string;
  readonly createdAt: string;
}

/** Runs a study to its record. Throws ConfigError, ShapeError or DataError for what cannot be run, InterruptedError when stopped. */
export async function runStudy(study: Study, options: RunOptions): Promise<RunRecord> {
  const started = now();
  return withWorkbench(study, options, async (bench, environment) => {
    const { networks, subjects } = await compareNetworks(bench, options.folder);
    const robustness = await robustnessStage(bench, subjects);
    const data = describeData(bench.data, study);
    return {
      format: 'spikewatt-run',
      version: 2,
      id: options.id,
      name: study.name,
      createdAt: options.createdAt,
      study,
      environment,
      data,
      networks,
      ...(robustness === undefined ? {} : { robustness }),
      warnings: warningsOf(data, networks),
      wallSeconds: now() - started,
    };
  });
}

interface Compared {
  readonly networks: readonly NetworkRecord[];
  /** Those of them that noise and attacks are tried on: of the conversions one. */
  readonly subjects: readonly Subject[];
}

/** Trains what is compared, or what that is made from; then runs it all on the test set. */
async function compareNetworks(bench: Workbench, folder: RunFolder | undefined): Promise<Compared> {
  const { study, data } = bench;
  const wanted = new Set(study.compare);
  if (wanted.has('converted')) checkConvertible(bench);
  if (study.robustness !== null) checkDisturbable(study.robustness, data.test);
  const ann = wanted.has('ann') || wanted.has('converted') ? await trained(bench, 'ann', folder) : undefined;
  const snn = wanted.has('snn') ? await trained(bench, 'snn', folder) : undefined;
  const networks: NetworkRecord[] = [];
  const subjects: Subject[] = [...(ann && wanted.has('ann') ? [ann] : []), ...(snn ? [snn] : [])].map(subjectOf);
  const annRun = ann && (await runOnTestSet(bench, deployed(ann)));
  if (ann && annRun && wanted.has('ann')) networks.push(await describeNetwork(bench, deployed(ann), annRun));
  if (snn) networks.push(await describeNetwork(bench, deployed(snn), await runOnTestSet(bench, deployed(snn))));
  if (ann && annRun && wanted.has('converted')) {
    stopIfAsked(bench);
    const conversion = await convertStage(bench, ann.weights);
    const { spec, weights } = conversion;
    const reading = convertedReading(study, Math.max(...study.convert.timesteps));
    await saveNetwork(folder, 'converted', { spec, weights, reading });
    const tested = await testConversions(bench, conversion, annRun);
    networks.push(...tested);
    const smallest = tested.at(-1)!.conversion?.smallestTimesteps;
    const timesteps = disturbedTimesteps(
      study.robustness?.convertedTimesteps ?? null,
      study.convert.timesteps,
      smallest,
    );
    subjects.push(
      subjectOf({ name: nameOf({ ...reading, timesteps }), spec, weights, reading: { ...reading, timesteps } }),
    );
  }
  if (annRun === undefined) return { networks, subjects };
  return { networks: networks.map((record) => withBaselines(bench, record, annRun)), subjects };
}

function stopIfAsked({ signal }: Workbench): void {
  if (signal?.aborted) throw new InterruptedError('stopped on request');
}

async function trained(bench: Workbench, kind: TrainedKind, folder: RunFolder | undefined): Promise<Candidate> {
  const result = await trainStage(bench, kind, folder?.checkpoints(kind));
  const reading = readingOf(bench.study, kind);
  await saveNetwork(folder, kind, { spec: bench.spec, weights: result.weights, reading });
  return {
    name: nameOf(reading),
    spec: bench.spec,
    weights: result.weights,
    reading,
    training: result.training,
    trainSeconds: result.seconds,
    trainBytes: result.bytes,
    conversion: null,
    close: kind === 'snn',
  };
}

async function saveNetwork(folder: RunFolder | undefined, name: string, file: NetworkFile): Promise<void> {
  await folder?.write(`${name}.safetensors`, encodeNetworkFile(file));
}

/** A spiking network is also set against cheaper ANNs, so that its rival is no straw man. */
function withBaselines({ study }: Workbench, record: NetworkRecord, ann: SimulationResult): NetworkRecord {
  if (record.kind === 'ann') return record;
  const options = { zeroSkipping: study.zeroSkipping };
  const baselines: BaselineRecord[] = [
    int8Baseline(ann.trace, options),
    quantisedTwin(ann.trace, record.timesteps, options),
  ].map((baseline) => ({ ...baseline, accuracy: null }));
  return { ...record, baselines };
}
