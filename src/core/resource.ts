/** What an account or a group should be at a target, in SCIM's terms and independent of any vendor. */

export type Json = string | number | boolean | null | Json[] | {[key: string]: Json};

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/**
 * A resource as a flat map from SCIM attribute path to value: `userName`, `name` (an object), `emails` (an array),
 * `urn:…:enterprise:2.0:User:department`. `null` (or an empty array) clears the attribute; a path that is not there
 * is left alone at the target. `active` is a boolean. A manager is `{value: <remote id>}` by the time that a
 * connector sees it.
 */
export type Attributes = Record<string, Json>;

/** A resource as a target answered it: `id` is the target's own; `attributes` in the same flat form, `null`s left out. */
export interface Remote {
  id: string;
  attributes: Attributes;
}
