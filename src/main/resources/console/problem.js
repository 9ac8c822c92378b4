// @ts-check
// How what went wrong is shown.

import { Problem } from './api.js';
import { el, show } from './dom.js';
import { visible } from './text.js';

/**
 * A problem: what it is, what to do, and the code to look up.
 *
 * @param {unknown} failure
 * @param {() => void} [retry] does the same again
 */
export function problemBox(failure, retry) {
  const problem = failure instanceof Problem
    ? failure
    : new Problem(0, { code: 'console_error', title: 'The console has a bug', detail: String(failure) });
  return el('div', { class: 'problem', role: 'alert' },
    el('p', { class: 'title' }, problem.title),
    problem.detail && el('p', {}, visible(problem.detail)),
    problem.errors.length > 0 && el('ul', {}, ...problem.errors.map((error) =>
      el('li', {}, el('code', {}, visible(error.pointer || '/')), ' ', visible(error.detail)))),
    el('p', { class: 'hint' }, el('code', {}, problem.code), problem.status > 0 && ` · HTTP ${problem.status}`),
    retry && problem.passing && el('button', { type: 'button', onclick: retry }, 'Try again'));
}

/** How often each place was asked for: an answer to an earlier question comes too late. @type {WeakMap<Element, number>} */
const questions = new WeakMap();

/**
 * Shows that something is being read, then what it is, or why it is not there.
 *
 * @param {Element} place
 * @param {AbortSignal} signal of the view; when it is left, nothing is shown any more
 * @param {() => Promise<Node>} read
 */
export async function load(place, signal, read) {
  // What is there stays until there is something else: a page that is asked for again does not flicker.
  if (place.childElementCount === 0) {
    show(place, el('p', { class: 'loading', role: 'status' }, 'Loading …'));
  }
  place.setAttribute('aria-busy', 'true');
  const question = (questions.get(place) ?? 0) + 1;
  questions.set(place, question);
  let shown;
  try {
    shown = await read();
  } catch (failure) {
    shown = problemBox(failure, () => load(place, signal, read));
  }
  if (!signal.aborted && questions.get(place) === question) {
    place.removeAttribute('aria-busy');
    show(place, shown);
  }
}
