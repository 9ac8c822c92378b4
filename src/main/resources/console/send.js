// @ts-check
// Sends a command. Its uid is kept until it is decided, in the view and beyond it, so that whoever is in doubt sends the same one again.

import { TARGET, attempt, outcomeLink } from './attempt.js';
import { curl } from './curl.js';
import { el, field, select, show } from './dom.js';
import { doubts, hold, isInDoubt, settle } from './doubts.js';
import { link } from './route.js';
import { visible } from './text.js';

/**
 * @param {import('./route.js').Route} route
 * @param {AbortSignal} signal
 * @param {{mode: string}} settings
 * @returns {import('./views.js').View}
 */
export function send(route, signal, settings) {
  return settings.mode === 'on'
    ? { title: 'Send a command', content: [form(route, signal)], keeps: true }
    : {
        title: 'Send a command',
        content: [el('p', { class: 'empty' }, 'This console only looks: TALLY_CONSOLE is read-only.')],
      };
}

/**
 * @param {import('./route.js').Route} route
 * @param {AbortSignal} signal
 */
function form(route, signal) {
  const inputs = {
    type: select('type', [['DEPOSIT', 'Deposit'], ['WITHDRAW', 'Withdraw']], 'DEPOSIT'),
    user_id: text('user_id', { required: true, value: route.parameters.get('user') ?? '' }),
    amount: text('amount', { required: true, inputmode: 'decimal', class: 'number' }),
    currency: text('currency', { maxlength: '3', size: '4', placeholder: 'default' }),
    timestamp: text('timestamp', { placeholder: 'now' }),
    uid: text('uid', { required: true, class: 'code' }),
  };
  const button = el('button', { type: 'submit', class: 'primary' });
  const result = el('div', { class: 'stack', 'aria-live': 'polite' });
  const open = el('div');
  const call = el('div');
  let decided = false;
  /** What was decided in this view, as JSON. @type {Set<string>} */
  const finished = new Set();

  const command = () => Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]).filter(([, value]) => value !== ''));
  const fresh = () => {
    inputs.uid.value = newUid();
    decided = false;
  };
  const refresh = () => {
    button.textContent = inWords(command());
    show(call, curl(TARGET, command()));
  };
  /** Those in doubt, but for the one that the result is about. */
  const list = (/** @type {Record<string, string>} */ but = {}) => {
    const others = doubts().filter((one) => JSON.stringify(one) !== JSON.stringify(but));
    show(open, others.length > 0 && doubtful(others, deliver, (one) => {
      settle(one);
      list(but);
    }));
  };
  const deliver = async (/** @type {Record<string, string>} */ sent) => {
    if (button.disabled) {
      return;
    }
    const before = finished.has(JSON.stringify(sent)) ? 'decided' : isInDoubt(sent) ? 'in doubt' : 'nothing';
    // Before it is sent: whoever leaves the view meanwhile does not hear of the answer.
    if (before === 'nothing' && !hold(sent)) {
      show(result, el('section', { class: 'panel' },
        el('h2', {}, 'Not sent'),
        el('p', {}, 'There is no room to keep more commands that may have been done: send those again first.')));
      return;
    }
    button.disabled = true;
    const answer = await attempt(sent, before);
    if (answer.decided || (answer.refused && before === 'nothing' && !signal.aborted)) {
      settle(sent);
    }
    if (signal.aborted) {
      return;
    }
    button.disabled = false;
    if (answer.decided && !answer.refused) {
      finished.add(JSON.stringify(sent));
    }
    if (inputs.uid.value.trim() === sent.uid) {
      decided = answer.decided;
    }
    list(sent);
    const again = el('button', { type: 'button', onclick: () => deliver(sent) }, 'Send the same again');
    const focused = result.contains(document.activeElement);
    show(result, el('section', { class: 'panel' },
      el('h2', {}, answer.heading),
      answer.shown,
      el('div', { class: 'buttons' },
        again,
        el('button', { type: 'button', class: 'quiet', onclick: another }, 'Another command'),
        el('a', { href: link('user', sent.user_id) }, 'Look at the user'))));
    result.scrollIntoView({ block: 'nearest' });
    if (focused) {
      again.focus();
    }
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    inputs.currency.value = inputs.currency.value.toUpperCase();
    for (const input of Object.values(inputs)) {
      input.value = input.value.trim();
    }
    // Once more: blanks alone are nothing.
    if (element.reportValidity()) {
      deliver(command());
    }
  };
  const another = () => {
    fresh();
    inputs.amount.value = '';
    show(result);
    list();
    refresh();
    inputs.amount.focus();
  };

  const element = el('form', { class: 'panel command', onsubmit: submit, oninput: (/** @type {Event} */ event) => {
    // Another command, so another uid; a decided one would answer that it belongs to the first.
    if (decided && event.target !== inputs.uid) {
      fresh();
    }
    refresh();
  } },
    field('What', inputs.type),
    field('User', inputs.user_id),
    field('Amount', inputs.amount, 'with a point, as 10.50'),
    field('Currency', inputs.currency, 'three letters'),
    field('Effective', inputs.timestamp, 'ISO 8601, UTC, as 2026-01-31; it may lie in the past'),
    field('Uid', inputs.uid, 'the same one again moves nothing'),
    el('div', { class: 'buttons' }, button,
      el('button', { type: 'button', class: 'quiet', onclick: () => { fresh(); refresh(); } }, 'New uid')),
    call);
  fresh();
  refresh();
  list();
  return el('div', { class: 'stack' }, open, element, result);
}

/**
 * The commands that may have been done, to be sent again.
 *
 * @param {Record<string, string>[]} commands
 * @param {(command: Record<string, string>) => void} deliver
 * @param {(command: Record<string, string>) => void} forget
 */
function doubtful(commands, deliver, forget) {
  return el('section', { class: 'panel doubts' },
    el('h2', {}, 'These may have been done'),
    el('p', { class: 'hint' }, 'They were sent, and what became of them was not seen. Sent again with its own uid, each is done once.'),
    el('ul', { class: 'plain' }, ...commands.map((one) => el('li', {},
      visible(inWords(one)), ' ', el('code', { class: 'whole' }, visible(one.uid)),
      el('div', { class: 'buttons' },
        el('button', { type: 'button', onclick: () => deliver(one) }, 'Send the same again'),
        el('button', { type: 'button', class: 'quiet', onclick: () => forget(one) }, 'Forget this one'),
        outcomeLink(one))))));
}

/** @param {Record<string, string>} command */
function inWords({ type, amount = '…', currency = '', user_id: user = '…' }) {
  return [type === 'DEPOSIT' ? 'Deposit' : 'Withdraw', amount, currency.toUpperCase(), type === 'DEPOSIT' ? 'to' : 'from', user]
    .filter(Boolean).join(' ');
}

/**
 * @param {string} name
 * @param {Record<string, any>} attributes
 */
function text(name, attributes) {
  return el('input', { name, type: 'text', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', ...attributes });
}

/** A random UUID, version 4. The browser's own function is only there on HTTPS and on this machine. */
function newUid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
