import {isObject, objectsOf, parseJson, textOf, type JsonObject} from '../json.ts';

/** Nobody reads on, and a page of HTML is no sentence. */
const longestSaid = 400;

/**
 * What a target's answer says in words: SCIM's `detail` (RFC 7644 section 3.12), Okta's first `errorCauses`, GitHub's `message` and
 * first error, AWS's `<Message>`, a page's title. Undefined where it says nothing.
 */
export function saidBy(answer: string | undefined): string | undefined {
  const text = answer?.trim() ?? '';
  const body = parseJson(text);
  const said = isObject(body) ? inJson(body) : inText(text);
  const plain = said?.replaceAll(/\s+/g, ' ').trim();
  return plain ? plain.slice(0, longestSaid) : undefined;
}

const fields = ['errorSummary', 'detail', 'message', 'Message', 'error_description', 'title', 'error'];

function inJson(body: JsonObject): string | undefined {
  const [cause] = objectsOf(body['errorCauses']);
  const summary = textOf(cause?.['errorSummary']);
  if (summary !== undefined) return summary;
  const errors = body['errors'];
  const [listed] = objectsOf(errors);
  const inner = isObject(body['error']) ? body['error'] : (listed ?? (isObject(errors) ? errors : undefined));
  const own = wordsOf(body);
  const more = inner && wordsOf(inner);
  return [own, more].filter((one) => one !== undefined).join(': ') || undefined;
}

const wordsOf = (body: JsonObject): string | undefined =>
  fields.map((name) => textOf(body[name])).find((text) => text !== undefined && text !== '');

function inText(text: string): string | undefined {
  const named = /<(Message|title)>([^<]*)</i.exec(text)?.[2];
  if (named !== undefined) return named;
  return text === '' || /^[<[{]/.test(text) ? undefined : text;
}

/** Words with a capital in the middle of a sentence that are nobody's name. */
const spared = new Set(
  (
    'User Users Group Groups Team Teams SCIM API AWS IAM Okta GitHub Slack Zoom Entra Azure Identity Center SSO SAML ' +
    'JSON HTTP HTTPS URL URI UTF ID IDs PATCH PUT POST GET DELETE Schema Schemas Resource Resources ListResponse Error Exception ' +
    'Validation Failed Access Denied Bad Request Not Found Forbidden Unauthorized Conflict Internal Server Service Unavailable Gateway Invalid'
  ).split(' '),
);

/** Names of attributes, which tell one cause from another: not what a person wrote. */
const attributes = new Set(
  (
    'id externalid username displayname nickname profileurl title usertype preferredlanguage locale timezone active name formatted ' +
    'familyname givenname middlename honorificprefix honorificsuffix emails phonenumbers photos ims roles entitlements addresses value ' +
    'display type primary groups members manager managerid employeenumber costcenter organization division department email login ' +
    'firstname lastname password schemas meta user group enterprise streetaddress locality region postalcode country profile ' +
    'mobilephone primaryphone secondemail path op operations filter'
  ).split(' '),
);

const isAttribute = (text: string): boolean =>
  text.split(/[.[\]]+/).every((part) => part === '' || attributes.has(part.toLowerCase()));

const value = '…';

/**
 * A text with what differs from person to person taken out: quoted values, mail and web addresses, ids, names and whatever `values`
 * hold become `…`, numbers `#`. Names of attributes stay. At most 160 characters.
 */
export function withoutValues(text: string, values: readonly string[] = []): string {
  const kept = (quoted: string, inner: string): string => (isAttribute(inner) ? quoted : value);
  const plain = withoutGiven(text.normalize(), values)
    .replaceAll(/(?<![\p{L}\p{N}])(["'`])(.{0,300}?)\1(?![\p{L}\p{N}])/gu, (all, _mark, inner: string) =>
      kept(all, inner),
    )
    .replaceAll(/[“„«]([^”“»]{0,300})[”“»]/gu, (all, inner: string) => kept(all, inner))
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, value)
    .replaceAll(/[^\s"'<>()[\],;:]+@[^\s"'<>()[\],;:]+/g, value);
  const words = plain.split(' ');
  const short = words.map((word, i) => wordOf(word, startsSentence(words, i), words[i + 1])).join(' ');
  const once = short
    .replaceAll(/…(?:[\s,;&/|]*…)+/g, value)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return once.length > 160 ? `${once.slice(0, 159)}${value}` : once;
}

/** What was sent to the target comes back in its words; short ones are in too many words. */
function withoutGiven(text: string, values: readonly string[]): string {
  const lower = text.toLowerCase();
  const found = values.filter(
    (one) => one.length > 2 && lower.includes(one.toLowerCase()) && !isAttribute(one),
  );
  const longestFirst = found.toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((left, one) => withoutOne(left, one.toLowerCase()), text);
}

const isLetter = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);

/** Where it stands as a word of its own. No expression is made of it: that takes longer than all else here. */
function withoutOne(text: string, given: string): string {
  const lower = text.toLowerCase();
  // Some letters change their length with their case.
  if (lower.length !== text.length) return text.replaceAll(given, value);
  let left = '';
  let from = 0;
  for (let at = lower.indexOf(given); at !== -1; at = lower.indexOf(given, at + given.length)) {
    const end = at + given.length;
    if (isLetter(lower[at - 1]) || isLetter(lower[end])) continue;
    left += text.slice(from, at) + value;
    from = end;
  }
  return left + text.slice(from);
}

const startsSentence = (words: readonly string[], i: number): boolean =>
  i === 0 || /[.:!?]$/.test(words[i - 1] ?? '');

function wordOf(word: string, isFirst: boolean, next: string | undefined): string {
  const [, before = '', inner = '', after = ''] =
    /^([^\p{L}\p{N}…]*)(.*?)([^\p{L}\p{N}…]*)$/u.exec(word) ?? [];
  if (/^urn:/i.test(inner)) return before + inner.replaceAll(/\d+/g, '#') + after;
  if (/^[\d.,:/+-]*\d[\d.,:/+-]*$/.test(inner)) return `${before}#${after}`;
  const isId = /\d/.test(inner) || (/\p{L}[._/\\=]\p{L}/u.test(inner) && !isAttribute(inner));
  return isId || isName(inner, isFirst, next) ? before + value + after : word;
}

/** A capital in the middle of a sentence; at its start, where another follows. */
function isName(word: string, isFirst: boolean, next: string | undefined): boolean {
  if (!/^\p{Lu}/u.test(word) || spared.has(word) || isAttribute(word)) return false;
  return !isFirst || (next !== undefined && isName(next.replace(/[^\p{L}\p{N}]+$/u, ''), false, undefined));
}
