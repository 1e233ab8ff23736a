import {ok, type Result} from '../../core/failure.ts';
import type {DispatchContext} from './context.ts';
import {isCutOff, type Granted} from './work.ts';

/**
 * The rule that protects the account of a granted change, from the account itself: what neither the event nor state shows. It
 * costs a read: asked only where there are rules that need one.
 */
export async function protectorOf(
  {protection, port, signal}: DispatchContext,
  granted: Granted,
): Promise<Result<string | undefined>> {
  const {remoteId} = granted.reply;
  if (remoteId === undefined || !isOfUser(granted)) return ok(undefined);
  const urgent = isCutOff(granted) ? {urgent: true} : {};
  const account = await port.users.get(remoteId, {signal, ...urgent});
  if (!account.ok) return account;
  return ok(account.value && protection.ofAccount(account.value));
}

function isOfUser({claim, reply}: Granted): boolean {
  switch (claim.op) {
    case 'user':
    case 'leave':
    case 'delete':
    case 'reference':
      return true;
    case 'gone':
      return reply.kind !== 'group';
    case 'group':
    case 'ungroup':
    case 'delta':
    case 'sync':
      return false;
    default:
      return claim.op satisfies never;
  }
}
