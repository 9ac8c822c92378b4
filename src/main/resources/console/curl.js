// @ts-check
// The same call for a terminal.

import { el } from './dom.js';
import { token } from './token.js';

/**
 * The command. What stands between quotes has none of its own, so that no shell takes one of them for the end. The token itself
 * is not in it: a shell keeps what was typed.
 *
 * @param {string} target
 * @param {any} [body] makes it a POST
 */
export function command(target, body) {
  const words = ['curl -sS'];
  if (target.includes('/events')) {
    words.push('-N');
  }
  if (token() !== null) {
    words.push('-H "Authorization: Bearer $TOKEN"');
  }
  if (body !== undefined) {
    words.push(`-H 'Content-Type: application/json' -d '${JSON.stringify(body).replaceAll("'", '\\u0027')}'`);
  }
  words.push(`'${(location.origin + target).replaceAll("'", '%27')}'`);
  return words.join(' ');
}

/**
 * The command, to be opened and copied.
 *
 * @param {string} target
 * @param {any} [body]
 */
export function curl(target, body) {
  const code = el('code', {}, command(target, body));
  const copied = el('span', { class: 'hint', role: 'status' });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied.textContent = 'Copied';
    } catch {
      // Without HTTPS browsers let pages write to the clipboard on this machine only.
      getSelection()?.selectAllChildren(code);
      copied.textContent = 'Selected; copy it with the keyboard';
    }
  };
  return el('details', { class: 'curl' },
    el('summary', {}, 'curl'),
    el('pre', { tabindex: '0', 'aria-label': 'The same call with curl' }, code),
    el('button', { type: 'button', onclick: copy }, 'Copy'),
    copied);
}
