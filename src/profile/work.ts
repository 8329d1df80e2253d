// What an operation does for one batch: arithmetic and memory traffic.

/** Arithmetic. Its flops are two for each multiply-add and one for anything else. */
export interface Arithmetic {
  readonly multiplyAdds: number;
  /** Additions, comparisons, single multiplications. Random numbers and exponentials are not counted. */
  readonly additions: number;
}

/** Of one batch. */
export interface Work {
  /** As if no input were zero. */
  readonly dense: Arithmetic;
  /** What was really done: events where zeros are skipped, Winograd's products where that way is taken. */
  readonly done: Arithmetic;
  /** Bytes of the operands, each once: what must move at least. Weights count once a chunk, or once a batch for gradients. */
  readonly read: number;
  readonly written: number;
}

export const NOTHING: Arithmetic = { multiplyAdds: 0, additions: 0 };
export const NO_WORK: Work = { dense: NOTHING, done: NOTHING, read: 0, written: 0 };

export const flopsOf = ({ multiplyAdds, additions }: Arithmetic): number => 2 * multiplyAdds + additions;

export const addArithmetic = (a: Arithmetic, b: Arithmetic): Arithmetic => ({
  multiplyAdds: a.multiplyAdds + b.multiplyAdds,
  additions: a.additions + b.additions,
});

export const addWork = (a: Work, b: Work): Work => ({
  dense: addArithmetic(a.dense, b.dense),
  done: addArithmetic(a.done, b.done),
  read: a.read + b.read,
  written: a.written + b.written,
});

/** The work of `times` batches. */
export function repeatWork({ dense, done, read, written }: Work, times: number): Work {
  const repeat = ({ multiplyAdds, additions }: Arithmetic): Arithmetic => ({
    multiplyAdds: times * multiplyAdds,
    additions: times * additions,
  });
  return { dense: repeat(dense), done: repeat(done), read: times * read, written: times * written };
}
