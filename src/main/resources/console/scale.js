// @ts-check
// Scales of charts: round marks on both axes.

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/**
 * Round numbers from below the smallest value to above the largest one.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} about how many
 */
export function marks(low, high, about = 4) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/**
 * Points in time, evenly apart.
 *
 * @param {number} from milliseconds since 1970
 * @param {number} to
 * @param {number} count 2 or more
 */
export function times(from, to, count) {
  return Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));
}

/**
 * A point in time as short as the stretch around it allows.
 *
 * @param {number} at
 * @param {number} span of the axis
 */
export function timeMark(at, span) {
  const iso = new Date(at).toISOString();
  if (span > 3 * DAY) {
    return iso.slice(0, 10);
  }
  return span > DAY / 4 ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(11, 19);
}

/**
 * A number of an axis, short.
 *
 * @param {number} value
 */
export function numberMark(value) {
  return new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 }).format(value);
}
