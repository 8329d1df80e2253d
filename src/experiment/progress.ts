// How far the work is, told to whoever shows it.

/** Stages follow each other: each begins, moves on, and ends. */
export interface Progress {
  /** A stage of `total` units begins; `total` 0 where its length is not known. */
  begin(stage: string, total: number, unit: string): void;
  /** `done` of the stage's total; `detail` is the newest figure, such as `validation 97.1 %`. */
  update(done: number, detail?: string): void;
  /** The stage is over; `result` says what came of it. */
  end(result?: string): void;
  /** Something the reader should know, whatever stage is under way. */
  note(text: string): void;
}

/** Shows nothing. */
export const silentProgress: Progress = { begin() {}, update() {}, end() {}, note() {} };
