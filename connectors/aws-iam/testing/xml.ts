/** A value of an answer; a list becomes `<member>`s, as in AWS's Query protocol. */
export type Xml = string | number | boolean | Xml[] | {[name: string]: Xml | undefined};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function inner(value: Xml): string {
  if (Array.isArray(value)) return value.map((one) => `<member>${inner(one)}</member>`).join('');
  if (typeof value !== 'object') return escaped(String(value));
  return Object.entries(value)
    .map(([name, part]) => (part === undefined ? '' : `<${name}>${inner(part)}</${name}>`))
    .join('');
}

const namespace = 'xmlns="https://iam.amazonaws.com/doc/2010-05-08/"';

export const answerXml = (action: string, result: Xml): string =>
  `<${action}Response ${namespace}><${action}Result>${inner(result)}</${action}Result>` +
  `<ResponseMetadata><RequestId>${crypto.randomUUID()}</RequestId></ResponseMetadata></${action}Response>`;

export const errorXml = (code: string, message: string): string =>
  `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error>` +
  `<RequestId>${crypto.randomUUID()}</RequestId></ErrorResponse>`;
