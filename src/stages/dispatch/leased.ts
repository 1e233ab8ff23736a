import type {DispatchContext} from './context.ts';
import type {Granted} from './work.ts';

/** What aborts an attempt whose claim is asked for now. */
export const leasedSignal = ({leases, signal}: DispatchContext): AbortSignal => leases?.signal ?? signal;

/** The context of attempts that such a signal aborts: nearly all have the one of the attempt before. */
export function attemptsIn(context: DispatchContext): (signal: AbortSignal) => DispatchContext {
  let last = context;
  return (signal) => {
    if (last.signal !== signal) last = {...context, signal};
    return last;
  };
}

/** Keeps these leases; what may be another's by now is aborted first. */
export async function renewLeases(
  {leases, state}: Pick<DispatchContext, 'leases' | 'state'>,
  held: readonly Granted[],
): Promise<void> {
  leases?.check();
  const at = leases?.clocks();
  await state.renew(held.map(({claim: {subject}, token}) => ({subject, token})));
  if (at) leases?.renewed(at);
}
