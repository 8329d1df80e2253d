// ONNX Runtime, where it is installed: an optional peer, found when it is asked for. `onnxruntime-node` (native) is the fastest;
// `onnxruntime-web` runs in Node and in a page as WebAssembly. https://onnxruntime.ai

import { ConfigError, DataError } from '../core/index.ts';

export type OnnxProvider = 'onnxruntime-node' | 'onnxruntime-web';

export interface OnnxRuntimeOptions {
  /** Taken in this order, the first that is installed. Default: `onnxruntime-node`, then `onnxruntime-web`. */
  readonly providers?: readonly OnnxProvider[];
  /** Default 1. `onnxruntime-web` keeps those of its first session in a process. */
  readonly threads?: number;
  /** How a provider is loaded; default `import(provider)`. A page without an import map gives its own. */
  readonly load?: (provider: OnnxProvider) => Promise<unknown>;
}

/** A file ready to run. */
export interface OnnxSession {
  readonly provider: OnnxProvider;
  /** Of ONNX Runtime, such as `1.30.0`. */
  readonly version: string;
  readonly threads: number;
  /** Values of one sample of the file's input. */
  readonly sampleSize: number;
  /**
   * Outputs [samples, classes] of `input`, which holds samples side by side as the file's input lies; its own copy. Throws ConfigError
   * for values that do not fill whole samples.
   */
  run(input: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** No runtime: why, and what to install. */
export interface OnnxUnavailable {
  readonly unavailable: string;
}

/** What is used of ONNX Runtime's JavaScript API. https://onnxruntime.ai/docs/api/js/ */
interface Runtime {
  readonly env: {
    readonly versions: Readonly<Record<string, string | undefined>>;
    readonly wasm: { numThreads?: number };
  };
  readonly InferenceSession: {
    create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<RuntimeSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => unknown;
}

interface RuntimeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata?: readonly { readonly shape: readonly (number | string)[] }[];
  run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
  release(): Promise<void>;
}

const PROVIDERS: readonly OnnxProvider[] = ['onnxruntime-node', 'onnxruntime-web'];

/** What to do where there is no runtime. */
export const INSTALL_HINT = 'npm install onnxruntime-node (or onnxruntime-web, which is WebAssembly)';

const isRuntime = (value: unknown): value is Runtime =>
  typeof value === 'object' && value !== null && 'InferenceSession' in value && 'Tensor' in value && 'env' in value;

async function findRuntime({
  providers = PROVIDERS,
  load = (provider) => import(provider),
}: OnnxRuntimeOptions): Promise<{ readonly provider: OnnxProvider; readonly runtime: Runtime } | OnnxUnavailable> {
  const reasons: string[] = [];
  for (const provider of providers) {
    try {
      const loaded = await load(provider);
      const runtime = isRuntime(loaded) ? loaded : (loaded as { default?: unknown } | null)?.default;
      if (isRuntime(runtime)) return { provider, runtime };
      reasons.push(`${provider} is not ONNX Runtime`);
    } catch (error) {
      reasons.push(reasonOf(provider, error));
    }
  }
  return { unavailable: `${reasons.join('; ')}. To have one: ${INSTALL_HINT}` };
}

function reasonOf(provider: OnnxProvider, error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const missing = code === 'ERR_MODULE_NOT_FOUND' && message?.includes(`'${provider}'`);
  return missing ? `${provider} is not installed` : `${provider} does not load: ${message ?? String(error)}`;
}

/**
 * Opens a file with the first runtime that is installed, on the processor. Throws DataError for a file that the runtime refuses,
 * ConfigError for a number of threads that cannot be.
 */
export async function openOnnx(
  model: Uint8Array,
  options: OnnxRuntimeOptions = {},
): Promise<OnnxSession | OnnxUnavailable> {
  const { threads = 1 } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new ConfigError('threads', `got ${threads}, expected a whole number from 1 on`);
  const found = await findRuntime(options);
  if ('unavailable' in found) return found;
  const { provider, runtime } = found;
  const web = provider === 'onnxruntime-web';
  // without it there is no telling how many threads WebAssembly takes; after the first session it has no effect
  if (web) runtime.env.wasm.numThreads ??= threads;
  const session = await createSession(runtime, model, {
    executionProviders: [web ? 'wasm' : 'cpu'],
    ...(web ? {} : { intraOpNumThreads: threads, interOpNumThreads: 1 }),
  });
  const version = runtime.env.versions[web ? 'web' : 'node'] ?? runtime.env.versions.common ?? 'unknown';
  const shape = session.inputMetadata?.[0]?.shape.slice(1).map(Number);
  if (shape === undefined) {
    await session.release();
    return { unavailable: `${provider} ${version} is too old. To have a newer one: ${INSTALL_HINT}` };
  }
  return {
    ...{ provider, version, threads: web ? (runtime.env.wasm.numThreads ?? threads) : threads },
    sampleSize: shape.reduce((product, length) => product * length, 1),
    run: (input) => runSession(runtime, session, shape, input),
    close: () => session.release(),
  };
}

async function createSession(
  { InferenceSession }: Runtime,
  model: Uint8Array,
  options: Readonly<Record<string, unknown>>,
): Promise<RuntimeSession> {
  try {
    return await InferenceSession.create(model, options);
  } catch (cause) {
    throw new DataError('ONNX model', `ONNX Runtime refuses it: ${(cause as Error).message}`, { cause });
  }
}

async function runSession(
  { Tensor }: Runtime,
  session: RuntimeSession,
  shape: readonly number[],
  input: Float32Array,
): Promise<Float32Array> {
  const size = shape.reduce((product, length) => product * length, 1);
  const samples = input.length / size;
  if (!Number.isInteger(samples) || samples < 1)
    throw new ConfigError(
      'input',
      `got ${input.length} values, expected whole samples of ${size} ([${shape.join(', ')}])`,
    );
  const tensor = new Tensor('float32', input, [samples, ...shape]);
  const outputs = await session.run({ [session.inputNames[0]!]: tensor });
  return Float32Array.from(outputs[session.outputNames[0]!]!.data);
}
