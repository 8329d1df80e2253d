// What the backend needs from where it runs; package.json's `imports` maps `#threads` to one of the files beside this one.

export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** 1, 2, ...; the caller is thread 0. */
  readonly thread: number;
  /** The generation of work already done when the thread starts. */
  readonly generation: number;
  /** `performance.timeOrigin` of the caller. */
  readonly timeOrigin: number;
}

export interface KernelThread {
  /** Resolves when the thread can take work. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}
