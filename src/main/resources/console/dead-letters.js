// @ts-check
// What could not be decided, newest first.

import { get, query } from './api.js';
import { bytes } from './bytes.js';
import { curl } from './curl.js';
import { el } from './dom.js';
import { load } from './problem.js';
import { table } from './table.js';
import { time, visible } from './text.js';

const TARGET = '/v1/dead-letters';
const PAGE = 20;

const COLUMNS = [
  { name: 'Recorded', cell: (/** @type {any} */ letter) => time(letter.recorded_at) },
  {
    name: 'Why',
    cell: (/** @type {any} */ letter) => el('div', {},
      el('code', {}, visible(letter.code ?? 'none')),
      el('div', { class: 'hint' }, visible(letter.detail ?? ''))),
  },
  {
    name: 'Stood at',
    cell: (/** @type {any} */ letter) => (letter.source === null
      ? 'not known'
      : `partition ${letter.source.partition}, offset ${letter.source.offset}`),
    wide: true,
  },
  {
    name: 'What was sent',
    cell: (/** @type {any} */ letter) => el('div', {},
      bytes('Key', letter.key),
      bytes('Value', letter.value),
      letter.truncated.length > 0 && el('p', { class: 'hint' }, `Cut: ${letter.truncated.join(', ')}`)),
  },
];

/** @param {AbortSignal} signal */
export function deadLetters(signal) {
  const place = el('div', { 'aria-live': 'polite' });
  const read = (/** @type {string | null} */ cursor) => load(place, signal, async () => {
    const target = query(TARGET, { limit: PAGE, cursor });
    const page = await get(target, signal);
    return el('div', {},
      page.items.length === 0
        ? el('p', { class: 'empty' }, none(cursor, page))
        : table('Dead letters', COLUMNS, page.items),
      el('div', { class: 'pager' },
        el('button', { type: 'button', onclick: () => read(null) }, 'Newest'),
        el('button', {
          type: 'button',
          disabled: page.next_cursor === null,
          onclick: () => read(page.next_cursor),
        }, 'Older')),
      curl(target));
  });
  read(null);
  return el('section', { class: 'panel' }, el('h2', {}, 'Dead letters'), place);
}

/**
 * Why a page is empty. One before the last can be: there was no time to look further.
 *
 * @param {string | null} cursor
 * @param {any} page
 */
function none(cursor, page) {
  if (page.next_cursor !== null) {
    return 'Nothing in this stretch; there may be older ones';
  }
  return cursor === null ? 'None: everything that came could be decided' : 'None that are older';
}
