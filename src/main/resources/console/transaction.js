// @ts-check
// What became of one command.

import { Problem, get, path, query } from './api.js';
import { curl } from './curl.js';
import { el, field } from './dom.js';
import { lookUpForm } from './look-up.js';
import { outcomeCard } from './outcome.js';
import { load, problemBox } from './problem.js';
import { link } from './route.js';

/**
 * @param {import('./route.js').Route} route
 * @param {AbortSignal} signal
 * @returns {import('./views.js').View}
 */
export function transaction(route, signal) {
  const uid = route.argument;
  const target = query(path`/v1/transaction/${uid}`, { user_id: route.parameters.get('user_id') });
  const place = el('div', { class: 'panel', 'aria-live': 'polite' });
  load(place, signal, async () => {
    let found;
    try {
      found = await get(target, signal);
    } catch (failure) {
      if (failure instanceof Problem && failure.code === 'ambiguous_uid') {
        return el('div', {}, problemBox(failure), userForm(uid));
      }
      throw failure;
    }
    return el('div', {}, outcomeCard(found), curl(target));
  });
  return { title: 'Transaction', content: [lookUpForm(uid), place], view: 'look-up' };
}

/** @param {string} uid */
function userForm(uid) {
  const input = el('input', { name: 'user', required: true, autocomplete: 'off', spellcheck: 'false' });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    location.hash = link('transaction', uid, { user_id: input.value.trim() });
  };
  return el('form', { class: 'line-form', onsubmit: submit },
    field('Of the user', input),
    el('button', { type: 'submit' }, 'Look up'));
}
