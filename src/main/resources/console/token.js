// @ts-check
// The token of this tab. It is never part of an address, and nothing but requests to this instance carries it.

const KEY = 'tally-token';

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById('token-dialog'));
const input = /** @type {HTMLInputElement} */ (document.getElementById('token-input'));
const button = /** @type {HTMLElement} */ (document.getElementById('token-button'));
const reason = /** @type {HTMLElement} */ (document.getElementById('token-reason'));

/** The token, or null. */
export function token() {
  return sessionStorage.getItem(KEY);
}

/**
 * The header that says who asks.
 *
 * @returns {Record<string, string>}
 */
export function authorization() {
  const known = token();
  return known === null ? {} : { Authorization: `Bearer ${known}` };
}

/**
 * Asks for a token, unless that is being done.
 *
 * @param {string} why
 */
export function askForToken(why) {
  if (!dialog.open) {
    reason.textContent = why;
    input.value = '';
    dialog.showModal();
    input.focus();
  }
}

/**
 * Wires the button and the dialog.
 *
 * @param {() => void} changed is called when there is another token, or none any more
 */
export function start(changed) {
  const keep = (/** @type {string} */ text) => {
    // A header takes no other characters; the service would know no such token anyway.
    if (/^[\x21-\x7e]+$/.test(text)) {
      sessionStorage.setItem(KEY, text);
    } else {
      sessionStorage.removeItem(KEY);
    }
    input.value = '';
    dialog.close();
    name();
    changed();
  };
  button.addEventListener('click', () =>
    askForToken(token() === null ? 'None is in use.' : 'One is in use. Another takes its place.'));
  document.getElementById('token-form')?.addEventListener('submit', (event) => {
    event.preventDefault();
    keep(input.value.trim());
  });
  document.getElementById('token-forget')?.addEventListener('click', () => keep(''));
  document.getElementById('token-cancel')?.addEventListener('click', () => dialog.close());
  name();
}

function name() {
  button.textContent = token() === null ? 'Token: none' : 'Token: in use';
}
