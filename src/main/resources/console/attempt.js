// @ts-check
// One attempt to have a command decided, and what is known after it. A refusal says nothing of the attempts before it.

import { Problem, post } from './api.js';
import { el } from './dom.js';
import { outcomeCard } from './outcome.js';
import { problemBox } from './problem.js';
import { link } from './route.js';

export const TARGET = '/v1/transaction';

/**
 * Sends a command and waits for the answer.
 *
 * @param {Record<string, string>} command
 * @param {'nothing' | 'in doubt' | 'decided'} before what the attempts before this one came to
 * @returns {Promise<{heading: string, shown: Node, decided: boolean, refused: boolean}>}
 */
export async function attempt(command, before) {
  try {
    const answer = await post(TARGET, command);
    if (answer.status === 202) {
      return {
        heading: 'Not decided yet',
        shown: el('p', {}, 'It is in the log and will be decided: look at ', outcomeLink(command), ' in a moment.'),
        decided: false,
        refused: false,
      };
    }
    return { heading: heading(answer.replayed), shown: outcomeCard(answer.body), decided: true, refused: false };
  } catch (failure) {
    if (failure instanceof Problem && failure.outcome !== null) {
      return { heading: heading(failure.replayed), shown: outcomeCard(failure.outcome), decided: true, refused: false };
    }
    if (failure instanceof Problem && failure.code === 'uid_conflict') {
      return {
        heading: 'Not done: another command has this uid',
        shown: el('div', {}, problemBox(failure), el('p', {}, 'That one is decided: look at ', outcomeLink(command), '.')),
        decided: true,
        refused: true,
      };
    }
    const refused = isRefusal(failure);
    return {
      heading: unanswered(refused, before),
      shown: el('div', {}, problemBox(failure), refused && before !== 'nothing' && el('p', {}, 'This is of the last attempt only: '
        + (before === 'decided' ? 'one before it was decided.' : 'one before it may have been written.'))),
      decided: before === 'decided',
      refused,
    };
  }
}

/**
 * What is known of a command whose last attempt has brought no outcome.
 *
 * @param {boolean} refused
 * @param {'nothing' | 'in doubt' | 'decided'} before
 */
function unanswered(refused, before) {
  if (before === 'decided') {
    return 'Decided before: this attempt has moved nothing';
  }
  return refused && before === 'nothing' ? 'Not done' : 'Not known whether it was done: send the same again';
}

/**
 * Whether it is sure that this attempt has written nothing: the ledger itself has refused. What a proxy says, and an answer that
 * broke off, is no refusal.
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

/** @param {Record<string, string>} command whose outcome the link leads to */
export function outcomeLink(command) {
  return el('a', { href: link('transaction', command.uid, { user_id: command.user_id }) }, 'its outcome');
}
