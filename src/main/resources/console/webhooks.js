// @ts-check
// Who is told of outcomes, and how that goes.

import { get, path, query } from './api.js';
import { curl } from './curl.js';
import { el, show } from './dom.js';
import { measure, sum } from './metrics.js';
import { load } from './problem.js';
import { table } from './table.js';
import { count, duration, foreign, time, visible, whole } from './text.js';

const TARGET = '/v1/webhook-endpoints';
/** Older than this, what waits is late: a delivery that is taken at once is never this old. */
const LATE = 60;

/** @param {AbortSignal} signal */
export function webhooks(signal) {
  const place = el('div', { 'aria-live': 'polite' });
  const read = () => load(place, signal, async () => {
    const [{ items }, metrics] = await Promise.all([get(TARGET, signal), measure('tally_webhook_', signal)]);
    return el('div', {},
      items.length === 0
        ? el('p', { class: 'empty' }, 'None: nobody is told of outcomes by HTTP')
        : table('Webhook endpoints', columns(metrics, signal), items),
      items.length > 0 && el('p', { class: 'hint' },
        'Deliveries are those of this instance since its start; other instances deliver for other partitions.'),
      el('div', { class: 'pager' }, el('button', { type: 'button', onclick: read }, 'Refresh')),
      curl(TARGET));
  });
  read();
  return el('section', { class: 'panel' }, el('h2', {}, 'Webhook endpoints'), place);
}

/**
 * @param {import('./metrics.js').Metrics} metrics
 * @param {AbortSignal} signal
 */
function columns(metrics, signal) {
  const deliveries = (/** @type {any} */ endpoint, /** @type {string} */ result) =>
    whole(sum(metrics, 'tally_webhook_deliveries_total', { endpoint: endpoint.id, result }));
  return [
    {
      name: 'Endpoint',
      // The address is what somebody has typed: text, and no link.
      cell: (/** @type {any} */ endpoint) => el('div', {},
        el('div', { class: 'whole' }, foreign(endpoint.url)),
        endpoint.description !== '' && el('div', { class: 'hint' }, foreign(endpoint.description)),
        el('div', { class: 'hint' }, el('code', {}, endpoint.id))),
    },
    { name: 'State', cell: (/** @type {any} */ endpoint) => health(endpoint, metrics) },
    {
      name: 'Is told of',
      cell: (/** @type {any} */ endpoint) => `${endpoint.event_types.map(visible).join(', ')}; `
        + (endpoint.users.length === 0 ? 'all users' : count(endpoint.users.length, 'user')),
      wide: true,
    },
    { name: 'Delivered', cell: (/** @type {any} */ endpoint) => deliveries(endpoint, 'delivered'), number: true },
    { name: 'Failed', cell: (/** @type {any} */ endpoint) => deliveries(endpoint, 'failed'), number: true },
    { name: 'Given up', cell: (/** @type {any} */ endpoint) => deliveries(endpoint, 'dead'), number: true },
    { name: 'Not taken', cell: (/** @type {any} */ endpoint) => untaken(endpoint, signal) },
  ];
}

/**
 * @param {any} endpoint
 * @param {import('./metrics.js').Metrics} metrics
 */
function health(endpoint, metrics) {
  const age = sum(metrics, 'tally_webhook_oldest_pending_seconds', { endpoint: endpoint.id });
  if (endpoint.state === 'disabled') {
    return el('span', { class: 'badge bad' }, `Disabled: ${endpoint.disabled_reason}`);
  }
  if (endpoint.state === 'paused') {
    return el('span', { class: 'badge' }, 'Paused');
  }
  return age > LATE
    ? el('span', { class: 'badge bad' }, `Behind: the oldest waits ${duration(age)}`)
    : el('span', { class: 'badge good' }, 'Active');
}

/**
 * What waits for another attempt and what was given up, when it is asked for.
 *
 * @param {any} endpoint
 * @param {AbortSignal} signal
 */
function untaken(endpoint, signal) {
  const place = el('div');
  const read = (/** @type {string} */ state) => {
    show(place);
    load(place, signal, async () => {
      const target = query(path`/v1/webhook-endpoints/${endpoint.id}/deliveries`, { state, limit: 20 });
      const { items, next_cursor: more } = await get(target, signal);
      return el('div', {},
        items.length > 0 && el('ul', { class: 'plain' }, ...items.map(delivery)),
        more === null
          ? items.length === 0 && el('p', { class: 'hint' }, 'None')
          : el('p', { class: 'hint' }, 'There may be more, which were not read'));
    });
  };
  return el('div', {},
    el('button', { type: 'button', onclick: () => read('pending') }, 'Waiting'),
    el('button', { type: 'button', onclick: () => read('dead') }, 'Given up'),
    place);
}

/** @param {any} item */
function delivery(item) {
  const last = item.attempts[item.attempts.length - 1];
  return el('li', {},
    foreign(item.user_id), ', recorded ', time(item.recorded_at), ', ', count(item.attempts.length, 'attempt'),
    last !== undefined && el('div', { class: 'hint' },
      'The last: ', visible(last.status === null ? last.error ?? 'no answer' : `HTTP ${last.status}`),
      last.answer ? [': ', visible(last.answer)].join('') : null));
}
