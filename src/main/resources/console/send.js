// @ts-check
// Sends a command. Its uid is kept until it is decided, so that whoever is in doubt sends the same one again.

import { Problem, post } from './api.js';
import { curl } from './curl.js';
import { el, field, select, show } from './dom.js';
import { outcomeCard } from './outcome.js';
import { problemBox } from './problem.js';
import { link } from './route.js';

const TARGET = '/v1/transaction';

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
  const call = el('div');
  let decided = false;

  const command = () => Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]).filter(([, value]) => value !== ''));
  const fresh = () => {
    inputs.uid.value = newUid();
    decided = false;
  };
  const refresh = () => {
    const { type, amount = '…', currency = '', user_id: user = '…' } = command();
    button.textContent = [type === 'DEPOSIT' ? 'Deposit' : 'Withdraw', amount, currency.toUpperCase(),
      type === 'DEPOSIT' ? 'to' : 'from', user].filter(Boolean).join(' ');
    show(call, curl(TARGET, command()));
  };
  const deliver = async (/** @type {Record<string, string>} */ sent) => {
    button.disabled = true;
    const answer = await outcomeOf(sent);
    if (signal.aborted) {
      return;
    }
    button.disabled = false;
    decided = answer.decided;
    const again = el('button', { type: 'button', onclick: () => deliver(sent) }, 'Send the same again');
    const focused = result.contains(document.activeElement);
    show(result, el('section', { class: 'panel' },
      el('h2', {}, answer.heading),
      answer.shown,
      el('div', { class: 'buttons' },
        again,
        el('button', { type: 'button', class: 'quiet', onclick: another }, 'Another command'),
        el('a', { href: link('user', sent.user_id) }, 'Look at the user'))));
    if (focused) {
      again.focus();
    }
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    inputs.currency.value = inputs.currency.value.toUpperCase();
    deliver(command());
  };
  const another = () => {
    fresh();
    inputs.amount.value = '';
    show(result);
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
  return el('div', { class: 'stack' }, element, result);
}

/**
 * @param {Record<string, string>} command
 * @returns {Promise<{heading: string, shown: Node, decided: boolean}>}
 */
async function outcomeOf(command) {
  try {
    const answer = await post(TARGET, command);
    if (answer.status === 202) {
      return {
        heading: 'Not decided yet',
        shown: el('p', {}, 'It is in the log and will be decided: look at ',
          el('a', { href: link('transaction', command.uid, { user_id: command.user_id }) }, 'its outcome'), ' in a moment.'),
        decided: false,
      };
    }
    return { heading: heading(answer.replayed), shown: outcomeCard(answer.body), decided: true };
  } catch (failure) {
    if (failure instanceof Problem && failure.outcome !== null) {
      return { heading: heading(failure.replayed), shown: outcomeCard(failure.outcome), decided: true };
    }
    return {
      heading: isRefusal(failure) ? 'Not done' : 'Not known whether it was done: send the same again',
      shown: problemBox(failure),
      decided: failure instanceof Problem && failure.code === 'uid_conflict',
    };
  }
}

/**
 * Whether it is sure that nothing was written: the ledger itself has refused. What a proxy says, and an answer that broke off,
 * is no refusal.
 *
 * @param {unknown} failure
 */
function isRefusal(failure) {
  return failure instanceof Problem && failure.known && failure.code !== 'outcome_unknown'
    && (failure.status === 503 || (failure.status >= 400 && failure.status < 500));
}

/** @param {boolean} replayed */
function heading(replayed) {
  return replayed ? 'Replayed: the first answer again, and nothing has moved' : 'Decided and committed';
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
