// @ts-check
// A chart of lines over time: SVG, drawn anew when its width changes. Pointer and arrow keys read it point by point.

import { el, show, svg } from './dom.js';
import { marks, numberMark, timeMark, times } from './scale.js';

const HEIGHT = 200;
const LEFT = 52;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 26;
const ROOM_OF_A_TIME = 120;

/**
 * @typedef {object} Point
 * @property {number} at milliseconds since 1970
 * @property {number[]} values one of each line
 * @property {string} text what is said of it
 */

/**
 * @typedef {object} Options
 * @property {string} label what the chart is of
 * @property {string[]} lines their names
 * @property {boolean} [steps] whether a value holds until the next point
 * @property {string} [empty] what is said when there is nothing to draw
 */

/** A chart, empty at first. */
export class Chart {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    /** @type {Point[]} */
    this.points = [];
    /** @type {number | null} */
    this.chosen = null;
    this.canvas = el('div', { class: 'canvas' });
    this.readout = el('p', { class: 'readout' });
    this.element = el('figure', { class: 'chart' },
      el('figcaption', {}, el('span', {}, options.label), legend(options.lines)),
      this.canvas,
      this.readout);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** @param {Point[]} points in order of time */
  update(points) {
    const at = this.chosen === null ? null : this.points[this.chosen].at;
    const index = points.findIndex((point) => point.at === at);
    this.points = points;
    this.chosen = index < 0 ? null : index;
    this.draw();
  }

  draw() {
    const width = this.canvas.clientWidth;
    if (width === 0) {
      return;
    }
    if (this.points.length < 2) {
      this.frame = this.cursor = undefined;
      this.readout.textContent = '';
      show(this.canvas, el('p', { class: 'empty' }, this.options.empty ?? 'Nothing to draw yet'));
      return;
    }
    const frame = new Frame(this.points, width);
    this.cursor = svg('line', { class: 'cursor', y1: TOP, y2: HEIGHT - BOTTOM, visibility: 'hidden' });
    const drawing = svg('svg', {
      width,
      height: HEIGHT,
      viewBox: `0 0 ${width} ${HEIGHT}`,
      role: 'img',
      tabindex: '0',
      'aria-label': `${this.options.label}: ${this.points.length} points from ${this.points[0].text} to `
        + `${this.points[this.points.length - 1].text}. Arrow keys read them.`,
      onpointermove: (/** @type {PointerEvent} */ event) => this.choose(frame.nearest(event.offsetX)),
      onpointerleave: () => this.choose(null),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.step(event),
    }, ...frame.axes(),
      ...this.options.lines.map((_, line) => svg('path', {
        class: `line line-${line}`,
        d: frame.path(line, this.options.steps ?? false),
      })),
      this.cursor);
    this.frame = frame;
    const focused = this.canvas.contains(document.activeElement);
    show(this.canvas, drawing);
    if (focused) {
      drawing.focus();
    }
    this.point();
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      const last = this.points.length - 1;
      this.choose(Math.min(last, Math.max(0, (this.chosen ?? last) + by)));
      // What the pointer passes over, and what changes by itself, is not read out.
      this.readout.setAttribute('aria-live', 'polite');
    }
  }

  /** @param {number | null} index */
  choose(index) {
    this.chosen = index;
    this.readout.setAttribute('aria-live', 'off');
    this.point();
  }

  /** Says what the chosen point is, else the last one. */
  point() {
    const index = this.chosen ?? this.points.length - 1;
    this.readout.textContent = this.points[index]?.text ?? '';
    if (this.cursor && this.frame && index >= 0) {
      const x = this.frame.x(this.points[index].at);
      this.cursor.setAttribute('x1', x);
      this.cursor.setAttribute('x2', x);
      this.cursor.setAttribute('visibility', this.chosen === null ? 'hidden' : 'visible');
    }
  }
}

/** Where things are in a chart of this width. */
class Frame {
  /**
   * @param {Point[]} points
   * @param {number} width
   */
  constructor(points, width) {
    this.points = points;
    this.width = width;
    this.from = points[0].at;
    this.to = Math.max(points[points.length - 1].at, this.from + 1);
    const values = points.flatMap((point) => point.values).filter(Number.isFinite);
    this.marks = marks(Math.min(0, ...values), Math.max(0, ...values));
  }

  /** @param {number} at */
  x(at) {
    return LEFT + ((at - this.from) / (this.to - this.from)) * (this.width - LEFT - RIGHT);
  }

  /** @param {number} value */
  y(value) {
    const low = this.marks[0];
    const high = this.marks[this.marks.length - 1];
    return HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  }

  /** @param {number} x */
  nearest(x) {
    let best = 0;
    for (let index = 1; index < this.points.length; index++) {
      if (Math.abs(this.x(this.points[index].at) - x) <= Math.abs(this.x(this.points[best].at) - x)) {
        best = index;
      }
    }
    return best;
  }

  /**
   * @param {number} line
   * @param {boolean} steps
   */
  path(line, steps) {
    let path = '';
    for (const point of this.points) {
      const value = point.values[line];
      // What is not known is a gap.
      if (Number.isFinite(value)) {
        const x = this.x(point.at).toFixed(1);
        const y = this.y(value).toFixed(1);
        path += path === '' || path.endsWith(' ') ? `M${x},${y}` : steps ? `H${x}V${y}` : `L${x},${y}`;
      } else if (path !== '' && !path.endsWith(' ')) {
        path += ' ';
      }
    }
    return path;
  }

  axes() {
    const span = this.to - this.from;
    const count = Math.max(2, Math.min(6, Math.floor((this.width - LEFT) / ROOM_OF_A_TIME)));
    const moments = times(this.from, this.to, count);
    return [
      ...this.marks.map((value) => svg('g', { class: value === 0 ? 'mark zero' : 'mark' },
        svg('line', { x1: LEFT, x2: this.width - RIGHT, y1: this.y(value), y2: this.y(value) }),
        svg('text', { x: LEFT - 8, y: this.y(value) + 4, 'text-anchor': 'end' }, numberMark(value)))),
      ...moments.map((at, index) => svg('text', {
        class: 'mark',
        x: this.x(at),
        y: HEIGHT - 6,
        'text-anchor': index === 0 ? 'start' : index === count - 1 ? 'end' : 'middle',
      }, timeMark(at, span))),
    ];
  }
}

/** @param {string[]} lines */
function legend(lines) {
  return lines.length < 2
    ? null
    : el('span', { class: 'legend' }, ...lines.map((name, line) => el('span', { class: `key key-${line}` }, name)));
}
