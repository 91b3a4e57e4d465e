/** Dark or light: as the system says until somebody chooses, which is remembered where that is possible. */
const key = 'orrery-theme';

/** Takes up what was chosen before. */
export function restoreTheme(): void {
  const kept = remembered();
  if (kept === 'dark' || kept === 'light') document.documentElement.dataset['theme'] = kept;
}

/** The other one. */
export function toggleTheme(): void {
  const { dataset } = document.documentElement;
  const isDark =
    dataset['theme'] === undefined
      ? window.matchMedia('(prefers-color-scheme: dark)').matches
      : dataset['theme'] === 'dark';
  const next = isDark ? 'light' : 'dark';
  dataset['theme'] = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // A page from disk may have no storage; then the choice lasts as long as the page.
  }
  window.dispatchEvent(new Event('resize'));
}

function remembered(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
