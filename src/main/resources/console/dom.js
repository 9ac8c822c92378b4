// @ts-check
// Builds elements. Strings become text and attributes, never markup: what strangers have written is shown and not run.

const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element.
 *
 * @param {string} tag
 * @param {Object<string, any>} attributes functions are listeners, as `onclick`; true is an empty attribute; false, null and
 *     undefined are none
 * @param {...Child} children false, null and undefined are none
 * @returns {any} the element
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * An element of a drawing.
 *
 * @param {string} tag
 * @param {Object<string, any>} attributes
 * @param {...Child} children
 * @returns {any} the element
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * @param {Element} element
 * @param {Object<string, any>} attributes
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'href' && !/^(#|\/(?!\/))/.test(value)) {
      // A link into this page or this service. Addresses that others have chosen are text.
      throw new Error(`Expected a link within the console, but it was ${value}`);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...nodes(children));
  return element;
}

/**
 * Puts these into an element, in place of what it has.
 *
 * @param {Element} element
 * @param {...Child} children
 */
export function show(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/** @param {Child[]} children */
function nodes(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

let fields = 0;

/**
 * A labelled field of a form.
 *
 * @param {string} label
 * @param {HTMLElement} input gets an id if it has none
 * @param {string} [hint] what it takes
 */
export function field(label, input, hint) {
  input.id ||= `field-${++fields}`;
  const note = hint ? el('p', { class: 'hint', id: `${input.id}-hint` }, hint) : null;
  if (note) {
    input.setAttribute('aria-describedby', note.id);
  }
  return el('div', { class: 'field' }, el('label', { for: input.id }, label), input, note);
}

/**
 * A list to choose from.
 *
 * @param {string} name
 * @param {[string, string][]} options value and text
 * @param {string} value which one is chosen
 */
export function select(name, options, value) {
  return el('select', { name },
    ...options.map(([option, text]) => el('option', { value: option, selected: option === value }, text)));
}

/**
 * Calls a function again and again until a view is left.
 *
 * @param {() => void} tick
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
export function every(milliseconds, signal, tick) {
  const timer = setInterval(tick, milliseconds);
  signal.addEventListener('abort', () => clearInterval(timer));
}
