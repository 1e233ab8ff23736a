import type {TargetPort} from '../../../src/core/port.ts';

/** The same port, each of whose results is told to `hear` too: pages and cut-off steps as well. */
export const heard = (port: TargetPort, hear: (result: unknown) => void): TargetPort => listening(port, hear);

function listening<T extends object>(object: T, hear: (result: unknown) => void): T {
  return new Proxy(object, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found === 'function')
        return (...args: unknown[]) => through(Reflect.apply(found, target, args) as unknown, hear);
      return through(found, hear);
    },
  });
}

function through(value: unknown, hear: (result: unknown) => void): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => through(item, hear));
  if (value instanceof Promise)
    return value.then((result: unknown) => {
      hear(result);
      return result;
    });
  return Symbol.asyncIterator in value
    ? pages(value as AsyncIterable<unknown>, hear)
    : listening(value, hear);
}

async function* pages(found: AsyncIterable<unknown>, hear: (result: unknown) => void): AsyncGenerator {
  for await (const page of found) {
    hear(page);
    yield page;
  }
}
