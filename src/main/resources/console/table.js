// @ts-check
// Tables. Where there is little room, styles make a card of each row; the roles stay what they are.

import { el } from './dom.js';

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {(item: any) => import('./dom.js').Child} cell
 * @property {boolean} [number] aligned to the right, in figures of one width
 * @property {boolean} [wide] left out where there is little room
 */

/**
 * A table with a row for each item.
 *
 * @param {string} caption for who does not see it
 * @param {Column[]} columns
 * @param {any[]} items
 */
export function table(caption, columns, items) {
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    el('table', { role: 'table' },
      el('caption', { class: 'unseen' }, caption),
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...columns.map((column) =>
        el('th', { role: 'columnheader', scope: 'col', class: classes(column) }, column.name)))),
      el('tbody', { role: 'rowgroup' }, ...items.map((item) => row(columns, item)))));
}

/**
 * One row.
 *
 * @param {Column[]} columns
 * @param {any} item
 */
export function row(columns, item) {
  return el('tr', { role: 'row' }, ...columns.map((column) =>
    el('td', { role: 'cell', class: classes(column), 'data-label': column.name }, el('div', {}, column.cell(item)))));
}

/** @param {Column} column */
function classes(column) {
  return [column.number && 'number', column.wide && 'wide'].filter(Boolean).join(' ') || null;
}
