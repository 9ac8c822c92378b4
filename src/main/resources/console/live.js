// @ts-check
// What is committed, as it is committed. Everything is counted; the list is drawn a few times a second and shows a sample
// of what came when that was much.

import { activity } from './activity.js';
import { path } from './api.js';
import { curl } from './curl.js';
import { el, every, field, show } from './dom.js';
import { follow } from './feed.js';
import { asked, change, typeOf, uidLink, userLink, verdict } from './outcome.js';
import { problemBox } from './problem.js';
import { link } from './route.js';
import { row, table } from './table.js';
import { clock, foreign, whole } from './text.js';

const DRAWN_EVERY = 250;
/** So many new rows can be taken in at a glance. */
const ROWS_A_DRAWING = 3;
const ROWS = 15;
/** Milliseconds without a drawing after which the rate begins anew: the page was hidden. */
const GAP = 1_000;
/** The rate is that of the last so many drawings: three seconds. */
const RATE_OF = 12;

const COLUMNS = [
  { name: 'Recorded', cell: (/** @type {any} */ item) => clock(item.recorded_at) },
  { name: 'User', cell: (/** @type {any} */ item) => userLink(item.user_id) },
  { name: 'Type', cell: typeOf, wide: true },
  { name: 'Asked for', cell: asked, number: true, wide: true },
  { name: 'Change', cell: change, number: true },
  { name: 'Verdict', cell: verdict },
  { name: 'Uid', cell: uidLink, wide: true },
];

/** What came since the view was opened. */
class Counts {
  total = 0;
  accepted = 0;
  rejected = 0;

  /** @param {string} type as CloudEvents has it */
  add(type) {
    this.total++;
    if (type.includes('.rejected.')) {
      this.rejected++;
    } else {
      this.accepted++;
    }
  }
}

/**
 * @param {import('./route.js').Route} route
 * @param {AbortSignal} signal
 * @returns {import('./views.js').View}
 */
export function live(route, signal) {
  const user = route.parameters.get('user') ?? '';
  const target = user === '' ? '/v1/events' : path`/v1/user/${user}/events`;
  return {
    title: 'Live',
    heading: user === '' ? ['Live'] : ['Live: ', foreign(user)],
    content: [filter(user), feed(target, signal), curl(target), activity(signal)],
  };
}

/** @param {string} user */
function filter(user) {
  const input = el('input', { name: 'user', type: 'search', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', value: user });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    location.hash = link('live', '', { user: input.value.trim() });
  };
  return el('form', { class: 'line-form', onsubmit: submit },
    field('Only of the user', input),
    el('button', { type: 'submit' }, 'Watch'));
}

/**
 * @param {string} target
 * @param {AbortSignal} signal
 */
function feed(target, signal) {
  const counts = new Counts();
  /** The newest that were not drawn, the oldest first; more are not needed. @type {string[]} */
  let waiting = [];
  let paused = false;
  let drawn = 0;
  /** How many had come at each of the last drawings. @type {{at: number, total: number}[]} */
  const marks = [];
  /** How many of them were not listed. */
  /** @type {number[]} */
  const leftOut = [];

  const state = el('p', { class: 'state', role: 'status' }, 'Connecting …');
  const trouble = el('div');
  const figures = { rate: figure('a second'), accepted: figure('accepted'), rejected: figure('rejected') };
  const note = el('p', { class: 'hint' }, 'Nothing has come yet.');
  const list = table('Outcomes, the newest first', COLUMNS, []);
  const body = /** @type {Element} */ (list.querySelector('tbody'));
  const pause = el('button', { type: 'button', 'aria-pressed': 'false', onclick: () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    pause.textContent = paused ? 'Go on' : 'Pause';
    draw();
  } }, 'Pause');

  const draw = () => {
    const at = performance.now();
    if (marks.length > 0 && at - marks[marks.length - 1].at > GAP) {
      // Nobody looked meanwhile.
      marks.length = 0;
    }
    marks.push({ at, total: counts.total });
    marks.splice(0, marks.length - RATE_OF - 1);
    const span = (at - marks[0].at) / 1000;
    figures.rate.set(span > 0 ? Math.round((counts.total - marks[0].total) / span) : 0);
    figures.accepted.set(counts.accepted);
    figures.rejected.set(counts.rejected);
    const fresh = counts.total - drawn;
    if (paused) {
      note.textContent = `Paused. ${whole(fresh)} more have come and are counted.`;
      return;
    }
    if (fresh > 0) {
      drawn = counts.total;
      leftOut.push(fresh - waiting.length);
      leftOut.splice(0, leftOut.length - RATE_OF);
      body.prepend(...waiting.reverse().map((data) => row(COLUMNS, JSON.parse(data))));
      waiting = [];
      while (body.childElementCount > ROWS) {
        body.lastElementChild?.remove();
      }
      note.textContent = leftOut.some((left) => left > 0)
        ? `A sample: at this rate at most ${(1000 / DRAWN_EVERY) * ROWS_A_DRAWING} of the outcomes of a second are listed. All are counted.`
        : 'Every outcome is listed.';
    }
  };

  follow(target, signal, {
    event: (event) => {
      if (event.type === 'reset') {
        show(trouble, el('p', { class: 'notice', role: 'alert' },
          'Outcomes may be missing before this point: the place that was left is too far back. What follows may have been shown before.'));
        return;
      }
      counts.add(event.type);
      waiting.push(event.data);
      if (waiting.length > ROWS_A_DRAWING) {
        waiting.shift();
      }
    },
    open: () => {
      state.className = 'state good';
      state.textContent = 'Connected';
    },
    lost: (seconds) => {
      state.className = 'state bad';
      state.textContent = `Connection lost; trying again in ${Math.ceil(seconds)} s, from where it was`;
    },
    refused: (problem) => {
      state.className = 'state bad';
      state.textContent = 'Refused';
      show(trouble, problemBox(problem));
    },
  });
  every(DRAWN_EVERY, signal, () => {
    if (!document.hidden) {
      draw();
    }
  });
  return el('section', { class: 'panel', 'aria-label': 'Feed' },
    el('div', { class: 'heading' }, state, pause),
    trouble,
    el('div', { class: 'figures' }, figures.rate.element, figures.accepted.element, figures.rejected.element),
    note,
    list);
}

/** @param {string} name */
function figure(name) {
  const value = el('span', { class: 'value' }, '0');
  return {
    element: el('p', {}, value, ' ', el('span', { class: 'hint' }, name)),
    set: (/** @type {number} */ number) => {
      value.textContent = whole(number);
    },
  };
}
