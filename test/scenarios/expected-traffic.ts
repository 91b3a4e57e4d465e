/**
 * What workers must send one another for a program, reckoned from the program alone: where each value lies,
 * who has to read it, which forks that takes, which contexts and gradients follow. No machine is asked.
 */
import type { ConformanceProgram, OpValue } from '../../actors/conformance/program.ts';

/** How often each line `w0 TYPE w1` is due. */
export type Expected = Readonly<Record<string, number>>;

/** A value as its holder sees it: who owns the reference to it, if it is one, and whether it needs gradients. */
interface Known {
  readonly needsGrad: boolean;
  /** The owner of the reference; absent for a tensor in the hands of worker 0. */
  readonly owner?: number;
}

interface Book {
  readonly add: (from: number, type: string, to: number) => void;
  readonly lines: () => Expected;
  /** A message of the context went from one worker to another: it knows it from then on. */
  readonly know: (from: number, to: number) => void;
  readonly known: () => readonly (readonly [number, number])[];
  /** A tensor that needs gradients went from one worker to another: its gradient goes back. */
  readonly carry: (from: number, to: number) => void;
  readonly carried: () => readonly (readonly [number, number])[];
}

/** The messages that a program without errors takes. */
export function expectedTraffic(program: ConformanceProgram): Expected {
  const book = createBook();
  const values = new Map<string, Known>();
  const lookUp = (id: number | string): Known =>
    (typeof id === 'string' ? values.get(id) : undefined) ?? { needsGrad: false };
  for (const value of program.values) {
    if (value.kind === 'leaf') {
      const { requires_grad: needsGrad, worker } = value;
      if (worker !== 0) callRemotely(book, worker, []);
      values.set(value.id, worker === 0 ? { needsGrad } : { needsGrad, owner: worker });
    } else {
      values.set(value.id, apply(book, value, value.args.map(lookUp)));
    }
  }
  for (const root of program.roots) read(book, lookUp(root), 0);
  const passes = program.backward_passes ?? 1;
  for (let pass = 0; pass < passes; pass += 1) {
    for (const [sender, receiver] of book.carried()) {
      book.add(receiver, 'BACKWARD_AUTOGRAD_REQ', sender);
      book.add(sender, 'BACKWARD_AUTOGRAD_RESP', receiver);
    }
  }
  for (let worker = 1; worker < program.workers; worker += 1) askThrice(book, worker);
  for (const [from, to] of book.known()) {
    book.add(from, 'CLEANUP_AUTOGRAD_CONTEXT_REQ', to);
    book.add(to, 'CLEANUP_AUTOGRAD_CONTEXT_RESP', from);
  }
  return book.lines();
}

function apply(book: Book, value: OpValue, args: readonly Known[]): Known {
  const needsGrad = value.op !== 'detach' && args.some((arg) => arg.needsGrad);
  const { hops = [], to = 0, via } = value;
  if (via === 'local') {
    for (const arg of args) read(book, arg, 0);
    return { needsGrad };
  }
  if (via === 'remote') {
    callRemotely(book, to, args);
    for (const arg of args) read(book, arg, to);
    return { needsGrad, owner: to };
  }
  const path = via === 'relay' ? hops : [to];
  callAlong(book, { args, needsGrad, path });
  return { needsGrad };
}

/** A call whose result stays; the creator's reference is deleted in the end, unless it is its own. */
function callRemotely(book: Book, to: number, args: readonly Known[]): void {
  request(book, { args, from: 0, to, type: 'PYTHON_REMOTE_CALL' });
  book.add(to, 'REMOTE_RET', 0);
  if (to !== 0) release(book, 0, to);
}

interface Path {
  readonly args: readonly Known[];
  readonly needsGrad: boolean;
  readonly path: readonly number[];
}

/** Each hop calls the next; the last reads the arguments, and the result comes back over all of them. */
function callAlong(book: Book, { args, needsGrad, path }: Path): void {
  const stations = [0, ...path];
  for (const [index, to] of path.entries()) {
    request(book, { args, from: stations[index] ?? 0, to, type: 'PYTHON_CALL' });
  }
  const last = path.at(-1) ?? 0;
  for (const arg of args) read(book, arg, last);
  for (const [index, from] of path.entries()) {
    respond(book, { from, needsGrad, to: stations[index] ?? 0, type: 'PYTHON_RET' });
  }
}

interface Request {
  readonly args: readonly Known[];
  readonly from: number;
  readonly to: number;
  readonly type: string;
}

/** All requests are wrapped, since they are made in the context. */
function request(book: Book, { args, from, to, type }: Request): void {
  book.add(from, `FORWARD_AUTOGRAD_REQ(${type})`, to);
  book.know(from, to);
  if (args.some(({ needsGrad, owner }) => needsGrad && owner === undefined)) book.carry(from, to);
  for (const { owner } of args) if (owner !== undefined) share(book, { from, owner, to });
}

interface Response {
  readonly from: number;
  readonly needsGrad: boolean;
  readonly to: number;
  readonly type: string;
}

/** Only a response with a gradient to come is wrapped. */
function respond(book: Book, { from, needsGrad, to, type }: Response): void {
  book.add(from, needsGrad ? `FORWARD_AUTOGRAD_RESP(${type})` : type, to);
  if (!needsGrad) return;
  book.know(from, to);
  book.carry(from, to);
}

/** One pickled reference: who has to be told of the fork, and who of its end. */
function share(
  book: Book,
  { from, owner, to }: { readonly from: number; readonly owner: number; readonly to: number },
): void {
  if (from === owner && to === owner) return;
  if (from === owner) {
    release(book, to, owner);
    return;
  }
  if (to !== owner) {
    control(book, { from: to, to: owner, type: 'RREF_FORK_REQUEST' });
    release(book, to, owner);
  }
  control(book, { from: to, to: from, type: 'RREF_CHILD_ACCEPT' });
}

function release(book: Book, user: number, owner: number): void {
  control(book, { from: user, to: owner, type: 'RREF_USER_DELETE' });
}

function control(
  book: Book,
  { from, to, type }: { readonly from: number; readonly to: number; readonly type: string },
): void {
  book.add(from, type, to);
  book.add(to, 'RREF_ACK', from);
}

/** Reading takes a fetch unless the reader owns the value. */
function read(book: Book, { needsGrad, owner }: Known, reader: number): void {
  if (owner === undefined || owner === reader) return;
  book.add(reader, 'FORWARD_AUTOGRAD_REQ(PYTHON_RREF_FETCH_CALL)', owner);
  book.know(reader, owner);
  respond(book, { from: owner, needsGrad, to: reader, type: 'PYTHON_RREF_FETCH_RET' });
}

/** The recorder's own questions, which are calls within the context. */
function askThrice(book: Book, worker: number): void {
  for (let question = 0; question < 3; question += 1) {
    request(book, { args: [], from: 0, to: worker, type: 'PYTHON_CALL' });
    respond(book, { from: worker, needsGrad: false, to: 0, type: 'PYTHON_RET' });
  }
}

function createBook(): Book {
  const counts = new Map<string, number>();
  const known = new Map<string, readonly [number, number]>();
  const carried: (readonly [number, number])[] = [];
  return {
    add: (from, type, to) => {
      const line = `w${from} ${type} w${to}`;
      counts.set(line, (counts.get(line) ?? 0) + 1);
    },
    carried: () => carried,
    carry: (from, to) => {
      carried.push([from, to]);
    },
    know: (from, to) => {
      known.set(`${from}>${to}`, [from, to]);
    },
    known: () => [...known.values()],
    lines: () => Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}
