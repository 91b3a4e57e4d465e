/** What a person may keep of the page: a trace, a page, a link. */
import { plain } from '../../../trace/words.ts';
import { embeddedTraceId, withTrace } from '../embedded.ts';

/** Keeps a text as a file. */
export function saveText(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = plain(name).replaceAll(/[^\w.-]+/g, '-');
  link.click();
  URL.revokeObjectURL(link.href);
}

/** This page with a trace inside, as one file; what it shows now is left out. */
export function pageWith(trace: string): string {
  // cast -- the copy of an element is one of its kind
  const copy = document.documentElement.cloneNode(true) as HTMLElement; // oxlint-disable-line typescript/no-unsafe-type-assertion
  delete copy.dataset['theme'];
  copy.querySelector('#orrery')?.replaceChildren();
  // The layout library is brought in again when it is needed; a page has one trace.
  for (const left of copy.querySelectorAll(`head script, #${embeddedTraceId}`)) left.remove();
  // A parser moves the lines after the body into it.
  const html = copy.outerHTML.replace(/\s*<\/body>\s*<\/html>$/, '\n</body></html>');
  return withTrace(`<!doctype html>${html}\n`, trace);
}
