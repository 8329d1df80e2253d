import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SURROGATES, surrogateDerivative, surrogateValue } from './surrogate.ts';

test('each surrogate is the derivative of its primitive', () => {
  for (const kind of SURROGATES) {
    for (const slope of [0.7, 2, 25]) {
      for (const x of [-3, -0.31, -0.013, 0.017, 0.29, 2.5]) {
        const h = 1e-5;
        const numeric = (surrogateValue(kind, slope, x + h) - surrogateValue(kind, slope, x - h)) / (2 * h);
        const error = Math.abs(numeric - surrogateDerivative(kind, slope, x));
        assert.ok(error < 1e-6 * Math.max(1, slope ** 2), `${kind} slope ${slope} at ${x}: off by ${error}`);
      }
    }
  }
});

test('surrogates at the threshold and far from it', () => {
  assert.equal(surrogateDerivative('atan', 2, 0), 1);
  assert.equal(surrogateDerivative('sigmoid', 4, 0), 1);
  assert.equal(surrogateDerivative('fast-sigmoid', 25, 0), 1);
  assert.equal(surrogateDerivative('triangular', 3, 0), 3);
  assert.equal(surrogateDerivative('triangular', 3, 0.5), 0);
  assert.equal(surrogateDerivative('sigmoid', 25, -1e6), 0, 'no overflow far below the threshold');
  assert.equal(surrogateDerivative('sigmoid', 25, 1e6), 0);
});
