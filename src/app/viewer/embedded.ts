/** A page that brings its trace along: one file that needs nothing beside it. */

/** Where in the page the trace is. */
export const embeddedTraceId = 'orrery-trace';

/** The page with a trace inside, which it opens when nothing else is asked for. The trace is data and never runs. */
export function withTrace(html: string, trace: string): string {
  // A "<" in JSON stands in strings alone, where it may be written so; and so nothing in it ends the element.
  const data = trace.replaceAll('<', String.raw`\u003c`);
  const element = `<script type="application/json" id="${embeddedTraceId}">${data}</script>`;
  const end = html.lastIndexOf('</body>');
  return `${html.slice(0, end)}${element}\n${html.slice(end)}`;
}
