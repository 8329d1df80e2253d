// One training run while it lasts: where it is, its clock, its checkpoints, and what it tells its caller.

import { now, yieldToEventLoop } from '#platform';
import { InterruptedError } from '../core/index.ts';
import type { Weights } from '../model/index.ts';
import { checkIdentity, encodeCheckpoint, type RunIdentity } from './checkpoint.ts';
import { newestCheckpoint } from './checkpoint-store.ts';
import type { TrainHooks } from './hooks.ts';
import { checkParameters } from './non-finite.ts';
import type { NetworkTraining } from './options.ts';
import { batchesOf } from './order.ts';
import { learningRate } from './schedule.ts';
import { restoreParameters, type Session, saveParameters, type TrainingData } from './session.ts';
import { freshState, type Note, type TrainingState } from './state.ts';

/** Seconds between two looks at signals, and between two reports of progress: no user notices the wait. */
const PAUSE_SECONDS = 0.05;
const CHECKPOINT_SECONDS = 20;

export class TrainingRun {
  readonly session: Session;
  readonly data: TrainingData;
  readonly options: NetworkTraining;
  readonly hooks: TrainHooks;
  /** Batches of an epoch. */
  readonly batches: number;
  state: TrainingState = freshState();
  /** Weights of the kept epoch. */
  best: Weights = new Map();
  private readonly identity: RunIdentity | undefined;
  private readonly started = now();
  private ticked = now();
  private paused = now();
  private saved = now();
  private doneBefore = 0;

  /** `identity` is needed with checkpoints alone. */
  constructor(
    session: Session,
    data: TrainingData,
    options: NetworkTraining,
    hooks: TrainHooks,
    identity: RunIdentity | undefined,
  ) {
    this.session = session;
    this.data = data;
    this.options = options;
    this.hooks = hooks;
    this.identity = identity;
    this.batches = batchesOf(data.train.samples, options.batchSize);
  }

  /** Goes on from the newest good checkpoint; without one, writes the first, so that a folder that cannot be written is said now. */
  async resume(): Promise<void> {
    const { checkpoints } = this.hooks;
    if (checkpoints === undefined || this.identity === undefined) return;
    const found = await newestCheckpoint(checkpoints.store);
    if (found === undefined) return this.save();
    const { path, checkpoint, damage } = found;
    checkIdentity(checkpoint.identity, this.identity, path);
    restoreParameters(this.session.learner, checkpoint, path);
    this.state = checkpoint.state;
    this.best = checkpoint.best;
    this.doneBefore = this.done;
    const { epoch, step } = this.state;
    if (damage !== undefined) {
      const text = `${damage}; went on from the checkpoint before it, ${path}`;
      this.note({ kind: 'checkpoint', layer: null, epoch, text });
    }
    this.hooks.onResume?.({ path, epoch, step });
  }

  /** Training samples seen over all epochs. */
  get done(): number {
    return (this.state.epoch - 1) * this.data.train.samples + this.state.seen;
  }

  /** Of the next update. */
  get learningRate(): number {
    const steps = this.options.epochs * this.batches;
    return learningRate(this.options, Math.min(this.state.step + 1, steps), this.batches);
  }

  /** Between two batches: lets signals and timers be handled now and then, reports, and stops on request. */
  async pause(): Promise<void> {
    if (now() - this.paused < PAUSE_SECONDS) return;
    this.report();
    await yieldToEventLoop();
    this.paused = now();
    await this.stopIfAsked();
  }

  /** Throws InterruptedError after saving, if the caller's signal is aborted. */
  async stopIfAsked(): Promise<void> {
    if (!this.hooks.signal?.aborted) return;
    const { epoch, step } = this.state;
    const at = `training stopped on request in epoch ${epoch} after ${step} updates`;
    const store = this.hooks.checkpoints?.store;
    if (store === undefined) throw new InterruptedError(`${at}; nothing was saved (no checkpoints were asked for)`);
    await this.save();
    throw new InterruptedError(`${at}; saved in ${store.where}: run the same again to go on from there`);
  }

  /** Saves if a checkpoint is due after this update. */
  async saveIfDue(): Promise<void> {
    const { checkpoints } = this.hooks;
    if (checkpoints === undefined) return;
    const { everySteps = 0, everySeconds = CHECKPOINT_SECONDS } = checkpoints;
    const bySteps = everySteps > 0 && this.state.step % everySteps === 0;
    if (bySteps || now() - this.saved >= everySeconds) await this.save();
  }

  /** Writes a checkpoint, unless a parameter is not finite: the one before is then worth more. */
  async save(): Promise<void> {
    const { checkpoints } = this.hooks;
    if (checkpoints === undefined || this.identity === undefined) return;
    this.tick();
    checkParameters(this.session.learner, this.state);
    const parameters = saveParameters(this.session.learner);
    const { identity, state, best } = this;
    await checkpoints.store.save(encodeCheckpoint({ identity, state, parameters, best }));
    this.saved = now();
  }

  /** Adds the time since the last call to the run's. */
  tick(): void {
    const time = now();
    this.state.seconds += time - this.ticked;
    this.state.epochSeconds += time - this.ticked;
    this.ticked = time;
  }

  /** Remembers a note and tells the caller, once for each kind and layer. */
  note(note: Note): void {
    const known = this.state.notes.some(({ kind, layer }) => kind === note.kind && layer === note.layer);
    if (known) return;
    this.state.notes.push(note);
    this.hooks.onNote?.(note);
  }

  report(): void {
    const { onProgress } = this.hooks;
    if (onProgress === undefined) return;
    const { done, options, state, data } = this;
    const total = options.epochs * data.train.samples;
    const elapsed = now() - this.started;
    const samplesPerSecond = elapsed > 0 ? (done - this.doneBefore) / elapsed : 0;
    onProgress({
      epoch: Math.min(state.epoch, options.epochs),
      epochs: options.epochs,
      step: state.step,
      steps: options.epochs * this.batches,
      done,
      total,
      loss: state.lossSum / state.seen,
      accuracy: data.train.targets ? null : state.correct / state.seen,
      learningRate: this.learningRate,
      samplesPerSecond,
      secondsLeft: samplesPerSecond > 0 ? (total - done) / samplesPerSecond : undefined,
    });
  }
}
