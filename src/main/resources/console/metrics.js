// @ts-check
// Reads what the service measures, in Prometheus' text format.

import { answer } from './api.js';

/** @typedef {{labels: Record<string, string>, value: number}} Sample */
/** @typedef {Map<string, Sample[]>} Metrics by name */

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/**
 * Asks this instance.
 *
 * @param {string} prefix of the names that are wanted
 * @param {AbortSignal} signal
 */
export async function measure(prefix, signal) {
  return parse(await (await answer('/metrics', { signal })).text(), prefix);
}

/**
 * @param {string} text
 * @param {string} prefix
 * @returns {Metrics}
 */
export function parse(text, prefix) {
  const metrics = new Map();
  for (const line of text.split('\n')) {
    const match = line.startsWith(prefix) ? LINE.exec(line) : null;
    if (match) {
      const [, name, labels = '', value] = match;
      const samples = metrics.get(name) ?? [];
      samples.push({ labels: parseLabels(labels), value: value === '+Inf' ? Infinity : Number(value) });
      metrics.set(name, samples);
    }
  }
  return metrics;
}

/** @param {string} text */
function parseLabels(text) {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name, value]) => [name, value]));
}

/**
 * The sum of what has these labels.
 *
 * @param {Metrics} metrics
 * @param {string} name
 * @param {Record<string, string>} labels
 */
export function sum(metrics, name, labels = {}) {
  return (metrics.get(name) ?? [])
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((total, sample) => total + sample.value, 0);
}

/**
 * A quantile of what a histogram has counted between two looks at it, as Prometheus estimates it; NaN when that is nothing.
 *
 * @param {Metrics} before
 * @param {Metrics} after
 * @param {string} name without `_bucket`
 * @param {number} share 0.5 is the median
 */
export function quantile(before, after, name, share) {
  const bucket = `${name}_bucket`;
  const buckets = (after.get(bucket) ?? [])
    .map(({ labels, value }) => ({
      to: labels.le === '+Inf' ? Infinity : Number(labels.le),
      count: value - sum(before, bucket, labels),
    }))
    .sort((one, other) => one.to - other.to);
  const total = buckets.length === 0 ? 0 : buckets[buckets.length - 1].count;
  if (!(total > 0)) {
    return NaN;
  }
  const rank = share * total;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const from = index === 0 ? { to: 0, count: 0 } : buckets[index - 1];
  const { to, count } = buckets[index];
  return to === Infinity ? from.to : from.to + ((to - from.to) * (rank - from.count)) / (count - from.count);
}
