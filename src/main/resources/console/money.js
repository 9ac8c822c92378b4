// @ts-check
// Amounts are decimal strings and stay exact: sums are of whole minor units. Only charts turn them into numbers.

/** @param {string} amount */
export function digits(amount) {
  const point = amount.indexOf('.');
  return point < 0 ? 0 : amount.length - point - 1;
}

/**
 * The minor units of an amount.
 *
 * @param {string} amount
 */
export function minor(amount) {
  return BigInt(amount.replace('.', ''));
}

/**
 * The amount of so many minor units.
 *
 * @param {bigint} units
 * @param {number} decimals
 */
export function amount(units, decimals) {
  const negative = units < 0n;
  const text = String(negative ? -units : units).padStart(decimals + 1, '0');
  const whole = text.slice(0, text.length - decimals);
  return (negative ? '-' : '') + (decimals === 0 ? whole : `${whole}.${text.slice(-decimals)}`);
}

/**
 * An amount as it is read: thousands apart.
 *
 * @param {string} text
 */
export function grouped(text) {
  const [whole, fraction] = text.split('.');
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ',').replace('-', '−');
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}

/**
 * A change as it is read: with its sign, unless nothing has changed.
 *
 * @param {string} text
 */
export function signed(text) {
  return /[1-9]/.test(text) && !text.startsWith('-') ? `+${grouped(text)}` : grouped(text);
}
