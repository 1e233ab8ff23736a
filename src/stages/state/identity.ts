import type {Claim, ClaimReply} from '../../core/state.ts';

const gap = '\0';

/** What a create writes by which its account can be found again; empty when it writes nothing of the kind. */
export const packIdentity = ({
  externalId = '',
  userName = '',
}: Pick<Claim, 'externalId' | 'userName'>): string =>
  externalId === '' && userName === '' ? '' : `${externalId}${gap}${userName}`;

/** What {@link packIdentity} made. */
export function unpackIdentity(packed: string): Pick<ClaimReply, 'externalId' | 'userName'> {
  if (packed === '') return {externalId: undefined, userName: undefined};
  const [externalId = '', userName = ''] = packed.split(gap, 2);
  return {externalId: externalId || undefined, userName: userName || undefined};
}
