// The two compiled programs of a training run, one that learns and one that validates, and the moves between them.

import { ConfigError, DataError } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import type { Backend, Program } from '../engine/index.ts';
import { inputOf, type Lowered, type LowerOptions, lower, readWeights, writeWeights } from '../lower/index.ts';
import {
  type DecoderSpec,
  decode,
  initialWeights,
  type NetworkSpec,
  readsSpikes,
  type Weights,
} from '../model/index.ts';
import { checkBatchSize, checkTrainOptions } from './check-options.ts';
import type { Checkpoint, RunIdentity } from './checkpoint.ts';
import type { NumberArray } from './container.ts';
import { bytesOf, crc32 } from './crc32.ts';
import { checkHarden } from './harden-options.ts';
import { openHardenedStage } from './harden-stage.ts';
import type { NetworkTraining } from './options.ts';
import { checkFit, checkTargets, openStage, type Stage } from './stage.ts';

export interface TrainingData {
  readonly train: Dataset;
  /** May be empty: then the last epoch is kept. */
  readonly validation: Dataset;
}

/** A compiled plan with the stage that feeds it. */
export interface Runner {
  readonly lowered: Lowered;
  readonly program: Program;
  readonly stage: Stage;
  readonly capacity: number;
}

export interface Session {
  readonly learner: Runner;
  /** undefined without validation samples. */
  readonly validator: Runner | undefined;
  readonly bytes: number;
  close(): void;
}

/** Samples of one validation batch, at least; it changes the speed alone. */
const VALIDATION_BATCH = 256;

/** Checks all that can be checked beforehand, compiles, and writes the first weights. Throws ConfigError, ShapeError, UnsupportedError. */
export function openSession(
  backend: Backend,
  spec: NetworkSpec,
  data: TrainingData,
  options: NetworkTraining,
): Session {
  checkTrainOptions(options);
  if (options.harden !== undefined) {
    checkHarden(options.harden, options.encoder);
    refuseTargets(data.train);
  }
  checkPatience(options.patience, data.validation);
  checkBatchSize(options.batchSize, data.train.samples, data.train.name);
  const weights = options.initial ?? initialWeights(spec, options.seed);
  const opened: { readonly bytes: number; close(): void }[] = [];
  const close = (): void => {
    for (const each of opened) each.close();
  };
  const open = (dataset: Dataset, purpose: 'train' | 'infer', capacity: number): Runner => {
    const lowered = lower(spec, lowerOptions(dataset, options, purpose));
    checkFit(dataset, spec, lowered.outputs.features, options.timesteps);
    checkTargets(dataset, options.loss.kind, lowered.outputs.features);
    checkDecoder(lowered, options.decoder);
    const program = backend.compile(lowered.plan, { samples: capacity });
    opened.push(program);
    writeWeights(program, lowered, weights);
    return { lowered, program, stage: stageOf(dataset, { lowered, program, capacity }, purpose), capacity };
  };
  const stageOf = (dataset: Dataset, { lowered, program, capacity }: Omit<Runner, 'stage'>, purpose: string): Stage => {
    const { harden, augment } = options;
    if (purpose === 'infer') return openStage(dataset, capacity);
    if (harden === undefined) return openStage(dataset, capacity, augment);
    const learned = (): Weights => readWeights(program, lowered);
    const stage = openHardenedStage(backend, spec, dataset, { ...options, harden }, learned);
    opened.push(stage);
    return stage;
  };
  try {
    const { train, validation } = data;
    const learner = open(train, 'train', options.batchSize);
    const capacity = Math.min(validation.samples, Math.max(VALIDATION_BATCH, options.batchSize));
    const validator = validation.samples === 0 ? undefined : open(validation, 'infer', capacity);
    return { learner, validator, bytes: opened.reduce((sum, { bytes }) => sum + bytes, 0), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Attacks raise the loss of a class, and noise is of images. */
function refuseTargets({ name, targets }: Dataset): void {
  if (targets === undefined) return;
  throw new ConfigError(
    'harden',
    `got a setting for "${name}", which has targets; only classifiers are hardened, leave it out`,
  );
}

function checkPatience(patience: number, validation: Dataset): void {
  if (patience === 0 || validation.samples > 0) return;
  throw new ConfigError(
    'patience',
    `got ${patience}, but there are no validation samples to judge epochs by; set it to 0 or hold out a validation share`,
  );
}

function lowerOptions(dataset: Dataset, options: NetworkTraining, purpose: 'train' | 'infer'): LowerOptions {
  const { mode, timesteps, encoder, decoder, loss, optimizer, clipNorm } = options;
  const membranes = mode === 'snn' && !readsSpikes(decoder) ? ({ membranes: 'output' } as const) : {};
  const hardened = purpose === 'train' && options.harden !== undefined;
  const input = hardened ? ({ source: 'floats' } as const) : inputOf(dataset);
  const shared = { mode, timesteps, encoder, loss, input, purpose };
  return purpose === 'train'
    ? { ...shared, optimizer, clipNorm, observe: membranes }
    : { ...shared, observe: { ...membranes, counts: true } };
}

function checkDecoder({ mode, outputs }: Lowered, decoder: DecoderSpec): void {
  if (mode === 'ann') return;
  const given = (id: string | undefined): number[] | undefined => (id === undefined ? undefined : []);
  const none = { samples: 0, timesteps: 1, classes: 1 };
  decode(decoder, { ...none, spikes: given(outputs.spikes), membrane: given(outputs.membrane) });
}

/** Gives the validating program the learning one's parameters, to the bit. */
export function shareParameters(from: Runner, to: Runner): void {
  for (const id of to.lowered.state) to.program.write(id, from.program.read(id));
}

/** All that the learning program must be given back to go on. */
export function saveParameters({ lowered, program }: Runner): Map<string, NumberArray> {
  return new Map(lowered.state.map((id) => [id, program.read(id)]));
}

/** Throws DataError where the checkpoint lacks a parameter or has one of another size. */
export function restoreParameters({ lowered, program }: Runner, { parameters }: Checkpoint, path: string): void {
  for (const id of lowered.state) {
    const expected = program.read(id);
    const values = parameters.get(id);
    if (values?.length !== expected.length || values.BYTES_PER_ELEMENT !== expected.BYTES_PER_ELEMENT) {
      const got =
        values === undefined ? 'is missing' : `has ${values.length} values of ${values.BYTES_PER_ELEMENT} bytes`;
      throw new DataError(
        path,
        `parameter "${id}" ${got}, expected ${expected.length} of ${expected.BYTES_PER_ELEMENT} bytes; delete it to start afresh`,
      );
    }
    program.write(id, values);
  }
}

/** What a checkpoint must agree in with the run that goes on from it. The number of threads is not in it: it changes no bit. */
export function identityOf(
  backend: Backend,
  spec: NetworkSpec,
  data: TrainingData,
  options: NetworkTraining,
): RunIdentity {
  const { initial, ...rest } = options;
  const initialSum = [...(initial ?? [])].reduce((sum, [, values]) => crc32(bytesOf(values), sum), 0);
  const describe = (dataset: Dataset): unknown => ({
    name: dataset.name,
    samples: dataset.samples,
    checksum: crc32(bytesOf(dataset.values), crc32(dataset.labels)),
    ...(dataset.targets && { targets: crc32(bytesOf(dataset.targets)) }),
  });
  return {
    backend: backend.name,
    network: spec,
    options: rest,
    initial: initial === undefined ? 'drawn' : initialSum,
    train: describe(data.train),
    validation: describe(data.validation),
  };
}
