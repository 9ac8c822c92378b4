// @ts-check
// Calls of this instance's API.

import { askForToken, authorization } from './token.js';

/** What the console may do here: `on`, or `read-only`. */
export const MODE = document.querySelector('meta[name=tally-console]')?.getAttribute('content') ?? 'on';

/** An answer that is none, as RFC 9457 has it; and the lack of any. */
export class Problem extends Error {
  /**
   * @param {number} status 0 without an answer
   * @param {any} body
   * @param {boolean} replayed whether it was told before
   */
  constructor(status, body, replayed = false) {
    super(body.title);
    this.status = status;
    /** @type {string} */
    this.title = body.title;
    /** @type {string} */
    this.code = body.code;
    /** @type {string} */
    this.detail = body.detail ?? '';
    /** @type {{pointer: string, detail: string}[]} */
    this.errors = body.errors ?? [];
    /** Whether the ledger says it, and nobody in between. */
    this.known = status > 0 && !body.code.startsWith('http_');
    /** The outcome of a rejected command. */
    this.outcome = body.outcome ?? null;
    this.replayed = replayed;
  }

  /** Whether it may be gone by itself. */
  get passing() {
    // A uid that is not decided may be in the log.
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === 'unknown_uid';
  }
}

/**
 * A path, with its values encoded.
 *
 * @param {TemplateStringsArray} parts
 * @param {...string} values
 */
export function path(parts, ...values) {
  if (values.some((value) => value === '.' || value === '..')) {
    // A browser takes them for a way to another call, whatever they are written as.
    throw new Problem(0, { code: 'invalid_value', title: 'There can be nothing of this name', detail: values.join(' ') });
  }
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

/**
 * A path with a query; parameters that are empty are left out.
 *
 * @param {string} base
 * @param {Object<string, string | number | null | undefined>} parameters
 */
export function query(base, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') {
      query.set(name, String(value));
    }
  }
  return query.size === 0 ? base : `${base}?${query}`;
}

/**
 * Asks for a path and waits for its answer.
 *
 * @param {string} target
 * @param {AbortSignal} [signal] ends the waiting
 * @returns {Promise<any>} the answer's JSON
 */
export async function get(target, signal) {
  return json(await answer(target, { signal }));
}

/**
 * Sends a body and waits for the answer.
 *
 * @param {string} target
 * @param {any} body
 * @returns {Promise<{status: number, body: any, replayed: boolean}>}
 */
export async function post(target, body) {
  const response = await answer(target, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });
  return { status: response.status, body: await json(response), replayed: isReplayed(response) };
}

/** @param {Response} response */
async function json(response) {
  try {
    return await response.json();
  } catch {
    throw new Problem(0, {
      code: 'no_answer',
      title: 'The answer broke off',
      detail: 'Nothing is known of what was asked; try again.',
    });
  }
}

/** @param {Response} response */
function isReplayed(response) {
  return response.headers.get('Idempotent-Replayed') === 'true';
}

/**
 * The answer, if it is a good one.
 *
 * @param {string} target
 * @param {RequestInit} request
 * @throws {Problem} otherwise
 */
export async function answer(target, request) {
  let response;
  try {
    response = await fetch(target, { ...request, headers: { ...request.headers, ...authorization() }, redirect: 'error' });
  } catch (failure) {
    if (request.signal?.aborted) {
      throw failure;
    }
    throw new Problem(0, {
      code: 'no_answer',
      title: 'The service does not answer',
      detail: 'It may be starting, or the network is away. Nothing is known of what was asked; try again.',
    });
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401) {
      askForToken('The service wants a token that it knows.');
    }
    throw problem;
  }
  return response;
}

/** @param {Response} response */
async function problemOf(response) {
  let body;
  try {
    body = await response.json();
  } catch {
    body = {};
  }
  const known = typeof body.code === 'string' && typeof body.title === 'string';
  return new Problem(
    response.status,
    known ? body : { code: `http_${response.status}`, title: `HTTP ${response.status}` },
    isReplayed(response));
}
