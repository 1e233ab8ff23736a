import type {Manifest} from '../core/connector.ts';
import {endingsOf, leaveContradiction} from '../core/leave-policy.ts';
import {isObject} from './data.ts';
import {problemAt, type ConfigDocument} from './document.ts';
import type {Problem} from './problem.ts';
import type {FileConfig} from './schema.ts';

type Target = Pick<FileConfig['targets'][string], 'onLeave' | 'scope' | 'groups' | 'config'>;

/** What a target's config asks for, in so many words, that its service as it is configured does not have. */
export function contradictions(
  document: ConfigDocument,
  [name, written]: [string, unknown],
  target: Target,
  manifest: Manifest,
): Problem[] {
  const said = (key: string): unknown => (isObject(written) ? written[key] : undefined);
  const at = (path: string[], message: string): Problem =>
    problemAt(document, ['targets', name, ...path], message);
  const found: Problem[] = [];
  const leave = leaveContradiction(target.onLeave, endingsOf(manifest, target.config));
  if (said('onLeave') !== undefined && leave) found.push(at(['onLeave'], leave));
  if (said('adopt') === 'externalId' && manifest.keepsExternalId?.(target.config) === false)
    found.push(at(['adopt'], `${noExternalId}: expected userName or never`));
  if (manifest.hasGroups?.(target.config) ?? manifest.capabilities.groups) return found;
  if (target.scope.groups !== undefined) found.push(at(['scope', 'groups'], noGroups));
  if (Object.keys(target.groups.map).length > 0) found.push(at(['groups', 'map'], noGroups));
  if (target.groups.name !== undefined) found.push(at(['groups', 'name'], noGroups));
  return found;
}

const noGroups = 'the service has no groups: leave this out';
export const noExternalId = 'the service keeps no externalId to find an account by';
