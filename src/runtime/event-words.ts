/** XState's own names of events in words: `after 3000`, `call-1 done`, `call-1 failed`, `stop`. */
export function readable(type: string): string {
  return type
    .replace(/^xstate\.after\.(.+?)\..*$/, 'after $1')
    .replace(/^xstate\.done\.(?:actor|state)\.(.+)$/, '$1 done')
    .replace(/^xstate\.error\.actor\.(.+)$/, '$1 failed')
    .replace(/^xstate\.(start|stop)$/, '$1');
}
