// @ts-check
// Where in the console one is stands behind the #, so that a link, the history and a reload lead there. Never a token.

/**
 * @typedef {object} Route
 * @property {string} view the first part of the path
 * @property {string} argument the second part
 * @property {URLSearchParams} parameters
 */

/**
 * @param {string} hash as in `#/user/ada?currency=USD`
 * @returns {Route}
 */
export function parse(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view, argument = ''] = path.split('/');
  return { view, argument: decoded(argument), parameters: new URLSearchParams(query) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A link to a view.
 *
 * @param {string} view
 * @param {string} [argument]
 * @param {Object<string, string | null | undefined>} [parameters] those that are empty are left out
 */
export function link(view, argument = '', parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value) {
      query.set(name, value);
    }
  }
  const path = argument === '' ? view : `${view}/${encodeURIComponent(argument)}`;
  return `#/${path}${query.size === 0 ? '' : `?${query}`}`;
}

/**
 * Goes to a view. When it is the one that is shown, it is shown anew: who asks again wants what is there now.
 *
 * @param {string} hash
 */
export function go(hash) {
  const before = location.hash;
  location.hash = hash;
  if (location.hash === before) {
    window.dispatchEvent(new Event('hashchange'));
  }
}

/**
 * Notes what is chosen in a view, without leaving it.
 *
 * @param {string} hash
 */
export function note(hash) {
  history.replaceState(null, '', hash);
}
