// @ts-check
// Bytes of strangers, to be looked at.

import { el } from './dom.js';
import { count, visible, whole } from './text.js';

const SHOWN = 1024;
/** Half of what `hexdump -C` has: it fits on a phone. */
const A_ROW = 8;

/** @param {string} base64 */
export function decode(base64) {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/**
 * Offset, hexadecimal and ASCII.
 *
 * @param {Uint8Array} bytes
 */
export function dump(bytes) {
  const rows = [];
  for (let at = 0; at < bytes.length; at += A_ROW) {
    const part = Array.from(bytes.subarray(at, at + A_ROW));
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    rows.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(3 * A_ROW - 1)}  ${ascii}`);
  }
  return rows.join('\n');
}

/**
 * A key or a value: as text when it is some, and as bytes.
 *
 * @param {string} name
 * @param {string | null} base64
 */
export function bytes(name, base64) {
  if (base64 === null) {
    return el('p', { class: 'hint' }, `${name}: none`);
  }
  const all = decode(base64);
  const part = all.subarray(0, SHOWN);
  const text = textOf(all);
  return el('details', {},
    el('summary', {}, `${name}, ${count(all.length, 'byte')}`),
    text !== null && el('pre', { tabindex: '0', 'aria-label': `${name} as text` }, el('code', {}, visible(text))),
    el('pre', { tabindex: '0', 'aria-label': `${name} as bytes` }, el('code', {}, dump(part))),
    all.length > SHOWN && el('p', { class: 'hint' }, `The first ${whole(SHOWN)} bytes.`));
}

/** @param {Uint8Array} all */
function textOf(all) {
  if (all.length === 0 || all.length > SHOWN) {
    return null;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(all);
  } catch {
    return null;
  }
}
