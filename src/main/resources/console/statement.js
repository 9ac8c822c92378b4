// @ts-check
// A statement of an account, page by page.

import { get, path, query } from './api.js';
import { curl } from './curl.js';
import { el, field, select } from './dom.js';
import { asked, change, money, typeOf, uidLink, verdict } from './outcome.js';
import { load } from './problem.js';
import { table } from './table.js';
import { count, time } from './text.js';

const COLUMNS = [
  { name: 'Effective', cell: (/** @type {any} */ item) => time(item.timestamp) },
  { name: 'Type', cell: typeOf },
  { name: 'Asked for', cell: asked, number: true, wide: true },
  { name: 'Change', cell: change, number: true },
  { name: 'Balance after', cell: (/** @type {any} */ item) => money(item.balance, item.currency), number: true },
  { name: 'Verdict', cell: verdict },
  { name: 'Sequence', cell: (/** @type {any} */ item) => item.sequence, number: true, wide: true },
  { name: 'Uid', cell: uidLink },
];

/**
 * @param {string} user
 * @param {string} currency
 * @param {AbortSignal} signal
 */
export function statement(user, currency, signal) {
  const form = el('form', { class: 'line-form', 'aria-label': 'Filters' },
    field('Status', select('status', [['', 'all'], ['accepted', 'accepted'], ['rejected', 'rejected']], '')),
    field('From', el('input', { type: 'date', name: 'from', min: '1970-01-01', max: '9999-12-31' })),
    field('Before', el('input', { type: 'date', name: 'to', min: '1970-01-01', max: '9999-12-31' })),
    field('Order', select('order', [['desc', 'newest first'], ['asc', 'oldest first']], 'desc')),
    field('Rows', select('limit', [['10', '10'], ['25', '25'], ['100', '100'], ['500', '500']], '25')));
  const place = el('div', { 'aria-live': 'polite' });

  /** @param {(string | null)[]} cursors of the pages up to the one to read; the first page has none */
  const read = (cursors) => load(place, signal, async () => {
    const cursor = cursors[cursors.length - 1];
    const chosen = Object.fromEntries(new FormData(form));
    const limit = String(chosen.limit);
    // The cursor has the filters in it.
    const target = query(path`/v1/user/${user}/transactions`,
      cursor === null ? { currency, .../** @type {any} */ (chosen) } : { cursor, limit });
    const page = await get(target, signal);
    return el('div', {},
      page.items.length === 0
        ? el('p', { class: 'empty' }, nothing(page, cursors))
        : table(`Statement of ${currency}`, COLUMNS, page.items),
      pager(page, cursors),
      curl(target));
  });

  const pager = (/** @type {any} */ page, /** @type {(string | null)[]} */ cursors) => el('div', { class: 'pager' },
    el('button', { type: 'button', disabled: cursors.length === 1, onclick: () => turn(cursors.slice(0, -1)) }, 'Previous'),
    el('span', {}, `Page ${cursors.length}, ${count(page.items.length, 'row')}`),
    el('button', {
      type: 'button',
      disabled: page.next_cursor === null,
      onclick: () => turn([...cursors, page.next_cursor]),
    }, 'Next'));

  const turn = (/** @type {(string | null)[]} */ to) => {
    // These would go on from a page, or with filters, that are being left.
    for (const button of place.querySelectorAll('.pager button')) {
      button.setAttribute('disabled', '');
    }
    read(to);
  };
  form.addEventListener('change', () => turn([null]));
  form.addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault());
  read([null]);
  return el('section', { class: 'panel' }, el('h2', {}, 'Statement'), form, place);
}

/**
 * Why a page is empty. One before the last can be: it ends after so many entries that were looked at, whether they match or not.
 *
 * @param {any} page
 * @param {(string | null)[]} cursors
 */
function nothing(page, cursors) {
  if (page.next_cursor !== null) {
    return 'Nothing in this stretch; there is more on the next page';
  }
  return cursors.length === 1 ? 'Nothing matches' : 'Nothing more';
}
