// What differs between Node and a browser: files, the machine, the clock. package.json's `imports` maps `#platform` to one of
// the two files beside this one; each exports these functions by name.

import type { Bytes, Count, Seconds } from '../units.ts';

export interface Platform {
  /** The whole file. Throws DataError if it is missing or cannot be read. */
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Writes a file so that a crash at any moment leaves the old content or the new, never a part: a temporary file in the same
   * folder, flushed to the disk, then renamed. Missing folders are made. Throws DataError.
   */
  writeFileAtomic(path: string, content: string | Uint8Array): Promise<void>;
  /** Text of a file that may well be missing or closed to this user, such as those below /sys. Never throws. */
  readText(path: string): Promise<TextFile>;
  /**
   * Runs a program without a shell, in the C locale, and waits for its end; it is killed after `timeout` and when it writes more
   * than 4 MiB. Never throws: a program that is missing is an answer.
   */
  runCommand(program: string, args: readonly string[], timeout: Seconds): Promise<CommandResult>;
  /** Names in a folder, sorted. Throws DataError. */
  listDirectory(path: string): Promise<readonly string[]>;
  /** Makes a folder and those above it; one that exists is fine. Throws DataError. */
  makeDirectory(path: string): Promise<void>;
  /** `file`, `directory`, or `missing`. */
  pathKind(path: string): Promise<'file' | 'directory' | 'missing'>;
  /** Removes a file; a missing one is fine. Throws DataError. */
  removeFile(path: string): Promise<void>;
  /** Removes a folder that is empty; a missing one is fine. Throws DataError. */
  removeDirectory(path: string): Promise<void>;
  /** Renames a file, over one that exists. Throws DataError. */
  moveFile(from: string, to: string): Promise<void>;
  /** Path from its parts, as this system writes it. */
  joinPath(...parts: readonly string[]): string;
  /** Path of a file inside an installed npm package. Throws DataError if the package is not installed. */
  resolvePackageFile(packageName: string, file: string): string;
  /** Cores this process may use. */
  cpuCount(): number;
  /** Memory of the machine; undefined where it cannot be known. */
  memoryBytes(): Bytes | undefined;
  /** Largest memory this process has held; undefined where it cannot be known. */
  peakMemoryBytes(): Bytes | undefined;
  /** What this process has used so far; undefined where it cannot be known. */
  processUsage(): ProcessUsage | undefined;
  hostInfo(): HostInfo;
  /** Monotonic clock; only differences mean anything. */
  now(): Seconds;
  /** Lets timers, signals and input be handled. */
  yieldToEventLoop(): Promise<void>;
}

/** The machine, for a record of what was run where. */
export interface HostInfo {
  readonly runtime: 'node' | 'browser';
  /** Version of Node, or the browser's user agent. */
  readonly runtimeVersion: string;
  readonly v8: string;
  /** Such as `linux x64`. */
  readonly system: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: Bytes | undefined;
}

/** A file's text, or why there is none; `why` is the system's own code, such as `ENODATA`. */
export type TextFile =
  | { readonly text: string }
  | { readonly problem: 'missing' | 'denied' | 'failed'; readonly why: string };

/** How a program ended, or why it did not start or end. */
export type CommandResult =
  | { readonly code: number; readonly out: string; readonly err: string }
  | { readonly problem: 'missing' | 'denied' | 'timeout' | 'failed'; readonly why: string };

/** Of the whole process, all its threads together, since it started. */
export interface ProcessUsage {
  readonly userTime: Seconds;
  readonly systemTime: Seconds;
  readonly resident: Bytes;
  readonly peakResident: Bytes;
  /** JavaScript's heap; `external` is memory that it refers to outside, array buffers among it, but not shared Wasm memories. */
  readonly heapUsed: Bytes;
  readonly heapTotal: Bytes;
  readonly external: Bytes;
  /** Faults met from memory, and those that waited for a disk. */
  readonly minorFaults: Count;
  readonly majorFaults: Count;
  /** Times a thread gave the processor up, and times it was taken away. */
  readonly voluntarySwitches: Count;
  readonly involuntarySwitches: Count;
}
