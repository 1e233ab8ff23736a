import {entryKind, plan, type Policy} from './plan.ts';
import type {Statement} from './statement.ts';

type Kind = ReturnType<typeof entryKind>;

const leave: Kind = {kind: 'cutOff', saysMembers: true};
const snapshot = (saysMembers: boolean): Kind => ({kind: 'snapshot', saysMembers});

/**
 * What a statement is in the window: as `entryKind` of its plan. Where the target takes everyone and every group (`isScoped` false) that
 * needs no mapping, which took a fifth of the time in which a backlog is read.
 */
export function kindOf(statement: Statement, policy: Policy, isScoped: boolean): Kind {
  if (isScoped) return entryKind(plan(statement, policy));
  switch (statement.kind) {
    case 'unknown':
      return {kind: 'none', saysMembers: false};
    case 'user':
      return statement.user.active ? snapshot(Boolean(statement.user.groups)) : leave;
    case 'group':
      return snapshot(Boolean(statement.group.members));
    case 'membership':
      return {kind: 'delta', saysMembers: false};
    case 'deletion':
      return statement.of === 'group' ? {kind: 'end', saysMembers: true} : leave;
    default:
      return statement satisfies never;
  }
}
