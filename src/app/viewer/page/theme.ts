/** Dark or light: as the system says until somebody chooses, which is remembered where that is possible. */
const key = 'orrery-theme';

/** A theme. */
export type Theme = 'dark' | 'light';

const system = '(prefers-color-scheme: dark)';

/** Takes up what was chosen before, and tells of each theme that comes into force. */
export function watchTheme(tell: (theme: Theme) => void): void {
  const kept = remembered();
  if (kept === 'dark' || kept === 'light') document.documentElement.dataset['theme'] = kept;
  tell(themeNow());
  window.matchMedia(system).addEventListener('change', () => {
    tell(themeNow());
  });
}

/** The other one, which is given. */
export function toggleTheme(): Theme {
  const next = themeNow() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // A page from disk may have no storage; then the choice lasts as long as the page.
  }
  return next;
}

function themeNow(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'dark' || chosen === 'light') return chosen;
  return window.matchMedia(system).matches ? 'dark' : 'light';
}

function remembered(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
