// Training: epochs of shuffled batches, validation after each, the best epoch kept. The numbers are a function of network,
// data, options and backend alone: not of threads, nor of where a run was stopped and gone on with.

import { now } from '#platform';
import { bytes, NumericError, seconds } from '../core/index.ts';
import type { Backend, Batch } from '../engine/index.ts';
import { readWeights } from '../lower/index.ts';
import type { NetworkSpec } from '../model/index.ts';
import { activityNotes, type DiagnosisContext, historyNotes } from './diagnosis.ts';
import { batchLoss, countCorrect, type Evaluation, evaluate, predictions } from './evaluate.ts';
import { hardenLabel } from './harden-options.ts';
import type { TrainHooks } from './hooks.ts';
import { checkParameters, lossError, momentError } from './non-finite.ts';
import type { NetworkTraining } from './options.ts';
import { epochOrder } from './order.ts';
import type { EpochReport, TrainResult } from './result.ts';
import { TrainingRun } from './run.ts';
import { learningRate } from './schedule.ts';
import { identityOf, openSession, shareParameters, type TrainingData } from './session.ts';
import type { Note } from './state.ts';

/**
 * Trains `spec` and returns the weights of its best epoch: the one with the highest validation accuracy, of a regression (data with
 * targets) the lowest validation loss, the earliest of equals, or the last epoch where there are no validation samples. Every epoch sees every training sample once, in an order
 * drawn from (seed, epoch); a smaller last batch is trained on like the others.
 * With `hooks.checkpoints`, a run that was stopped is gone on with, to the same bits.
 * Throws ConfigError, ShapeError and UnsupportedError before it begins; DataError for damaged or unwritable checkpoints;
 * NumericError, naming layer and step, for a NaN or an Infinity; InterruptedError when `hooks.signal` is aborted.
 */
export async function trainNetwork(
  backend: Backend,
  spec: NetworkSpec,
  data: TrainingData,
  options: NetworkTraining,
  hooks: TrainHooks = {},
): Promise<TrainResult> {
  const session = openSession(backend, spec, data, options);
  try {
    const identity = hooks.checkpoints === undefined ? undefined : identityOf(backend, spec, data, options);
    const run = new TrainingRun(session, data, options, hooks, identity);
    await run.resume();
    while (!run.state.finished) await trainEpoch(run);
    run.report();
    return resultOf(run);
  } finally {
    session.close();
  }
}

/** From the batch the state is at to the end of its epoch. */
async function trainEpoch(run: TrainingRun): Promise<void> {
  const { state, options, data } = run;
  const order = epochOrder(options.seed, state.epoch, data.train.samples);
  while (state.batch < run.batches) {
    await run.stopIfAsked();
    const start = state.batch * options.batchSize;
    await trainBatch(run, order.subarray(start, Math.min(start + options.batchSize, order.length)));
    await run.saveIfDue();
    await run.pause();
  }
  await endEpoch(run);
}

/** The batch, and the time it took where it is hardened. */
async function makeBatch({ state, options, session }: TrainingRun, ids: Uint32Array): Promise<Batch> {
  const started = now();
  const batch = await session.learner.stage.batch(ids, options.seed, state.epoch);
  if (options.harden !== undefined) state.hardenSeconds += now() - started;
  return batch;
}

async function trainBatch(run: TrainingRun, ids: Uint32Array): Promise<void> {
  const { state, options, session } = run;
  const { learner } = session;
  const batch = await withMoment(run, async () => {
    const made = await makeBatch(run, ids);
    learner.program.run(made);
    return made;
  });
  const loss = batchLoss(learner);
  if (!Number.isFinite(loss)) throw lossError(learner, loss, state);
  const found = batch.targets ? [] : predictions(learner, options.decoder, ids.length);
  const correct = countCorrect(found, batch.labels!);
  const { beta1, beta2, epsilon, momentum, weightDecay } = options.optimizer;
  learner.program.update({
    learningRate: run.learningRate,
    step: state.step + 1,
    beta1,
    beta2,
    epsilon,
    momentum,
    weightDecay,
    clipNorm: options.clipNorm,
  });
  state.lossSum += loss * ids.length;
  state.correct += correct;
  state.seen += ids.length;
  state.step++;
  state.batch++;
}

