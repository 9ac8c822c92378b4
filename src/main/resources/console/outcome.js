// @ts-check
// How an outcome is shown.

import { el } from './dom.js';
import { grouped, signed } from './money.js';
import { link } from './route.js';
import { foreign, short, time } from './text.js';

/** @typedef {Record<string, any>} Outcome as in `outcome.schema.json` */

/** @type {Record<string, string>} */
const TYPES = { OPEN: 'Open', DEPOSIT: 'Deposit', WITHDRAW: 'Withdrawal' };

/** @type {Record<string, string>} */
const REASONS = {
  UNKNOWN_USER: 'unknown user',
  USER_EXISTS: 'user exists',
  INSUFFICIENT_FUNDS: 'insufficient funds',
  BALANCE_OVERFLOW: 'balance overflow',
};

/** @param {Outcome} outcome */
export function typeOf(outcome) {
  // Later versions have more of them.
  return TYPES[outcome.type] ?? String(outcome.type);
}

/**
 * Accepted, or rejected and why: in words, with a sign and a colour beside them.
 *
 * @param {Outcome} outcome
 */
export function verdict(outcome) {
  if (outcome.status === 'ACCEPTED') {
    return el('span', { class: 'badge good' }, 'Accepted');
  }
  const reason = REASONS[outcome.reason] ?? outcome.reason;
  return el('span', { class: 'badge bad' }, reason ? `Rejected: ${reason}` : 'Rejected');
}

/**
 * What it did to the balance.
 *
 * @param {Outcome} outcome
 */
export function change(outcome) {
  return el('span', { class: 'money' }, signed(outcome.delta), ' ', el('abbr', { class: 'currency' }, outcome.currency));
}

/**
 * What the command asked for; nothing when it was not about money.
 *
 * @param {Outcome} outcome
 */
export function asked(outcome) {
  return outcome.amount === undefined ? '' : el('span', { class: 'money' }, grouped(outcome.amount));
}

/** @param {Outcome} outcome */
export function uidLink(outcome) {
  return el('a', {
    class: 'uid',
    href: link('transaction', outcome.uid, { user_id: outcome.user_id }),
    title: outcome.uid,
    'aria-label': `Transaction ${outcome.uid}`,
  }, short(outcome.uid));
}

/** @param {string} user */
export function userLink(user) {
  return el('a', { href: link('user', user) }, foreign(user));
}

/**
 * All of an outcome.
 *
 * @param {Outcome} outcome
 */
export function outcomeCard(outcome) {
  const facts = [
    ['User', userLink(outcome.user_id)],
    ['Type', typeOf(outcome)],
    ...(outcome.amount === undefined ? [] : [['Asked for', money(outcome.amount, outcome.currency)]]),
    ['Change', change(outcome)],
    ['Balance after it', money(outcome.balance, outcome.currency)],
    ['Effective', time(outcome.timestamp)],
    ['Recorded', time(outcome.recorded_at)],
    ['Sequence', `${outcome.sequence} in ${outcome.currency}`],
    ['Stands at', `partition ${outcome.source.partition}, offset ${outcome.source.offset}`],
    ['Uid', el('code', { class: 'whole' }, outcome.uid)],
  ];
  return el('div', { class: 'outcome' },
    el('p', { class: 'headline' }, verdict(outcome)),
    el('dl', { class: 'facts' }, ...facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)))),
    el('details', {},
      el('summary', {}, 'JSON'),
      el('pre', { tabindex: '0', 'aria-label': 'The outcome as JSON' }, el('code', {}, JSON.stringify(outcome, null, 2)))));
}

/**
 * @param {string} text
 * @param {string} currency
 */
export function money(text, currency) {
  return el('span', { class: 'money' }, grouped(text), ' ', el('abbr', { class: 'currency' }, currency));
}
