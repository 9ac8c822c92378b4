// @ts-check
// How texts, times and numbers are shown.

import { el } from './dom.js';

/** What is not seen or moves what is seen: control and format characters, but for the joiners that scripts need. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]|(?![\u200c\u200d])\p{Cf}/gu;

/**
 * A stranger's text with everything unseen written out, as in `\u{1b}`.
 *
 * @param {string} text
 */
export function visible(text) {
  return text.replace(UNSEEN, (c) => `\\u{${/** @type {number} */ (c.codePointAt(0)).toString(16)}}`);
}

/**
 * A stranger's text, apart from the direction of what stands around it.
 *
 * @param {string} text
 */
export function foreign(text) {
  return el('bdi', { class: 'foreign' }, visible(text));
}

/**
 * A point in time.
 *
 * @param {string} iso as the API writes it
 */
export function time(iso) {
  const [date, clock] = iso.replace(/\.000Z$|Z$/, '').split('T');
  return el('time', { datetime: iso }, date, ' ', el('span', { class: 'clock' }, clock));
}

/**
 * A point in time of today, for lists of what has just happened.
 *
 * @param {string} iso as the API writes it
 */
export function clock(iso) {
  return el('time', { datetime: iso }, iso.slice(11, 23));
}

const WHOLE = new Intl.NumberFormat('en-US');

/** @param {number} count */
export function whole(count) {
  return WHOLE.format(count);
}

/**
 * A number and the word for it.
 *
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export function count(number, one, many = `${one}s`) {
  return `${whole(number)} ${number === 1 ? one : many}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) {
    return `${Math.round(seconds)} s`;
  }
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/**
 * Enough of a uid to tell it from its neighbours.
 *
 * @param {string} uid
 */
export function short(uid) {
  return `${uid.slice(0, 8)}…`;
}
