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
  /** The cursors of the pages up to the present one; the first page has none. @type {(string | null)[]} */
  let cursors = [null];

  const read = () => load(place, signal, async () => {
    const cursor = cursors[cursors.length - 1];
    const chosen = Object.fromEntries(new FormData(form));
    const limit = String(chosen.limit);
    // The cursor has the filters in it.
    const target = query(path`/v1/user/${user}/transactions`,
      cursor === null ? { currency, .../** @type {any} */ (chosen) } : { cursor, limit });
    const page = await get(target, signal);
    return el('div', {},
      page.items.length === 0
        ? el('p', { class: 'empty' }, cursors.length === 1 ? 'Nothing matches' : 'Nothing more')
        : table(`Statement of ${currency}`, COLUMNS, page.items),
      pager(page),
      curl(target));
  });

  const pager = (/** @type {any} */ page) => el('div', { class: 'pager' },
    el('button', { type: 'button', disabled: cursors.length === 1, onclick: () => turn(cursors.slice(0, -1)) }, 'Previous'),
    el('span', {}, `Page ${cursors.length}, ${count(page.items.length, 'row')}`),
    el('button', {
      type: 'button',
      disabled: page.next_cursor === null,
      onclick: () => turn([...cursors, page.next_cursor]),
    }, 'Next'));

  const turn = (/** @type {(string | null)[]} */ to) => {
    cursors = to;
    read();
  };
  form.addEventListener('change', () => turn([null]));
  form.addEventListener('submit', (/** @type {Event} */ event) => event.preventDefault());
  read();
  return el('section', { class: 'panel' }, el('h2', {}, 'Statement'), form, place);
}
