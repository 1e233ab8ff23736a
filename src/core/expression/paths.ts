import {nearest} from '../nearest.ts';
import type {Node} from './node.ts';
import {anything, plainValue, type Shape} from './shape.ts';

/** A name in a path that no field has. */
export interface Stray {
  node: Node;
  message: string;
}

/** Variables in scope, by name. */
type Scope = ReadonlyMap<string, Shape>;

/**
 * The paths of an expression that lead nowhere, when it is run over `input`. What a function or a map gives may be
 * anything: such a path is not judged.
 */
export function strayPaths(root: Node, input: Shape): Stray[] {
  return walked(root, input).strays;
}

/** The fields of its input that an expression reads. */
export function fieldsRead(root: Node): string[] {
  return [...walked(root, {is: 'record', fields: new Map()}).read];
}

function walked(root: Node, input: Shape): PathWalk {
  const walk = new PathWalk(input);
  walk.shapeOf(root, input, new Map());
  return walk;
}

class PathWalk {
  readonly strays: Stray[] = [];
  readonly read = new Set<string>();
  readonly #root: Shape;

  constructor(root: Shape) {
    this.#root = root;
  }

  shapeOf(node: Node, context: Shape, scope: Map<string, Shape>): Shape {
    const shape = this.#plainShape(node, context, scope);
    for (const {expr} of node.predicate ?? []) this.shapeOf(expr, shape, scope);
    if (!node.group) return shape;
    this.#pairs(node.group.lhs, shape, scope);
    return anything;
  }

  #plainShape(node: Node, context: Shape, scope: Map<string, Shape>): Shape {
    switch (node.type) {
      case 'path':
        return this.#path(node, context, new Map(scope));
      case 'name':
        return this.#field(node, context);
      case 'variable':
        return this.#variable(String(node.value), context, scope);
      case 'string':
      case 'number':
      case 'value':
      case 'regex':
        return plainValue;
      case 'condition':
        return this.#condition(node, context, scope);
      case 'bind':
        return this.#bind(node, context, scope);
      case 'block':
        return this.#all(node.expressions, context, new Map(scope)).at(-1) ?? anything;
      case 'unary':
        return this.#unary(node, context, scope);
      case 'binary':
      case 'apply':
        this.#all([node.lhs, node.rhs], context, scope);
        return node.type === 'binary' ? plainValue : anything;
      case 'function':
      case 'partial':
        return this.#call(node, context, scope);
      case 'lambda':
        return this.#lambda(node, [], context, scope);
      default:
        // Wildcards, parents, transforms: what they lead to is not known.
        return anything;
    }
  }

  #path(node: Node, context: Shape, scope: Map<string, Shape>): Shape {
    let shape = context;
    for (const step of node.steps ?? []) {
      const before = shape;
      if (step.type === 'sort')
        for (const {expression} of step.terms ?? []) this.shapeOf(expression, shape, scope);
      else shape = this.shapeOf(step, shape, scope);
      if (step.focus !== undefined) scope.set(step.focus, shape);
      if (step.index !== undefined) scope.set(step.index, plainValue);
      for (const {expr} of step.stages ?? []) if (expr) this.shapeOf(expr, shape, scope);
      if (step.focus !== undefined) shape = before;
    }
    return shape;
  }

  #field(node: Node, context: Shape): Shape {
    const name = String(node.value);
    if (context === this.#root) this.read.add(name);
    if (context.is === 'any') return anything;
    const found = context.is === 'record' ? context.fields.get(name) : undefined;
    if (found) return found;
    this.strays.push({node, message: strayMessage(name, context)});
    return anything;
  }

  #variable(name: string, context: Shape, scope: Scope): Shape {
    if (name === '') return context;
    return name === '$' ? this.#root : (scope.get(name) ?? anything);
  }

  #condition(node: Node, context: Shape, scope: Map<string, Shape>): Shape {
    if (node.condition) this.shapeOf(node.condition, context, scope);
    const [one, other = one] = this.#all([node.then, node.else], context, scope);
    return one !== undefined && one === other ? one : anything;
  }

  #bind(node: Node, context: Shape, scope: Map<string, Shape>): Shape {
    const shape = node.rhs ? this.shapeOf(node.rhs, context, scope) : anything;
    if (node.lhs && !Array.isArray(node.lhs)) scope.set(String(node.lhs.value), shape);
    return shape;
  }

  #unary(node: Node, context: Shape, scope: Map<string, Shape>): Shape {
    if (Array.isArray(node.lhs)) {
      this.#pairs(node.lhs, context, scope);
      return anything;
    }
    const items = this.#all(node.expressions ?? [node.expression], context, scope);
    return node.value === '[' && items.length === 1 ? (items[0] ?? anything) : anything;
  }

  #pairs(pairs: readonly [Node, Node][], context: Shape, scope: Map<string, Shape>): void {
    for (const pair of pairs) this.#all(pair, context, scope);
  }

  /** The items of `$map(items, function($item) {…})` and its like are what the list holds. */
  #call(node: Node, context: Shape, scope: Map<string, Shape>): Shape {
    const [list, ...others] = node.arguments ?? [];
    const {procedure} = node;
    const name = procedure?.type === 'variable' ? String(procedure.value) : '';
    if (procedure && name === '') this.shapeOf(procedure, context, scope);
    const items = list ? this.shapeOf(list, context, scope) : anything;
    const given = scope.has(name)
      ? []
      : name === 'sort'
        ? [items, items]
        : overItems.has(name)
          ? [items]
          : [];
    for (const other of others)
      if (other.type === 'lambda') this.#lambda(other, given, context, scope);
      else this.shapeOf(other, context, scope);
    return keepsItems.has(name) && !scope.has(name) ? items : anything;
  }

  #lambda(node: Node, given: readonly Shape[], context: Shape, scope: Scope): Shape {
    const inner = new Map(scope);
    for (const [at, parameter] of (node.arguments ?? []).entries())
      inner.set(String(parameter.value), given[at] ?? anything);
    if (node.body) this.shapeOf(node.body, context, inner);
    return anything;
  }

  #all(
    nodes: readonly (Node | Node['lhs'])[] | undefined,
    context: Shape,
    scope: Map<string, Shape>,
  ): Shape[] {
    return (nodes ?? []).flatMap((node) =>
      node === undefined || Array.isArray(node) ? [] : [this.shapeOf(node, context, scope)],
    );
  }
}

const overItems = new Set(['map', 'filter', 'single']);
const keepsItems = new Set(['filter', 'single', 'sort', 'distinct', 'reverse']);

function strayMessage(name: string, context: Shape): string {
  if (context.is !== 'record') return `${name}: what stands before it is a value without fields`;
  const known = [...context.fields.keys()];
  const like = nearest(name, known);
  const isLike = like !== undefined && like.distance <= Math.max(2, name.length / 2);
  return `there is no field ${name}: ${isLike ? `did you mean ${like.name}?` : `expected ${known.join(', ')}`}`;
}
