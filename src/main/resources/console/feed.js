// @ts-check
// Follows a stream of events for as long as it is wanted: when the connection is lost, it goes on behind the last event.

import { Problem, answer } from './api.js';
import { EventParser } from './sse.js';

/** The service says something every 15 s; a connection that is silent for longer than this is dead. */
const SILENCE = 40_000;

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5_000;

/**
 * @typedef {object} Listener
 * @property {(event: import('./sse.js').ServerEvent) => void} event
 * @property {() => void} open it is connected
 * @property {(seconds: number) => void} lost it is not, and will be tried again in so many seconds
 * @property {(problem: unknown) => void} refused it is not and is not tried again
 */

/**
 * @param {string} path
 * @param {AbortSignal} signal ends it
 * @param {Listener} listener
 */
export async function follow(path, signal, listener) {
  const parser = new EventParser(listener.event);
  let wait = FIRST_WAIT;
  while (!signal.aborted) {
    /** @type {unknown} */
    let failure = null;
    try {
      await connection(path, parser, signal, () => {
        wait = FIRST_WAIT;
        listener.open();
      });
    } catch (thrown) {
      failure = thrown;
    }
    if (signal.aborted) {
      return;
    }
    if (failure instanceof Problem && !failure.passing) {
      listener.refused(failure);
      return;
    }
    // Not all at the same moment after a restart.
    const pause = wait * (0.75 + Math.random() / 2);
    listener.lost(pause / 1000);
    await sleep(pause, signal);
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}

/**
 * Reads until the connection ends.
 *
 * @param {string} path
 * @param {EventParser} parser
 * @param {AbortSignal} signal
 * @param {() => void} opened
 */
async function connection(path, parser, signal, opened) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE);
  const end = () => silence.abort();
  signal.addEventListener('abort', end);
  try {
    const response = await answer(path, {
      headers: parser.lastId === '' ? {} : { 'Last-Event-ID': parser.lastId },
      signal: silence.signal,
    });
    opened();
    // What was cut off in the middle comes again as a whole.
    parser.rest = '';
    parser.begin();
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    const decoder = new TextDecoder();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE);
      parser.push(decoder.decode(piece.value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}
