// From readings to joules. A counter's differences are added, with the range where it wrapped. Power is integrated by the
// trapezoid rule: E = sum of (P_i + P_(i+1)) / 2 (t_(i+1) - t_i), an averaged reading standing at the middle of its time.

import { type Joules, joules, type Seconds, type Watts } from '../core/index.ts';
import type { EnergyReading, Meter, PowerReading } from './meter.ts';
import { MeterError } from './meter-error.ts';

/** Above what any one processor or card takes; a difference beyond it is a counter that was reset, not one that wrapped. */
const MOST_WATTS = 5000;
/** Above what a package takes for long; a counter not read for `range / LASTING_WATTS` may have wrapped unseen. */
const LASTING_WATTS = 500;

/** What a counter went up by between two readings, and whether it wrapped. Throws MeterError if that cannot be. */
export function counterStep(
  meter: Pick<Meter, 'label' | 'period'>,
  from: EnergyReading,
  to: EnergyReading,
): { readonly energy: Joules; readonly wrapped: boolean } {
  const went = to.energy - from.energy;
  const wrapped = went < 0;
  if (wrapped && to.range === undefined) {
    throw new MeterError(
      'nonsense',
      meter.label,
      `its counter went back by ${(-went).toPrecision(4)} J, and it does not wrap`,
    );
  }
  const energy = wrapped ? went + to.range! : went;
  const time = to.at - from.at;
  if (to.range !== undefined && time * LASTING_WATTS > to.range) {
    const unread = `was not read for ${time.toFixed(0)} s, in which its counter of ${to.range.toFixed(0)} J may have wrapped unseen`;
    throw new MeterError('failed', meter.label, `${unread}; let timers run, or call sample()`);
  }
  if (!(energy >= 0 && energy <= MOST_WATTS * (Math.max(0, time) + 2 * meter.period))) {
    const said = `${energy.toPrecision(4)} J in ${time.toPrecision(3)} s`;
    throw new MeterError(
      'nonsense',
      meter.label,
      `its counter moved by ${said}, more than ${MOST_WATTS} W; it was reset`,
    );
  }
  return { energy: joules(energy), wrapped };
}

interface Point {
  readonly at: number;
  readonly power: Watts;
}

/** The moment that a reading stands for. */
const pointOf = ({ at, power, averagedOver = 0 as Seconds }: PowerReading): Point => ({
  at: at - averagedOver / 2,
  power,
});

/** Power at a moment: linear between readings, constant before the first and after the last. */
function powerAt(points: readonly Point[], at: number): number {
  const next = points.findIndex((point) => point.at >= at);
  if (next === -1) return points.at(-1)!.power;
  if (next === 0) return points[0]!.power;
  const [a, b] = [points[next - 1]!, points[next]!];
  return a.power + ((b.power - a.power) * (at - a.at)) / (b.at - a.at);
}

/** Energy from `from` to `to` of at least one reading; they may lie outside, in ascending order of time. */
export function integratePower(readings: readonly PowerReading[], from: Seconds, to: Seconds): Joules {
  const points = readings.map(pointOf).sort((a, b) => a.at - b.at);
  const inside = points.filter(({ at }) => at > from && at < to);
  const all = [{ at: from, power: powerAt(points, from) }, ...inside, { at: to, power: powerAt(points, to) }];
  let energy = 0;
  for (let k = 1; k < all.length; k += 1) {
    energy += ((all[k - 1]!.power + all[k]!.power) / 2) * (all[k]!.at - all[k - 1]!.at);
  }
  return joules(energy);
}
