// The few error classes. A message says where, got what, expected what, and what to do.

/** Base of every error a user can cause and can fix; the command line prints its message in one line. */
export class SpikewattError extends Error {
  override name = 'SpikewattError';
}

/** Shapes that do not fit together; names the layer. */
export class ShapeError extends SpikewattError {
  override name = 'ShapeError';
}

/** Something valid that this part of the system cannot do; names what to use instead. */
export class UnsupportedError extends SpikewattError {
  override name = 'UnsupportedError';
}

/** Outside data that is missing, truncated or damaged; names the path and, where known, the byte offset. */
export class DataError extends SpikewattError {
  override name = 'DataError';
  readonly path: string;
  readonly offset: number | undefined;
  constructor(path: string, message: string, options: { offset?: number; cause?: unknown } = {}) {
    const at = options.offset === undefined ? '' : ` at byte ${options.offset}`;
    super(`${path}${at}: ${message}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.path = path;
    this.offset = options.offset;
  }
}

/** A wrong setting; names the key, the value and what is allowed. */
export class ConfigError extends SpikewattError {
  override name = 'ConfigError';
  readonly key: string;
  constructor(key: string, message: string) {
    super(`${key}: ${message}`);
    this.key = key;
  }
}

/** A number that cannot be right (NaN, Infinity, negative energy, a count above its bound); names the layer and step. */
export class NumericError extends SpikewattError {
  override name = 'NumericError';
}

/** The work was stopped on request (Ctrl-C); what was finished has been saved. */
export class InterruptedError extends SpikewattError {
  override name = 'InterruptedError';
}
