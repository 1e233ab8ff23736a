import {Gauge, type Registry} from 'prom-client';
import type {Definition} from './definitions.ts';

/** A gauge for each definition, under the same name. */
export function createGauges<Definitions extends Record<string, Definition>>(
  registry: Registry,
  definitions: Definitions,
): {[Name in keyof Definitions]: Gauge<Definitions[Name]['labels'][number]>} {
  const made = Object.entries(definitions).map(([key, definition]) => [
    key,
    createGauge(registry, definition),
  ]);
  return Object.fromEntries(made) as {
    [Name in keyof Definitions]: Gauge<Definitions[Name]['labels'][number]>;
  };
}

const createGauge = (registry: Registry, {name, help, labels}: Definition): Gauge =>
  new Gauge({name: `avroscim_${name}`, help, labelNames: [...labels], registers: [registry]});
