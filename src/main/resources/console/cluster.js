// @ts-check
// The ledger's instances and partitions, what could not be decided, and who is told of outcomes.

import { get } from './api.js';
import { curl } from './curl.js';
import { deadLetters } from './dead-letters.js';
import { el, every } from './dom.js';
import { load } from './problem.js';
import { table } from './table.js';
import { time, visible, whole } from './text.js';
import { webhooks } from './webhooks.js';

const TARGET = '/v1/cluster';
const PERIOD = 5_000;

/**
 * @param {import('./route.js').Route} route
 * @param {AbortSignal} signal
 * @returns {import('./views.js').View}
 */
export function cluster(route, signal) {
  const place = el('div', { class: 'stack' });
  const read = () => load(place, signal, async () => shown(await get(TARGET, signal)));
  read();
  every(PERIOD, signal, () => {
    // What is being read in it is not taken away; a problem waits until somebody tries again.
    if (!document.hidden && !place.contains(document.activeElement) && place.querySelector('.problem') === null) {
      read();
    }
  });
  return { title: 'Cluster', content: [place, deadLetters(signal), webhooks(signal)] };
}

/** @param {any} found */
function shown({ ledger, instance, instances, partitions }) {
  // With one that is not known, neither is the sum.
  const lag = partitions.reduce((/** @type {number | null} */ sum, /** @type {any} */ one) =>
    (sum === null || one.lag === null ? null : sum + one.lag), 0);
  const facts = [
    ['Ledger', visible(ledger.application_id)],
    ['Partitions', ledger.partitions],
    ['Not decided yet', orUnknown(lag)],
    ['Default currency', ledger.default_currency],
    ['Users', ledger.registration_required ? 'must be opened first' : 'are opened by a first deposit'],
    ['This instance', el('span', {}, visible(instance.address ?? 'no address'), ' ',
      el('span', { class: instance.ready ? 'badge good' : 'badge bad' },
        `${visible(instance.state)}, ${instance.ready ? 'ready' : 'not ready'}`))],
    ['In this state since', time(instance.since)],
  ];
  return el('div', { class: 'stack' },
    el('section', { class: 'panel' },
      el('h2', {}, 'Ledger'),
      el('dl', { class: 'facts' }, ...facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)))),
      curl(TARGET)),
    el('section', { class: 'panel' }, el('h2', {}, 'Instances'), table('Instances', INSTANCES, instances)),
    el('section', { class: 'panel' }, el('h2', {}, 'Partitions'), table('Partitions', PARTITIONS, partitions)));
}

const INSTANCES = [
  { name: 'Address', cell: (/** @type {any} */ one) => visible(one.address) },
  { name: 'Decides', cell: (/** @type {any} */ one) => numbers(one.active) },
  { name: 'Keeps copies of', cell: (/** @type {any} */ one) => numbers(one.standby) },
  { name: 'Role', cell: (/** @type {any} */ one) => (one.answered ? 'gave this answer' : 'another instance') },
];

const PARTITIONS = [
  { name: 'Partition', cell: (/** @type {any} */ one) => one.partition },
  {
    name: 'Owner',
    cell: (/** @type {any} */ one) => (one.owner === null
      ? el('span', { class: 'badge bad' }, 'none: it is being moved')
      : visible(one.owner)),
  },
  { name: 'Decided up to', cell: (/** @type {any} */ one) => orUnknown(one.committed_offset), number: true, wide: true },
  { name: 'End', cell: (/** @type {any} */ one) => whole(one.end_offset), number: true, wide: true },
  { name: 'Lag', cell: (/** @type {any} */ one) => orUnknown(one.lag), number: true },
  { name: 'Answered here', cell: (/** @type {any} */ one) => (one.served ? 'yes' : 'passed on'), wide: true },
];

/** @param {number[]} partitions */
function numbers(partitions) {
  return partitions.length === 0 ? 'none' : partitions.join(', ');
}

/** @param {number | null} number */
function orUnknown(number) {
  return number === null ? 'not known' : whole(number);
}
