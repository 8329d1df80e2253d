// Runs a command that prints one JSON line, and reads it.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Timing } from './statistics.ts';

/** What one case in one process measured; the same of every side. */
export interface CaseReport {
  readonly step: Timing;
  readonly inference: Timing;
  readonly images: number;
  readonly peakMiB: number;
  readonly firstLoss: number;
  readonly lastLoss: number;
  readonly accuracy: number;
  /** Spikes a neuron and step of each layer on a training batch: as the counted steps began (this engine only), and as they ended. */
  readonly rates?: readonly { readonly layer: string; readonly first?: number; readonly last: number }[];
}

export function runForJson<T>(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const line = out.trim().split('\n').at(-1) ?? '';
      if (code === 0 && line.startsWith('{')) resolve(JSON.parse(line) as T);
      else reject(new Error(`${command} ${args[0]} ended with code ${code}: ${errors.trim().split('\n').at(-1)}`));
    });
  });
}

export interface Effort {
  readonly threads: number;
  readonly steps: number;
  readonly inferences: number;
  /** Of images and start weights, for the cases that take them. */
  readonly folder?: string;
}

/**
 * Where Node keeps JavaScript it made of TypeScript: with it a process need not load the compiler, 35 MiB that the published
 * package, which is JavaScript, does not need either.
 */
const COMPILE_CACHE = fileURLToPath(new URL('../build/compile-cache', import.meta.url));

/** Fills the compile cache, so that the processes that count find it. */
export async function warmCache(): Promise<void> {
  await runCase('ann', { threads: 2, steps: 1, inferences: 1 });
}

/** A case on this engine, in a process of its own. */
export function runCase(
  name: string,
  { threads, steps, inferences, folder }: Effort,
): Promise<CaseReport & { simdBits: number }> {
  const script = fileURLToPath(new URL('./case-process.ts', import.meta.url));
  const args = ['--conditions=source', script, name, ...[threads, steps, inferences].map(String), folder ?? []].flat();
  return runForJson(process.execPath, args, { NODE_COMPILE_CACHE: COMPILE_CACHE });
}
