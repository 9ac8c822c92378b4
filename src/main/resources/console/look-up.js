// @ts-check
// The first view: whom or what to look for.

import { el, field } from './dom.js';
import { go, link } from './route.js';

const UID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Looks up what is typed: what has the form of a uid is looked for as one first, all else is a user.
 *
 * @param {string} [value] what it begins with
 */
export function lookUpForm(value = '') {
  const input = el('input', {
    name: 'what',
    type: 'search',
    required: true,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    enterkeyhint: 'search',
    value,
  });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const what = input.value.trim();
    if (what !== '') {
      go(UID.test(what) ? link('transaction', what) : link('user', what));
    }
  };
  return el('form', { class: 'look-up', role: 'search', onsubmit: submit },
    field('User or uid', input),
    el('button', { type: 'submit', class: 'primary' }, 'Look up'));
}

/** @returns {import('./views.js').View} */
export function lookUp() {
  return {
    title: 'Look up',
    content: [
      lookUpForm(),
      el('div', { class: 'empty' },
        el('p', {}, 'A user’s balances, now and at any date, with the statement behind them; or what became of one command, by its uid.'),
        el('p', {}, 'Or watch what is decided ', el('a', { href: link('live') }, 'live'), '.')),
    ],
  };
}
