import type {Manifest} from '../core/connector.ts';
import {configSchema} from './schema.ts';
import {shapeOf, withTemplates, type JsonSchema} from './shape.ts';

interface Conditional {
  if: JsonSchema;
  then: JsonSchema;
}

/** The config file's JSON Schema, each connector's settings included; templates may stand where values do. */
export const configJsonSchema = (manifests: readonly Manifest[]): JsonSchema => {
  const whole = withTemplates(shapeOf(configSchema));
  const target = whole.properties?.['targets']?.additionalProperties;
  if (typeof target === 'object') {
    const allOf: Conditional[] = manifests.map(({id, configSchema: schema}) => {
      const config: JsonSchema & {$schema?: string} = withTemplates(shapeOf(schema));
      delete config.$schema;
      return {if: {properties: {connector: {const: id}}}, then: {properties: {config}}};
    });
    Object.assign(target, {allOf});
  }
  return {title: 'avro-scim', ...whole} as JsonSchema;
};
