// What downloading needs from where it runs; package.json's `imports` maps `#cache` to one of the two files beside this one.

/** A file that grows. */
export interface PartFile {
  readonly path: string;
  /** Bytes in it so far. */
  readonly size: number;
  append(chunk: Uint8Array): Promise<void>;
  /** Empties it. */
  reset(): Promise<void>;
  /** Hexadecimal MD5 of all of it. */
  md5(): Promise<string>;
  /** Gives the file its final name, over one that is there. */
  publish(path: string): Promise<void>;
  /** Lets go of it. What it holds stays for the next to go on from, unless `discard`. */
  release(discard: boolean): Promise<void>;
}

export interface CachePlatform {
  /** Where this user's programs keep what can be fetched again: XDG_CACHE_HOME and its equals, then `spikewatt`. */
  cacheFolder(): string;
  /**
   * The unfinished download of `path`: one that another process left behind, or a new one. No two processes get the same, so none
   * writes into what another is writing. Throws DataError.
   */
  openPart(path: string): Promise<PartFile>;
  /**
   * Unpacks the files named (without their folders) of a .tar.gz into a folder that appears whole or not at all; if it is there by
   * then, it stays. Throws DataError for a damaged archive and for a file that it lacks.
   */
  unpack(archive: string, folder: string, files: readonly string[], onFile?: (done: number) => void): Promise<void>;
}
