// A trained ANN as an ONNX file, checked with ONNX Runtime where it is installed.

import { foldNorms } from '../convert/index.ts';
import { ConfigError, NumericError } from '../core/index.ts';
import type { NetworkSpec } from '../model/index.ts';
import { checkOnnx, exportOnnx, type OnnxCheck, type OnnxOptions, type OnnxUnavailable } from '../onnx/index.ts';
import type { NetworkFile } from '../store/index.ts';
import { openBackend } from './open-backend.ts';

export interface ExportOptions extends OnnxOptions {
  /** Keep batch norms as layers of their own; default: folded into the layers before them, as anybody would run it. */
  readonly keepNorms?: boolean;
  /** Run the file, if a runtime is installed, and compare; default true. */
  readonly check?: boolean;
}

export interface ExportedNetwork {
  readonly bytes: Uint8Array;
  /** As it was exported. */
  readonly spec: NetworkSpec;
  /** null: not asked for. */
  readonly check: OnnxCheck | OnnxUnavailable | null;
}

/**
 * Exports the ANN of a network file. Throws ConfigError for a spiking network, NumericError if the runtime's outputs are not the
 * engine's, and what `exportOnnx` throws.
 */
export async function exportFile(file: NetworkFile, options: ExportOptions = {}): Promise<ExportedNetwork> {
  const { kind, timesteps } = file.reading;
  if (kind !== 'ann')
    throw new ConfigError(
      'network',
      `got a network read as "${kind}", T=${timesteps}, expected an ANN: ONNX has no neurons that keep a membrane from step to step; export the ann.safetensors of its run`,
    );
  const { spec, weights } = options.keepNorms === true ? file : foldNorms(file.spec, file.weights, 'ann');
  const bytes = exportOnnx(spec, weights, options);
  if (options.check === false) return { bytes, spec, check: null };
  const { backend } = await openBackend({ engine: 'wasm', threads: 1 });
  try {
    const check = await checkOnnx(bytes, spec, weights, backend, options);
    refuseDisagreement(spec, check);
    return { bytes, spec, check };
  } finally {
    await backend.close();
  }
}

/** Exported for its tests. */
export function refuseDisagreement({ name }: NetworkSpec, check: OnnxCheck | OnnxUnavailable): void {
  if ('unavailable' in check || check.agrees) return;
  const { provider, version, differing, samples, largestDifference } = check;
  throw new NumericError(
    `network "${name}": ${provider} ${version} gives other outputs than the engine for ${differing} of ${samples} samples, by up to ${largestDifference.toPrecision(2)} of the largest output; nothing was written. Try another runtime, or --no-check to keep the file`,
  );
}
