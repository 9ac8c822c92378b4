// @ts-check
// The balance over time, by effective time as the balance at a date has it: the sum of what is effective until then.

import { get, path, query } from './api.js';
import { Chart } from './chart.js';
import { el } from './dom.js';
import { amount, digits, grouped, minor } from './money.js';
import { load } from './problem.js';
import { whole } from './text.js';

const PAGE = 500;
/** With so many entries it is enough. */
const DRAWN = 2_000;
/** Pages before the last can have few entries or none: they end after so many that were looked at. */
const PAGES = 20;

/**
 * The chart of an account.
 *
 * @param {string} user
 * @param {string} currency
 * @param {AbortSignal} signal
 */
export function balanceHistory(user, currency, signal) {
  const place = el('div');
  load(place, signal, async () => {
    const { points, cut, count } = await read(user, currency, signal);
    const chart = new Chart({
      label: `Balance over time, ${currency}`,
      lines: ['balance'],
      steps: true,
      empty: emptyText(points, cut),
    });
    chart.update(points);
    return el('div', {},
      chart.element,
      cut && count > 0 && el('p', { class: 'hint' }, `Only the newest ${whole(count)} accepted commands are drawn.`));
  });
  return place;
}

/**
 * Why there is no line: it takes two points.
 *
 * @param {import('./chart.js').Point[]} points
 * @param {boolean} cut whether there are entries that were not read
 */
function emptyText(points, cut) {
  if (points.length > 0) {
    return `Only ${points[0].text}`;
  }
  return cut ? 'Nothing among the newest entries; older ones were not read' : 'Nothing has changed the balance yet';
}

/**
 * @param {string} user
 * @param {string} currency
 * @param {AbortSignal} signal
 */
async function read(user, currency, signal) {
  /** @type {Record<string, any>[]} */
  const items = [];
  let cursor = null;
  for (let page = 0; page < PAGES && items.length < DRAWN; page++) {
    const answer = await get(query(path`/v1/user/${user}/transactions`,
      cursor === null ? { currency, status: 'accepted', order: 'desc', limit: PAGE } : { cursor, limit: PAGE }), signal);
    items.unshift(...answer.items.reverse());
    cursor = answer.next_cursor;
    if (cursor === null) {
      break;
    }
  }
  const count = items.length;
  if (cursor === null || count === 0) {
    return { points: sums(items, 0n), cut: cursor !== null, count };
  }
  // What is left out counts up to the first one that is drawn, and with all that is effective at that very moment.
  const from = items[0].timestamp;
  const opening = await get(query(path`/v1/user/${user}/balance`, { currency, date: from }), signal);
  const later = items.filter((item) => item.timestamp > from);
  return { points: sums([{ ...items[0], delta: opening.balance }, ...later], 0n), cut: true, count };
}

/**
 * @param {Record<string, any>[]} items by effective time
 * @param {bigint} opening
 */
function sums(items, opening) {
  let balance = opening;
  const points = new Map();
  for (const item of items) {
    const decimals = digits(item.delta);
    balance += minor(item.delta);
    const text = amount(balance, decimals);
    const at = Date.parse(item.timestamp);
    points.set(at, { at, values: [Number(text)], text: `${grouped(text)} ${item.currency} at ${readable(item.timestamp)}` });
  }
  const last = [...points.values()].pop();
  const now = Date.now();
  // It still is what it was then, unless that is in the future.
  return last === undefined || last.at >= now
    ? [...points.values()]
    : [...points.values(), { ...last, at: now, text: last.text.replace(/ at .*/, ' now') }];
}

/** @param {string} iso */
function readable(iso) {
  return iso.replace('T', ' ').replace(/\.000Z$|Z$/, '');
}
