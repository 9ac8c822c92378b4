// @ts-check
// What became of one command.

import { Problem, get, path, query } from './api.js';
import { curl } from './curl.js';
import { el, field } from './dom.js';
import { isInDoubt, settle } from './doubts.js';
import { lookUpForm } from './look-up.js';
import { outcomeCard } from './outcome.js';
import { load, problemBox } from './problem.js';
import { go, link } from './route.js';

/**
 * @param {import('./route.js').Route} route
 * @param {AbortSignal} signal
 * @returns {import('./views.js').View}
 */
export function transaction(route, signal) {
  const uid = route.argument;
  const user = route.parameters.get('user_id');
  const target = query(path`/v1/transaction/${uid.toLowerCase()}`, { user_id: user });
  const place = el('div', { class: 'panel', 'aria-live': 'polite' });
  const read = () => load(place, signal, async () => {
    let found;
    try {
      found = await get(target, signal);
    } catch (failure) {
      if (failure instanceof Problem && failure.code === 'ambiguous_uid') {
        return el('div', {}, problemBox(failure), userForm(uid));
      }
      if (failure instanceof Problem && failure.code === 'unknown_uid') {
        return el('div', {}, problemBox(failure, read), ...hints(uid, user));
      }
      throw failure;
    }
    settle(found);
    return el('div', {}, outcomeCard(found), curl(target));
  });
  read();
  return { title: 'Transaction', content: [lookUpForm(uid), place], view: 'look-up' };
}

/**
 * What else it may be when no decided command has the uid.
 *
 * @param {string} uid
 * @param {string | null} user whose command it is, if that is known
 */
function hints(uid, user) {
  return [
    el('p', {}, 'If it was sent a moment ago, it may be in the log still.'),
    user === null && el('p', {}, 'A user may have such an id as well: look at ',
      el('a', { href: link('user', uid) }, 'the user of this id'), '.'),
    user !== null && isInDoubt({ uid, user_id: user }) && el('p', {}, 'Whoever is in doubt can ',
      el('a', { href: link('send') }, 'send the same again'), '.'),
  ];
}

/** @param {string} uid */
function userForm(uid) {
  const input = el('input', { name: 'user', required: true, autocomplete: 'off', spellcheck: 'false' });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    go(link('transaction', uid, { user_id: input.value.trim() }));
  };
  return el('form', { class: 'line-form', onsubmit: submit },
    field('Of the user', input),
    el('button', { type: 'submit' }, 'Look up'));
}
