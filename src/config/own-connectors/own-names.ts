import {registerHooks} from 'node:module';
import {extname} from 'node:path';

// As sources or as built.
const extension = extname(import.meta.filename);

const places: Readonly<Record<string, URL>> = {
  'avro-scim/connector': new URL(`../../connector${extension}`, import.meta.url),
  'avro-scim/testing': new URL(`../../../connectors/testing/index${extension}`, import.meta.url),
};

let isAnswered = false;

/**
 * From now on `avro-scim/connector` and `avro-scim/testing` are this program's own in whatever imports them, so that a
 * connector needs no node_modules around it, and never meets another version than the one that runs it.
 */
export const answerOwnNames = (): void => {
  if (isAnswered) return;
  isAnswered = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      const place = places[specifier];
      return place === undefined ? next(specifier, context) : {url: place.href, shortCircuit: true};
    },
  });
};
