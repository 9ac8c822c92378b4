// @ts-check
// Commands that may have been written, though no answer has said so. They stay in this tab until it is known what became of them:
// whoever sends one of them under another uid may do it twice.

const KEY = 'tally-doubts';
/** With so many in doubt, no other one is sent. */
const MOST = 20;

/** @typedef {Record<string, string>} Command as it was sent */

/**
 * All of them, the first that was sent first.
 *
 * @returns {Command[]}
 */
export function doubts() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
}

/**
 * Whether one of this uid and user is in doubt.
 *
 * @param {Command} command
 */
export function isInDoubt(command) {
  return doubts().some((one) => isSame(one, command));
}

/**
 * Keeps a command. One of the same uid that was sent before stays in its place: it is the one that may have been written.
 *
 * @param {Command} command
 * @returns {boolean} whether there was room for it
 */
export function hold(command) {
  const kept = doubts();
  if (kept.some((one) => isSame(one, command))) {
    return true;
  }
  if (kept.length >= MOST) {
    return false;
  }
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...kept, command]));
    return true;
  } catch {
    // The browser gives no more room.
    return false;
  }
}

/**
 * It is known what became of this uid.
 *
 * @param {Command} command
 */
export function settle(command) {
  sessionStorage.setItem(KEY, JSON.stringify(doubts().filter((one) => !isSame(one, command))));
}

/**
 * Users may choose the same uid, and each has a command of it.
 *
 * @param {Command} one
 * @param {Command} other
 */
function isSame(one, other) {
  return one.uid.toLowerCase() === other.uid.toLowerCase() && one.user_id === other.user_id;
}
