import { byId, fill } from './dom.js';
import { icon } from './icons.js';

const KEY = 'pixrnn-theme';

/** Follows the system's colours until the user switches. */
export function startTheme(): void {
  const button = byId('theme');
  fill(button, icon('theme'));
  const kept = localStorage.getItem(KEY);
  if (kept) document.documentElement.dataset['theme'] = kept;
  button.addEventListener('click', () => {
    const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark';
    const next = isDark ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = next;
    localStorage.setItem(KEY, next);
    dispatchEvent(new Event('resize'));
  });
}
