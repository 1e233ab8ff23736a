import type {FastifyInstance} from 'fastify';
import type {Fields} from './view.ts';

/** Forms are read as browsers send them; a name that comes twice counts once. */
export function addForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', {parseAs: 'string'}, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
}

/** The fields of a query or a form that are filled in. */
export function fieldsOf(...from: readonly unknown[]): Fields {
  const all = from.flatMap((one) => (typeof one === 'object' && one !== null ? Object.entries(one) : []));
  const filled = all.filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1].trim() !== '',
  );
  return Object.fromEntries(filled.map(([name, value]) => [name, value.trim()]));
}
