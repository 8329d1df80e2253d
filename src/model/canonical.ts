// A spec is immutable and is what its JSON says: a deep, frozen copy without undefined fields and with -0 written as 0.

/** Deep frozen copy of plain data. */
export function canonical<T>(value: T): T {
  if (typeof value === 'number') return (value + 0) as T;
  if (Array.isArray(value)) return Object.freeze(value.map(canonical)) as T;
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.freeze(Object.fromEntries(kept.map(([key, field]) => [key, canonical(field)]))) as T;
}
