import type {SendRequest} from '../core/connector.ts';
import type {Tracer} from '../core/trace.ts';
import type {SourceOptions} from '../stages/source/types.ts';

/** Every entry knows when it was read: the time in the window is a part of its trace. */
export function stamped(read: SourceOptions['read']): SourceOptions['read'] {
  const stamp = (result: Awaited<ReturnType<SourceOptions['read']>>): typeof result => {
    if (result.ok) result.value.receivedAt = Date.now();
    return result;
  };
  return (record, source) => {
    const result = read(record, source);
    return result instanceof Promise ? result.then(stamp) : stamp(result);
  };
}

/** Requests that say which trace they are part of (W3C Trace Context). */
export const withTraceparent =
  (send: SendRequest, tracer: Tracer): SendRequest =>
  (request) => {
    const context = tracer.current();
    return send(context ? {...request, headers: {...request.headers, ...context}} : request);
  };
