// @ts-check
// What the answering instance measures of itself: commands a second, and how long a decision waits for its commit.

import { Chart } from './chart.js';
import { el, every, show } from './dom.js';
import { measure, quantile, sum } from './metrics.js';
import { problemBox } from './problem.js';

const PERIOD = 2_000;
/** Five minutes. */
const KEPT = 150;
const COMMITS = 'tally_decision_to_commit_seconds';

/**
 * Both charts.
 *
 * @param {AbortSignal} signal
 */
export function activity(signal) {
  const rates = new Chart({
    label: 'Commands per second',
    lines: ['accepted', 'rejected'],
    empty: 'Measuring …',
  });
  const latencies = new Chart({
    label: 'From decision to commit, milliseconds',
    lines: ['median', '99th percentile'],
    empty: 'Nothing was committed in the last minutes',
  });
  const trouble = el('div');
  /** @type {{at: number, metrics: import('./metrics.js').Metrics} | null} */
  let last = null;
  /** @type {import('./chart.js').Point[]} */
  let commands = [];
  /** @type {import('./chart.js').Point[]} */
  let commits = [];
  let asking = false;

  const look = async () => {
    if (asking || document.hidden) {
      return;
    }
    asking = true;
    try {
      const metrics = await measure('tally_', signal);
      const now = { at: Date.now(), metrics };
      if (last !== null && !isRestarted(last.metrics, metrics)) {
        commands = [...commands, commandPoint(last, now)].slice(-KEPT);
        commits = [...commits, commitPoint(last, now)].slice(-KEPT);
        rates.update(commands);
        latencies.update(commits.some((point) => Number.isFinite(point.values[0])) ? commits : []);
      }
      last = now;
      show(trouble);
    } catch (failure) {
      last = null;
      if (!signal.aborted) {
        show(trouble, problemBox(failure));
      }
    } finally {
      asking = false;
    }
  };
  look();
  every(PERIOD, signal, look);
  return el('section', { 'aria-label': 'Activity of this instance' },
    el('h2', {}, 'This instance'),
    trouble,
    el('div', { class: 'pair' },
      el('div', { class: 'panel' }, rates.element),
      el('div', { class: 'panel' }, latencies.element)));
}

/**
 * @param {import('./metrics.js').Metrics} before
 * @param {import('./metrics.js').Metrics} after
 */
function isRestarted(before, after) {
  return sum(after, 'tally_commands_total') < sum(before, 'tally_commands_total')
    || sum(after, `${COMMITS}_count`) < sum(before, `${COMMITS}_count`);
}

/**
 * @param {{at: number, metrics: import('./metrics.js').Metrics}} before
 * @param {{at: number, metrics: import('./metrics.js').Metrics}} after
 * @returns {import('./chart.js').Point}
 */
function commandPoint(before, after) {
  const seconds = (after.at - before.at) / 1000;
  const [accepted, rejected] = ['accepted', 'rejected'].map((result) =>
    (sum(after.metrics, 'tally_commands_total', { result }) - sum(before.metrics, 'tally_commands_total', { result }))
    / seconds);
  return {
    at: after.at,
    values: [accepted, rejected],
    text: `${accepted.toFixed(accepted < 10 ? 1 : 0)} accepted and ${rejected.toFixed(rejected < 10 ? 1 : 0)} rejected `
      + `per second at ${new Date(after.at).toISOString().slice(11, 19)}`,
  };
}

/**
 * @param {{at: number, metrics: import('./metrics.js').Metrics}} before
 * @param {{at: number, metrics: import('./metrics.js').Metrics}} after
 * @returns {import('./chart.js').Point}
 */
function commitPoint(before, after) {
  const [median, most] = [0.5, 0.99].map((share) => 1000 * quantile(before.metrics, after.metrics, COMMITS, share));
  const when = new Date(after.at).toISOString().slice(11, 19);
  return {
    at: after.at,
    values: [median, most],
    text: Number.isFinite(median)
      ? `median ${median.toFixed(1)} ms, 99th percentile ${most.toFixed(1)} ms at ${when}`
      : `nothing committed at ${when}`,
  };
}
