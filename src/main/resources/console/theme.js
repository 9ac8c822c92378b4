// @ts-check
// No module: it runs before the first paint, so that a chosen theme does not flash in the other one first.
(() => {
  const KEY = 'tally-theme';
  const CHOICES = ['auto', 'light', 'dark'];

  function chosen() {
    const stored = localStorage.getItem(KEY) ?? '';
    return CHOICES.includes(stored) ? stored : 'auto';
  }

  /** @param {string} theme */
  function apply(theme) {
    document.documentElement.dataset.theme = theme;
    const button = document.getElementById('theme-button');
    if (button) {
      button.textContent = `Theme: ${theme}`;
    }
  }

  apply(chosen());
  document.addEventListener('DOMContentLoaded', () => {
    apply(chosen());
    document.getElementById('theme-button')?.addEventListener('click', () => {
      const next = CHOICES[(CHOICES.indexOf(chosen()) + 1) % CHOICES.length];
      localStorage.setItem(KEY, next);
      apply(next);
    });
  });
})();
