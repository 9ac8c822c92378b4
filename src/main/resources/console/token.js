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

/** Whether nobody wants to be asked again here. */
let declined = false;

/**
 * Asks for a token, unless that is being done, or was declined in this view.
 *
 * @param {string} why
 */
export function askForToken(why) {
  if (!dialog.open && !declined) {
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
  const decline = () => {
    declined = true;
  };
  const keep = (/** @type {string} */ text) => {
    // A header takes no other characters; the service would know no such token anyway.
    if (/^[\x21-\x7e]+$/.test(text)) {
      sessionStorage.setItem(KEY, text);
    } else {
      sessionStorage.removeItem(KEY);
    }
    input.value = '';
    declined = false;
    dialog.close();
    name();
    changed();
  };
  button.addEventListener('click', () => {
    declined = false;
    askForToken(token() === null ? 'None is in use.' : 'One is in use. Another takes its place.');
  });
  window.addEventListener('hashchange', () => {
    declined = false;
  });
  document.getElementById('token-form')?.addEventListener('submit', (event) => {
    event.preventDefault();
    keep(input.value.trim());
  });
  document.getElementById('token-forget')?.addEventListener('click', () => keep(''));
  dialog.addEventListener('cancel', decline);
  document.getElementById('token-cancel')?.addEventListener('click', () => {
    decline();
    dialog.close();
  });
  name();
}

function name() {
  button.textContent = token() === null ? 'Token: none' : 'Token: in use';
}
