// @ts-check
// Server-sent events as WHATWG HTML, section 9.2, has them. EventSource cannot send a token.

/**
 * @typedef {object} ServerEvent
 * @property {string} type
 * @property {string} data
 */

/** Takes a stream in pieces of any size and tells the events in it. */
export class EventParser {
  /** @param {(event: ServerEvent) => void} tell */
  constructor(tell) {
    this.tell = tell;
    /** The position behind the last event that was told; blocks without data bring it forward, too. */
    this.lastId = '';
    this.rest = '';
    this.id = '';
    this.type = 'message';
    /** @type {string[]} */
    this.data = [];
  }

  /** Forgets what was begun: the next line is the first of a block. */
  begin() {
    this.id = this.lastId;
    this.type = 'message';
    this.data = [];
  }

  /** @param {string} text the next piece */
  push(text) {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    // The last one may go on in the next piece, and its \r may be half of an end.
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      this.line(line);
    }
  }

  /** @param {string} line */
  line(line) {
    if (line === '') {
      this.lastId = this.id;
      if (this.data.length > 0) {
        this.tell({ type: this.type, data: this.data.join('\n') });
      }
      this.begin();
      return;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') {
      this.data.push(value);
    } else if (name === 'event') {
      this.type = value;
    } else if (name === 'id' && !value.includes('\0')) {
      this.id = value;
    }
  }
}
