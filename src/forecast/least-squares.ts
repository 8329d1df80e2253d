// Linear least squares by Householder reflections with column pivoting, as in Golub and Van Loan, "Matrix computations", section 5.4.
// Values of a smooth series are almost combinations of their neighbours; columns that are so to within rounding get no weight.

/** Share of the largest column below which what is left of a column is rounding. */
const RANK_TOLERANCE = 1e-10;

/**
 * The X [columns, outputs] that minimises |A X - B|, with A [rows, columns] and B [rows, outputs] row-major; where columns of A depend on
 * each other, one with zeros for those that add nothing. A and B are overwritten.
 */
export function leastSquares(a: Float64Array, b: Float64Array, columns: number, outputs: number): Float64Array {
  const rows = a.length / columns;
  const order = Array.from({ length: columns }, (_, j) => j);
  const steps = Math.min(rows, columns);
  let [rank, first] = [0, 0];
  for (; rank < steps; rank++) {
    const norms = order.slice(rank).map((j) => normBelow(a, rows, columns, j, rank));
    const best = norms.reduce((top, norm, j) => (norm > norms[top]! ? j : top), 0);
    if (rank === 0) first = norms[best]!;
    if (norms[best]! <= RANK_TOLERANCE * first) break;
    [order[rank], order[rank + best]] = [order[rank + best]!, order[rank]!];
    reflect(a, b, { rows, columns, outputs }, order, rank, norms[best]!);
  }
  return backSubstitute(a, b, { columns, outputs }, order, rank);
}

function normBelow(a: Float64Array, rows: number, columns: number, j: number, from: number): number {
  let sum = 0;
  for (let i = from; i < rows; i++) sum += a[i * columns + j]! ** 2;
  return Math.sqrt(sum);
}

/** Turns column `order[k]` into one that is 0 below row k, and the columns after it and B likewise. */
function reflect(
  a: Float64Array,
  b: Float64Array,
  { rows, columns, outputs }: { readonly rows: number; readonly columns: number; readonly outputs: number },
  order: readonly number[],
  k: number,
  norm: number,
): void {
  const pivot = order[k]!;
  const head = a[k * columns + pivot]!;
  const diagonal = head > 0 ? -norm : norm;
  const v = Float64Array.from({ length: rows - k }, (_, i) => a[(k + i) * columns + pivot]!);
  v[0] = head - diagonal;
  const scale = 2 / v.reduce((sum, value) => sum + value * value, 0);
  const apply = (values: Float64Array, width: number, j: number): void => {
    let dot = 0;
    for (let i = 0; i < v.length; i++) dot += v[i]! * values[(k + i) * width + j]!;
    for (let i = 0; i < v.length; i++) values[(k + i) * width + j]! -= scale * dot * v[i]!;
  };
  for (const j of order.slice(k)) apply(a, columns, j);
  for (let j = 0; j < outputs; j++) apply(b, outputs, j);
}

function backSubstitute(
  a: Float64Array,
  b: Float64Array,
  { columns, outputs }: { readonly columns: number; readonly outputs: number },
  order: readonly number[],
  rank: number,
): Float64Array {
  const x = new Float64Array(columns * outputs);
  for (let output = 0; output < outputs; output++)
    for (let i = rank - 1; i >= 0; i--) {
      let sum = b[i * outputs + output]!;
      for (let j = i + 1; j < rank; j++) sum -= a[i * columns + order[j]!]! * x[order[j]! * outputs + output]!;
      x[order[i]! * outputs + output] = sum / a[i * columns + order[i]!]!;
    }
  return x;
}
