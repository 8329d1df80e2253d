// The ANN in ONNX Runtime: a comparison with an ANN is only fair against the best engine for it.

import { ConfigError } from '../core/index.ts';
import { type Dataset, stagesBytes } from '../data/index.ts';
import { exportOnnx, type OnnxRuntimeOptions, openOnnx } from '../onnx/index.ts';
import type { Contestant } from './contest.ts';
import { stagedBatches, type TimedNetwork } from './network-subject.ts';

/** The ANN on this many threads, or why not. Throws what `exportOnnx` and `openOnnx` throw. */
export async function onnxContestant(
  network: TimedNetwork,
  dataset: Dataset,
  options: OnnxRuntimeOptions,
): Promise<Contestant | string> {
  if (network.mode !== 'ann') return 'there is no ANN among the networks';
  const model = exportOnnx(network.spec, network.weights);
  const session = await openOnnx(model, options);
  if ('unavailable' in session) return session.unavailable;
  const { provider, version } = session;
  await session.close();
  const name = `${network.name}, ONNX Runtime`;
  return {
    ...{ name, engine: `ONNX Runtime ${version} (${provider})`, most: dataset.samples },
    open: async (batch) => {
      const inputs = stagedBatches(dataset, batch).map((values) => floatsOf(values, dataset));
      const open = await openOnnx(model, options);
      if ('unavailable' in open) throw new ConfigError('onnx', open.unavailable);
      let next = 0;
      const work = async (): Promise<number> => {
        await open.run(inputs[next]!);
        next = (next + 1) % inputs.length;
        return batch;
      };
      const { correct } = network;
      return { name, work, batch, ...(correct === undefined ? {} : { correct }), close: open.close };
    },
  };
}

/** As the network takes them; the runtime has no bytes to scale. */
const floatsOf = (values: Uint8Array | Float32Array, dataset: Dataset): Float32Array =>
  stagesBytes(dataset) ? Float32Array.from(values, (value) => value * dataset.scale) : Float32Array.from(values);
