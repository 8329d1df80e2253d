// How long ONNX Runtime takes for a file: the second engine that a fair comparison with an ANN needs.

import { now } from '#platform';
import { ConfigError, type Seconds, seconds } from '../core/index.ts';
import { type OnnxProvider, type OnnxRuntimeOptions, type OnnxUnavailable, openOnnx } from './runtime.ts';

export interface OnnxTimingOptions extends OnnxRuntimeOptions {
  /** Samples of one run. */
  readonly batch: number;
  /** Runs that count; default 20. */
  readonly repeats?: number;
  /** Runs before them; default 3. */
  readonly warmup?: number;
}

export interface OnnxTiming {
  readonly provider: OnnxProvider;
  readonly version: string;
  readonly threads: number;
  readonly batch: number;
  readonly repeats: number;
  /** Of one run of the whole batch. */
  readonly medianSeconds: Seconds;
  readonly minSeconds: Seconds;
}

/**
 * Times batches of `input`, which holds at least `batch` samples side by side, a different one in each run. Throws ConfigError for
 * fewer samples and for counts below 1, DataError for a file that the runtime refuses.
 */
export async function timeOnnx(
  model: Uint8Array,
  input: Float32Array,
  options: OnnxTimingOptions,
): Promise<OnnxTiming | OnnxUnavailable> {
  const { batch, repeats = 20, warmup = 3 } = options;
  checkCount('batch', batch);
  checkCount('repeats', repeats);
  const session = await openOnnx(model, options);
  if ('unavailable' in session) return session;
  try {
    const size = session.sampleSize;
    const batches = Math.floor(input.length / (batch * size));
    if (batches < 1)
      throw new ConfigError(
        'input',
        `got ${input.length} values, expected at least ${batch * size}: ${batch} samples of ${size}`,
      );
    const times: number[] = [];
    for (let run = -warmup; run < repeats; run++) {
      const first = ((run + warmup) % batches) * batch * size;
      const start = now();
      await session.run(input.subarray(first, first + batch * size));
      if (run >= 0) times.push(now() - start);
    }
    const { provider, version, threads } = session;
    times.sort((a, b) => a - b);
    const median = (times[(repeats - 1) >> 1]! + times[repeats >> 1]!) / 2;
    const taken = { medianSeconds: seconds(median), minSeconds: seconds(times[0]!) };
    return { provider, version, threads, batch, repeats, ...taken };
  } finally {
    await session.close();
  }
}

function checkCount(key: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new ConfigError(key, `got ${value}, expected a whole number from 1 on`);
}
