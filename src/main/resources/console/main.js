// @ts-check
// Starts the console.

import { navigate, refresh } from './views.js';
import { start } from './token.js';

start(refresh);
window.addEventListener('hashchange', () => {
  navigate();
  // Whoever does not see the page hears where they are now.
  /** @type {HTMLElement | null} */ (document.querySelector('h1'))?.focus();
  scrollTo(0, 0);
});
document.querySelector('.skip')?.addEventListener('click', (event) => {
  // The address is the view's.
  event.preventDefault();
  document.getElementById('main')?.focus();
});
navigate();
if (location.hash === '' && !matchMedia('(pointer: coarse)').matches) {
  /** @type {HTMLElement | null} */ (document.querySelector('main input'))?.focus();
}
