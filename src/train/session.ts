// The two compiled programs of a training run, one that learns and one that validates, and the moves between them.

import { ConfigError, DataError } from '../core/index.ts';
import type { Dataset } from '../data/index.ts';
import type { Backend, Program } from '../engine/index.ts';
import { inputOf, type Lowered, type LowerOptions, lower, writeWeights } from '../lower/index.ts';
import {
  type DecoderSpec,
  decode,
  type EncoderSpec,
  initialWeights,
  type NetworkSpec,
  readsSpikes,
  type Weights,
} from '../model/index.ts';
import { checkBatchSize, checkTrainOptions } from './check-options.ts';
import type { Checkpoint, RunIdentity } from './checkpoint.ts';
import type { NumberArray } from './container.ts';
import { bytesOf, crc32 } from './crc32.ts';
import type { TrainOptions } from './options.ts';
import { checkFit, openStage, type Stage } from './stage.ts';

/** Everything that decides the numbers of a run, beside its network and data. */
export interface NetworkTraining extends TrainOptions {
  /** How a sample becomes input through time; an ANN takes `constant`. */
  readonly encoder: EncoderSpec;
  /** How the output of an SNN is read; an ANN's is the largest logit. */
  readonly decoder: DecoderSpec;
  /** Weights to start from; default: drawn by the network's initialisers from the seed. */
  readonly initial?: Weights;
}

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
  checkPatience(options.patience, data.validation);
  checkBatchSize(options.batchSize, data.train.samples, data.train.name);
  const weights = options.initial ?? initialWeights(spec, options.seed);
  const runners: Runner[] = [];
  const close = (): void => {
    for (const { program } of runners) program.close();
  };
  const open = (dataset: Dataset, purpose: 'train' | 'infer', capacity: number): Runner => {
    const lowered = lower(spec, lowerOptions(dataset, options, purpose));
    checkFit(dataset, spec, lowered.outputs.features, options.timesteps);
    checkDecoder(lowered, options.decoder);
    const augment = purpose === 'train' ? options.augment : undefined;
    const program = backend.compile(lowered.plan, { samples: capacity });
    const runner = { lowered, program, stage: openStage(dataset, capacity, augment), capacity };
    runners.push(runner);
    writeWeights(program, lowered, weights);
    return runner;
  };
  try {
    const { train, validation } = data;
    const learner = open(train, 'train', options.batchSize);
    const capacity = Math.min(validation.samples, Math.max(VALIDATION_BATCH, options.batchSize));
    const validator = validation.samples === 0 ? undefined : open(validation, 'infer', capacity);
    return { learner, validator, bytes: runners.reduce((sum, { program }) => sum + program.bytes, 0), close };
  } catch (error) {
    close();
    throw error;
  }
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
  const shared = { mode, timesteps, encoder, loss, input: inputOf(dataset), purpose };
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
