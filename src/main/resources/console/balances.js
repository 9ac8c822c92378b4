// @ts-check
// What a user has, now and at a date.

import { get, path, query } from './api.js';
import { curl } from './curl.js';
import { el, field, show } from './dom.js';
import { money } from './outcome.js';
import { load } from './problem.js';
import { link } from './route.js';
import { time } from './text.js';

/**
 * The balance per currency; each leads to its account.
 *
 * @param {string} user
 * @param {Record<string, string>} balances
 * @param {string} chosen currency
 */
export function balanceCards(user, balances, chosen) {
  return el('ul', { class: 'cards', 'aria-label': 'Balances' },
    ...Object.entries(balances).map(([currency, balance]) =>
      el('li', {}, el('a', {
        class: 'card',
        href: link('user', user, { currency }),
        'aria-current': currency === chosen ? 'true' : null,
      }, money(balance, currency)))));
}

/**
 * Asks for the balance at a date.
 *
 * @param {string} user
 * @param {string} currency
 * @param {AbortSignal} signal
 */
export function balanceAt(user, currency, signal) {
  const date = el('input', { type: 'date', name: 'date', required: true, min: '1970-01-01', max: '9999-12-31' });
  const clock = el('input', { type: 'time', name: 'time', step: '1' });
  const result = el('div', { class: 'result', 'aria-live': 'polite' });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const target = query(path`/v1/user/${user}/balance`, {
      currency,
      date: clock.value === '' ? date.value : `${date.value}T${clock.value.padEnd(8, ':00')}Z`,
    });
    show(result);
    load(result, signal, async () => {
      const answer = await get(target, signal);
      return el('div', {},
        el('p', { class: 'figure' }, money(answer.balance, answer.currency)),
        el('p', { class: 'hint' }, 'of what is effective until ', time(answer.as_of)),
        curl(target));
    });
  };
  return el('section', { class: 'panel' },
    el('h2', {}, 'Balance at a date'),
    el('form', { class: 'line-form', onsubmit: submit },
      field('Date', date),
      field('Time', clock, 'none is the first instant of the day'),
      el('button', { type: 'submit' }, 'Show')),
    result);
}
