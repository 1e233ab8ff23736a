/** A node of a parsed JSONata expression, as far as it is looked at here: the library's own typing lacks half of it. */
export interface Node {
  type: string;
  value?: unknown;
  /** Characters from the start to the end of its first token. */
  position?: number;
  steps?: Node[];
  stages?: {type: string; expr?: Node; value?: unknown}[];
  predicate?: {expr: Node}[];
  group?: {lhs: [Node, Node][]};
  focus?: string;
  index?: string;
  procedure?: Node;
  arguments?: Node[];
  expressions?: Node[];
  expression?: Node;
  terms?: {expression: Node}[];
  lhs?: Node | [Node, Node][];
  rhs?: Node;
  condition?: Node;
  then?: Node;
  else?: Node;
  body?: Node;
}

/** Line and column, from 1. */
export interface Place {
  line: number;
  column: number;
}

/** Where a position of JSONata (the characters up to the end of a token) is in the text; `token` is what ends there. */
export function placeOf(text: string, position: number | undefined, token: unknown): Place {
  const read = text.slice(0, position ?? 0);
  if (token instanceof RegExp) return placeAt(text, read.lastIndexOf(`/${token.source}/`));
  const name = typeof token === 'string' || typeof token === 'number' ? String(token) : '';
  const forms = [`"${name}"`, `'${name}'`, `\`${name}\``, `$${name}(`, `$${name}`, name];
  const written = forms.find((form) => read.endsWith(form)) ?? '';
  return placeAt(text, read.length - written.length);
}

function placeAt(text: string, at: number): Place {
  const before = text.slice(0, Math.max(0, at)).split('\n');
  return {line: before.length, column: (before.at(-1)?.length ?? 0) + 1};
}

/** Every node of an expression, whatever holds it. */
export function* nodesOf(root: unknown, seen = new WeakSet()): Generator<Node> {
  if (typeof root !== 'object' || root === null || seen.has(root)) return;
  seen.add(root);
  if ('type' in root && typeof root.type === 'string') yield root as Node;
  for (const inner of Object.values(root)) yield* nodesOf(inner, seen);
}
