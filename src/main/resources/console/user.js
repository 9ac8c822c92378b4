// @ts-check
// A user: balances, history, statement.

import { get, path } from './api.js';
import { balanceAt, balanceCards } from './balances.js';
import { curl } from './curl.js';
import { el } from './dom.js';
import { balanceHistory } from './history.js';
import { lookUpForm } from './look-up.js';
import { load } from './problem.js';
import { link } from './route.js';
import { statement } from './statement.js';
import { foreign, time, visible } from './text.js';

/**
 * @param {import('./route.js').Route} route
 * @param {AbortSignal} signal
 * @param {{mode: string}} settings
 * @returns {import('./views.js').View}
 */
export function user(route, signal, settings) {
  const id = route.argument;
  const place = el('div', { class: 'stack' });
  load(place, signal, async () => {
    const target = path`/v1/user/${id}`;
    const found = await get(target, signal);
    const currencies = Object.keys(found.balances);
    const chosen = route.parameters.get('currency') ?? currencies[0];
    return el('div', { class: 'stack' },
      el('section', { class: 'panel' },
        el('div', { class: 'heading' },
          el('p', { class: 'facts-line' },
            found.name !== undefined && el('strong', {}, foreign(found.name)),
            found.opened_at !== undefined && el('span', {}, 'opened ', time(found.opened_at))),
          el('p', { class: 'actions' },
            settings.mode === 'on' && el('a', { href: link('send', '', { user: id }) }, 'Send a command'),
            el('a', { href: link('live', '', { user: id }) }, 'Watch live'))),
        currencies.length === 0
          ? el('p', { class: 'empty' }, 'No account yet: the first deposit opens one')
          : balanceCards(id, found.balances, chosen),
        curl(target)),
      ...(chosen === undefined ? [] : account(id, chosen, signal)));
  });
  return { title: visible(id), heading: [foreign(id)], content: [lookUpForm(id), place], view: 'look-up' };
}

/**
 * @param {string} id
 * @param {string} currency
 * @param {AbortSignal} signal
 */
function account(id, currency, signal) {
  return [
    el('section', { class: 'panel', 'aria-label': 'Balance over time' }, balanceHistory(id, currency, signal)),
    balanceAt(id, currency, signal),
    statement(id, currency, signal),
  ];
}
