import {readFileSync} from 'node:fs';
import type {Schema} from 'avsc';
import type {LoadedConfig} from '../config/load.ts';
import {
  createDecoder,
  createRegistry,
  eventMappings,
  readCanonicalSchema,
  type Decoder,
  type DecoderOptions,
} from '../stages/decode/index.ts';

/** A decoder as the config says; the registry's settings are read again at each request. */
export function openDecoder(
  loaded: () => LoadedConfig,
  hears: Pick<DecoderOptions, 'onUnmapped' | 'onNewKind'> = {},
): Decoder {
  const {config} = loaded();
  const {schema, maxBytes} = config.event;
  const text = schema === undefined ? readCanonicalSchema() : readFileSync(schema, 'utf8');
  return createDecoder({
    registry: createRegistry(() => loaded().config.registry),
    readerSchema: JSON.parse(text) as Schema,
    maxBytes,
    mappings: eventMappings(config.events),
    ...hears,
  });
}
