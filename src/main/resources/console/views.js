// @ts-check
// The views by name, and how one takes the place of another.

import { MODE } from './api.js';
import { cluster } from './cluster.js';
import { el, show } from './dom.js';
import { live } from './live.js';
import { lookUp } from './look-up.js';
import { problemBox } from './problem.js';
import { parse } from './route.js';
import { send } from './send.js';
import { transaction } from './transaction.js';
import { user } from './user.js';

/**
 * @typedef {object} View
 * @property {string} title of the document
 * @property {import('./dom.js').Child[]} [heading] when it is not the title
 * @property {Node[]} content
 * @property {string} [view] the one that the navigation marks
 * @property {boolean} [keeps] whether it stays as it is when another token is used: it holds what was typed
 */

/** @type {Record<string, (route: import('./route.js').Route, signal: AbortSignal, settings: {mode: string}) => View>} */
const VIEWS = { '': lookUp, user, transaction, send, live, cluster };

const main = /** @type {HTMLElement} */ (document.getElementById('main'));

/** Of the view that is shown; aborted when that is left. */
let present = new AbortController();
let keeps = false;

/** Shows the view of the address anew, after another token came into use. */
export function refresh() {
  if (!keeps) {
    navigate();
  }
}

/** Shows the view of the address. */
export function navigate() {
  present.abort();
  present = new AbortController();
  const route = parse(location.hash);
  /** @type {View} */
  let view;
  try {
    const make = Object.hasOwn(VIEWS, route.view) ? VIEWS[route.view] : nowhere;
    view = make(route, present.signal, { mode: MODE });
  } catch (failure) {
    view = { title: 'Tally', content: [problemBox(failure)] };
  }
  keeps = view.keeps ?? false;
  document.title = `${view.title} · Tally`;
  show(main, el('h1', { tabindex: '-1' }, ...(view.heading ?? [view.title])), ...view.content);
  mark(view.view ?? (route.view || 'look-up'));
}

/** @returns {View} */
function nowhere() {
  return { title: 'There is no such view', content: [el('p', { class: 'empty' }, el('a', { href: '#/' }, 'Look something up'))] };
}

/** @param {string} name of the view that the navigation marks */
function mark(name) {
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('nav a'))) {
    if (link.dataset.view === name) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
    link.hidden = link.dataset.view === 'send' && MODE !== 'on';
  }
}
