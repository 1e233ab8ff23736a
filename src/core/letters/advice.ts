import type {LetterCause} from './group.ts';

interface Rule {
  kind?: LetterCause['kind'];
  /** Of the cause, or of what the target says. */
  when: RegExp;
  advice: string;
}

/** The first that fits counts (docs/dead-letters.md lists them). */
export const adviceRules: readonly Rule[] = [
  {
    when: /quota|limit ?exceeded|licen[cs]e|\bseats?\b|\bplan\b/i,
    advice: 'A quota or the licences of the target are used up. Free or buy some; then retry.',
  },
  {
    when: /uniqueness|already_exists|EntityAlreadyExists|ConflictException|\b409\b|already (?:exists|in use|taken)|must be unique|is taken/i,
    advice:
      'Another account holds this name or address. Let the target take it over (`adopt`), or rename or remove the other account; then retry.',
  },
  {
    when: /owned by another subject|another externalId|ambiguous look-up|former owner/i,
    advice:
      'The account that was found belongs to somebody else, or two fit. Say which is right at the target (its externalId); then retry. For a leaver: `avro-scim cut-off ID`.',
  },
  {
    when: /id of another kind/,
    advice:
      'One id names a person and a group. Give one of them another id at the source; then discard. `avro-scim subject ID` shows whose it is.',
  },
  {
    when: /not SCIM|not Okta|not GitHub|not IAM|not JSON|no body|redirect|no service/i,
    advice:
      'Something else than the service answers: a wrong address, a proxy, a login page. Run `avro-scim check`, correct `baseUrl`; then retry.',
  },
  {
    kind: 'undecodable',
    when: /mapping of|\bmap |key of/i,
    advice:
      'A mapping fails for these records. Try it with `avro-scim events try`, mend it, restart; then retry.',
  },
  {
    kind: 'undecodable',
    when: /schema|not framed/i,
    advice:
      "The record's schema is not known, or does not fit. Register it, or correct the producer; then retry.",
  },
  {
    when: /mutability|read-only|mastered by/i,
    advice:
      'The target does not let this attribute be changed. Leave it out, or send it `onlyOnCreate` (`attributes` of the target); then retry.',
  },
  {
    when: /invalidPath|noTarget|invalidSyntax|invalidFilter|\bpath\b/i,
    advice:
      'The target does not understand the form of the request. Choose another `profile`, or correct it; then retry.',
  },
  {
    when: /404 member|members/i,
    advice:
      "A member is not at the target any more, or not yet. Retry; where it stays, publish the member's event again first.",
  },
];

/** Where no rule fits. */
export const adviceOfKind: Readonly<Record<LetterCause['kind'], string>> = {
  transient: 'It failed for too long. See the target is well (`avro-scim check`); then retry.',
  throttled:
    'The target asked for fewer requests for too long. Lower `rate` of the target, or wait; then retry.',
  unavailable: 'The target did not answer for too long. See that it is back (`avro-scim check`); then retry.',
  unauthorized:
    'The credential may not do this. Give it the right that the message names, or renew it; then retry.',
  rejected:
    'The target refuses the content. Correct it at the source, or map it otherwise (`attributes` of the target); then retry.',
  conflict: 'It is in conflict with something the target has. Resolve that there; then retry.',
  unresolved: 'It refers to somebody who is not at the target. See that they are in scope; then retry.',
  undecodable: 'The record is not an event. Correct the producer, and discard; its next event counts.',
  bug: 'The program failed. Please report it with `avro-scim dead-letters show`; retry after an update.',
  other:
    'Letters of many causes. Resolve the groups above; then retry these: what fails again gets a group of its own.',
};

/** What usually fixes a cause, for an operator. */
export function adviceFor({
  kind,
  cause,
  says = '',
  message,
}: Pick<LetterCause, 'kind' | 'cause' | 'says' | 'message'>): string {
  const fits = ({kind: only, when}: Rule): boolean =>
    (only === undefined || only === kind) && (when.test(cause) || when.test(says) || when.test(message));
  return adviceRules.find(fits)?.advice ?? adviceOfKind[kind];
}
