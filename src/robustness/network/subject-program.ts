// A subject compiled for one purpose, with its weights, ready for images in batches.

import { NumericError, ShapeError } from '../../core/index.ts';
import type { Backend, Batch, Plan, Program } from '../../engine/index.ts';
import { type Lowered, type LowerOptions, lower, writeWeights } from '../../lower/index.ts';
import { readsSpikes, sizeOf, type Weights } from '../../model/index.ts';
import type { PixelSource } from '../pixels.ts';
import type { Images, Subject } from '../subject.ts';

/** Images in a batch at most; it changes the speed alone. */
const MOST = 250;
/** Values kept for the host after a batch, at most. */
const KEPT = 2 ** 26;

export interface SubjectProgram {
  readonly lowered: Lowered;
  readonly program: Pick<Program, 'tensor'>;
  load(weights: Weights): void;
  /** Throws NumericError, naming the network, for what is no number. */
  run(batch: Batch): void;
  /** Batches of images [from, to), staged; each is valid until the next. */
  forEach(images: Images, each: (batch: Omit<Batch, 'seed' | 'epoch'>, from: number, to: number) => void): void;
  close(): void;
}

function capacityOf({ tensors, timesteps }: Plan, asked = MOST): number {
  let kept = 1;
  for (const { rows, features, keep } of tensors)
    if (keep === 'batch') kept += features * (rows === 'step' ? timesteps : 1);
  return Math.max(1, Math.min(asked, Math.floor(KEPT / kept)));
}

/** Throws ShapeError where images or weights do not fit the network, and what `lower` throws. */
export function openProgram(
  backend: Backend,
  subject: Subject,
  source: PixelSource,
  options: Pick<LowerOptions, 'purpose' | 'loss' | 'encoder'>,
  asked?: number,
): SubjectProgram {
  const { name, spec, weights, mode, timesteps, decoder } = subject;
  const { size } = source;
  if (sizeOf(spec.input) !== size)
    throw new ShapeError(
      `network "${name}": input [${spec.input.join(', ')}] has ${sizeOf(spec.input)} values, an image of "${source.name}" [${source.shape.join(', ')}] has ${size}; use a network made for this data`,
    );
  const reads = mode === 'snn' && !readsSpikes({ kind: decoder }) ? { membranes: 'output' as const } : {};
  const lowered = lower(spec, { mode, timesteps, input: { source: 'floats' }, observe: reads, ...options });
  const capacity = capacityOf(lowered.plan, asked);
  const program = backend.compile(lowered.plan, { samples: capacity });
  const staged = new Float32Array(capacity * size);
  const load = (values: Weights): void => writeWeights(program, lowered, values);
  try {
    load(weights);
  } catch (error) {
    program.close();
    throw error;
  }
  return {
    lowered,
    program,
    load,
    run(batch) {
      try {
        program.run(batch);
      } catch (error) {
        if (error instanceof NumericError)
          throw new NumericError(`network "${name}": ${error.message}`, { cause: error });
        throw error;
      }
    },
    forEach({ pixels, ids }, each) {
      for (let from = 0; from < ids.length; from += capacity) {
        const to = Math.min(from + capacity, ids.length);
        const input = source.stage(pixels.subarray(from * size, to * size), staged);
        each({ samples: to - from, input, sampleIds: ids.subarray(from, to) }, from, to);
      }
    },
    close: () => program.close(),
  };
}
