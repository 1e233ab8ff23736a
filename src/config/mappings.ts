import {expressionProblem, ruleProblem} from '../core/attribute-rules.ts';
import type {Manifest} from '../core/connector.ts';
import {groupShape, userShape} from '../core/event-shape.ts';
import {
  anything,
  compileExpression,
  mapBindings,
  placeText,
  shapeOfAvro,
  type Shape,
} from '../core/expression.ts';
import {isObject} from './data.ts';
import {problemAt, type ConfigDocument} from './document.ts';
import type {Problem} from './problem.ts';
import type {EventConfig, FileConfig} from './schema.ts';

/** Text of a file; throws when it can not be read. */
type ReadFile = (path: string) => string;

/** A mapping of a target must name what there is, on either side, and its expressions must be expressions. */
export const attributeProblems = (
  document: ConfigDocument,
  [name, target]: [string, unknown],
  manifest: Manifest | undefined,
  readFile: ReadFile,
): Problem[] => {
  if (!isObject(target) || !isObject(target['attributes'])) return [];
  const shape = shapeOfUser(document.data, readFile);
  return Object.entries(target['attributes']).flatMap(([path, rule]) => {
    const problem = ruleProblem(path, rule, manifest?.ownPaths, shape);
    if (!problem) return [];
    const place = ['targets', name, 'attributes', path];
    return problem.at === 'path'
      ? problemAt(document, place, problem.message, 'key')
      : problemAt(document, [...place, problem.at], problem.message);
  });
};

/** The name of a target's groups must be an expression over what an event's group has. */
export const groupProblems = (document: ConfigDocument, [name, target]: [string, unknown]): Problem[] => {
  const groups = isObject(target) ? target['groups'] : undefined;
  const called = isObject(groups) ? groups['name'] : undefined;
  const text = isObject(called) ? called['expression'] : undefined;
  const problem = typeof text === 'string' ? expressionProblem(text, groupShape) : undefined;
  return problem
    ? [problemAt(document, ['targets', name, 'groups', 'name', 'expression'], problem.message)]
    : [];
};

/** What an event's user has: by the program's own schema, or by the one of `event.schema`. */
const shapeOfUser = (data: unknown, readFile: ReadFile): Shape => {
  const event = isObject(data) ? data['event'] : undefined;
  const file = isObject(event) ? event['schema'] : undefined;
  if (typeof file !== 'string') return userShape;
  try {
    const shape = shapeOfAvro(JSON.parse(readFile(file)));
    return (shape.is === 'record' && shape.fields.get('user')) || anything;
  } catch {
    // What is wrong with that file is told where it is used.
    return anything;
  }
};

/** The mappings of own events, each with the text of its map; what is wrong with a map is told with the place in it. */
export const readEventMaps = (
  document: ConfigDocument,
  events: FileConfig['events'],
  readFile: ReadFile,
  resolvePath: ReadFile,
): {events: EventConfig[]; problems: Problem[]} => {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const read = events.map((event, at): EventConfig => {
    const tell = (key: string, message: string): void => {
      problems.push(problemAt(document, ['events', at, key], message));
    };
    if (seen.has(event.schema)) tell('schema', `expected each schema once, found ${event.schema} again`);
    seen.add(event.schema);
    let text = '';
    try {
      text = readFile(resolvePath(event.map));
    } catch (error) {
      tell('map', `the file can not be read (${error instanceof Error ? error.message : String(error)})`);
      return {...event, text};
    }
    const wrong = textProblem(text);
    if (wrong !== undefined) tell('map', `${event.map}: ${wrong}`);
    const wrongKey = event.key === undefined ? undefined : textProblem(event.key);
    if (wrongKey !== undefined) tell('key', wrongKey);
    return {...event, text};
  });
  return {events: read, problems};
};

/** Paths are not looked at here: only the registry knows the writer's schema. */
const textProblem = (text: string): string | undefined => {
  const compiled = compileExpression(text, mapBindings);
  const [problem] = compiled.ok ? [] : compiled.problems;
  return problem && `${placeText(problem, text)}: ${problem.message}`;
};