/** Adds epoch and step to an error of the engine. */
async function withMoment<T>(run: TrainingRun, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof NumericError ? momentError(error, run.state) : error;
  }
}

async function endEpoch(run: TrainingRun): Promise<void> {
  const { state, session, options } = run;
  checkParameters(session.learner, state);
  const found = await validate(run);
  run.tick();
  const epoch = epochReport(run, found);
  const context = contextOf(run);
  const notes = found === undefined ? [] : activityNotes(state.epoch, found, context);
  state.history.push(epoch);
  for (const note of [...notes, ...historyNotes(state.history, context)]) run.note(note);
  keepIfBest(run, epoch, notes);
  const waited = state.epoch - state.best!.epoch;
  state.stoppedEarly = options.patience > 0 && waited >= options.patience && state.epoch < options.epochs;
  state.finished = state.stoppedEarly || state.epoch === options.epochs;
  Object.assign(state, { epoch: state.epoch + 1, batch: 0, lossSum: 0, correct: 0, seen: 0, epochSeconds: 0 });
  await run.save();
  run.hooks.onEpoch?.(epoch);
}

async function validate(run: TrainingRun): Promise<Evaluation | undefined> {
  const { learner, validator } = run.session;
  if (validator === undefined) return undefined;
  shareParameters(learner, validator);
  const found = await evaluate(validator, run.data.validation, run.options, () => run.pause());
  if (!Number.isFinite(found.loss)) throw lossError(validator, found.loss, run.state);
  return found;
}

function epochReport({ state, options, batches, data }: TrainingRun, found: Evaluation | undefined): EpochReport {
  return {
    epoch: state.epoch,
    trainLoss: state.lossSum / state.seen,
    trainAccuracy: data.train.targets ? null : state.correct / state.seen,
    validationLoss: found?.loss ?? null,
    validationAccuracy: found?.accuracy ?? null,
    learningRate: learningRate(options, state.step, batches),
    seconds: state.epochSeconds,
  };
}

function keepIfBest(run: TrainingRun, report: EpochReport, notes: Note[]): void {
  const { best, history } = run.state;
  const { epoch, validationAccuracy: accuracy } = report;
  if (best !== null && !isBetter(report, history[best.epoch - 1]!)) return;
  run.state.best = { epoch, accuracy, notes };
  run.best = readWeights(run.session.learner.program, run.session.learner.lowered);
}

/** Without validation samples every epoch is better than those before it. */
function isBetter(report: EpochReport, best: EpochReport): boolean {
  if (report.validationAccuracy !== null && best.validationAccuracy !== null)
    return report.validationAccuracy > best.validationAccuracy;
  return report.validationLoss === null || report.validationLoss < best.validationLoss!;
}

function contextOf({ data, options }: TrainingRun): DiagnosisContext {
  return {
    classNames: data.train.classes,
    timesteps: options.timesteps,
    loss: options.loss.kind,
    trainSamples: data.train.samples,
    validationSamples: data.validation.samples,
  };
}

/** The notes of the result are those that hold for the kept weights and for the course as a whole. */
function resultOf(run: TrainingRun): TrainResult {
  run.tick();
  const { state, data, options } = run;
  const { harden } = options;
  const best = state.best!;
  const notes = [
    ...best.notes,
    ...historyNotes(state.history, contextOf(run)),
    ...state.notes.filter(({ kind }) => kind === 'checkpoint'),
  ];
  return {
    weights: run.best,
    training: {
      epochs: state.history,
      bestEpoch: best.epoch,
      stoppedEarly: state.stoppedEarly,
      notes: notes.map(({ text }) => text),
      ...(harden && {
        hardening: { kind: harden.kind, label: hardenLabel(harden), seconds: state.hardenSeconds },
      }),
    },
    steps: state.step,
    seconds: seconds(state.seconds),
    hardenSeconds: seconds(state.hardenSeconds),
    samplesPerSecond: (state.history.length * data.train.samples) / state.seconds,
    bytes: bytes(run.session.bytes),
  };
}
