/** A file to judge: as written, and with comments and the insides of literals blanked out. */
export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** As long as `text` and with the same lines, but only code is left. */
  readonly code: string;
  readonly comments: readonly Comment[];
}

export interface Comment {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly text: string;
}

/** Reads a file in one pass over its comments, strings, templates and regular expressions. */
export function source({ path, text }: Pick<Source, 'path' | 'text'>): Source {
  const comments: Comment[] = [];
  const code: string[] = [];
  // One count of open braces for each template that we are inside of.
  const templates: number[] = [];
  let at = 0;
  let before = '';
  while (at < text.length) {
    const resumes = text[at] === '}' && templates.at(-1) === 0;
    const piece = pieceAt({ text, at, before, resumes });
    code.push(blanked(piece));
    if (piece.kind === 'comment') {
      comments.push(commentAt(text, at, piece.text));
    } else if (piece.text.trim() !== '') {
      before = piece.text;
    }
    follow(templates, piece, resumes);
    at += piece.text.length;
  }
  return { path, text, code: code.join(''), comments };
}

/** The line, from 1, on which the character at `index` stands. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

interface Piece {
  readonly kind: 'comment' | 'literal' | 'template' | 'code';
  readonly text: string;
}

interface Place {
  readonly text: string;
  readonly at: number;
  /** The last piece of code before this one, which says what a slash means. */
  readonly before: string;
  /** Whether the brace here ends a `${…}`. */
  readonly resumes: boolean;
}

const patterns = {
  comment: /\/\/[^\n]*|\/\*[^]*?\*\//y,
  quoted: /'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*"/y,
  template: /`(?:\\[^]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y,
  templateTail: /\}(?:\\[^]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y,
  regExp: /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//y,
  code: /[\w$]+|\s+|[^]/y,
};

function pieceAt(place: Place): Piece {
  const comment = match('comment', place);
  if (comment !== undefined) {
    return { kind: 'comment', text: comment };
  }
  const template = match(place.resumes ? 'templateTail' : 'template', place);
  if (template !== undefined) {
    return { kind: 'template', text: template };
  }
  const literal =
    match('quoted', place) ?? (expectsValue(place.before) ? match('regExp', place) : undefined);
  if (literal !== undefined) {
    return { kind: 'literal', text: literal };
  }
  return { kind: 'code', text: match('code', place) ?? place.text.slice(place.at) };
}

function match(kind: keyof typeof patterns, { text, at }: Place): string | undefined {
  const pattern = patterns[kind];
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** After a name, a literal or a closing bracket a slash divides; after the rest it opens a pattern. */
function expectsValue(before: string): boolean {
  return (
    !/[\w$)\]}'"`]$/.test(before) || /^(?:return|typeof|case|in|of|yield|await|void)$/.test(before)
  );
}

function follow(templates: number[], piece: Piece, resumes: boolean): void {
  if (piece.kind === 'template') {
    if (resumes) {
      templates.pop();
    }
    if (piece.text.endsWith('${')) {
      templates.push(0);
    }
    return;
  }
  const change = piece.kind === 'code' ? ({ '{': 1, '}': -1 }[piece.text] ?? 0) : 0;
  const open = templates.pop();
  if (open !== undefined) {
    templates.push(open + change);
  }
}

/** The piece with spaces for what is no code; a literal keeps its delimiters. */
function blanked({ kind, text }: Piece): string {
  if (kind === 'code') {
    return text;
  }
  const delimiters = kind === 'comment' ? 0 : 1;
  const end = kind === 'comment' ? '' : (/(?:\$\{|[^])$/.exec(text)?.[0] ?? '');
  const inside = text.slice(delimiters, text.length - end.length);
  return text.slice(0, delimiters) + inside.replaceAll(/[^\n]/g, ' ') + end;
}

function commentAt(text: string, at: number, comment: string): Comment {
  const firstLine = lineAt(text, at);
  return { firstLine, lastLine: lineAt(text, at + comment.length), text: comment };
}
