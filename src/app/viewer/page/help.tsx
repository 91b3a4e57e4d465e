/** The keys. */
const keys: readonly (readonly [string, string])[] = [
  ['→ or n', 'one step on'],
  ['← or p', 'one step back'],
  ['space', 'play and pause'],
  ['Home, End', 'to the start, to the end'],
  ['1 … 9', 'take that choice: where it is another one, the run forks'],
  ['u, r', 'undo, redo: no branch is ever lost'],
  ['[ and ]', 'the branch before, the branch after'],
  ['c', 'from here on by chance'],
  ['h', 'what led to this step, and what comes of it'],
  ['+ and −', 'zoom; or the wheel with Ctrl'],
  ['/', 'filter messages'],
  ['Tab, then ← →', 'move between all buttons and panels'],
  ['g, o, t', 'gallery, open a trace file, dark or light'],
];

/** A row for each key. */
export function Help() {
  return (
    <table class="keys">
      <tbody>
        {keys.map(([key, words]) => (
          <tr key={key}>
            <th scope="row">
              <kbd>{key}</kbd>
            </th>
            <td>{words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
