import {createServer, type IncomingHttpHeaders} from 'node:http';
import type {AddressInfo} from 'node:net';

/** A span as it was received. Ids are in hexadecimal. */
export interface ReceivedSpan {
  traceId: string;
  id: string;
  parent: string | undefined;
  name: string;
  /** 1 internal, 3 client, 5 consumer. */
  kind: number;
  startMs: number;
  endMs: number;
  attributes: Record<string, string | number | boolean>;
  links: {traceId: string; id: string}[];
  /** 2 is an error. */
  status: {code: number; message: string};
}

export interface OtlpReceiver {
  /** The address of its traces. */
  url: string;
  spans: ReceivedSpan[];
  resources: Record<string, string | number | boolean>[];
  /** All bodies as they came, one after another. */
  bytes(): Buffer;
  headers: IncomingHttpHeaders[];
  /** What it answers: 200 unless told. */
  answer: number;
  close(): Promise<void>;
}

/** A receiver of OTLP over HTTP with protobuf, on loopback. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      receiver.headers.push(request.headers);
      const body = Buffer.concat(chunks);
      bodies.push(body);
      if (receiver.answer === 200)
        for (const {resource, spans} of readTraces(body)) {
          receiver.resources.push(resource);
          receiver.spans.push(...spans);
        }
      response.writeHead(receiver.answer, {'content-type': 'application/x-protobuf'}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    spans: [],
    resources: [],
    bytes: () => Buffer.concat(bodies),
    headers: [],
    answer: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** One field of a protobuf message: a number, or bytes (a text, or a message of its own). */
interface Field {
  number: number;
  value: bigint | Buffer;
}

/** The fields of a message (protobuf.dev, "Encoding"): wire types 0, 1, 2 and 5. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const type = tag & 7;
    if (type === 0) fields.push({number, value: varint()});
    else if (type === 2) fields.push({number, value: take(Number(varint()))});
    else if (type === 1) fields.push({number, value: take(8)});
    else if (type === 5) fields.push({number, value: take(4)});
    else throw new Error(`a field of wire type ${type}`);
  }
  return fields;
}

const bytesOf = (fields: Field[], number: number): Buffer[] =>
  fields.flatMap((field) =>
    field.number === number && typeof field.value !== 'bigint' ? [field.value] : [],
  );
const firstOf = (fields: Field[], number: number): Buffer => bytesOf(fields, number)[0] ?? Buffer.alloc(0);
const numberOf = (fields: Field[], number: number): number => {
  const value = fields.find((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? Number(value) : 0;
};
const millisOf = (fields: Field[], number: number): number =>
  Number(firstOf(fields, number).readBigUInt64LE() / 1000n) / 1000;

/** `KeyValue` of opentelemetry/proto/common/v1: texts, booleans, whole numbers and fractions. */
function attributesOf(pairs: Buffer[]): Record<string, string | number | boolean> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const fields = fieldsOf(pair);
      const [any] = fieldsOf(firstOf(fields, 2));
      const {number = 1, value = Buffer.alloc(0)} = any ?? {};
      const read = typeof value === 'bigint' ? (number === 2 ? value === 1n : Number(value)) : undefined;
      return [
        firstOf(fields, 1).toString(),
        read ?? (number === 4 ? (value as Buffer).readDoubleLE() : value.toString()),
      ];
    }),
  );
}

/** `ExportTraceServiceRequest` of opentelemetry/proto/collector/trace/v1. */
function readTraces(body: Buffer) {
  return bytesOf(fieldsOf(body), 1).map((resourceSpans) => {
    const fields = fieldsOf(resourceSpans);
    const scopes = bytesOf(fields, 2).flatMap((scope) => bytesOf(fieldsOf(scope), 2));
    return {resource: attributesOf(bytesOf(fieldsOf(firstOf(fields, 1)), 1)), spans: scopes.map(readSpan)};
  });
}

function readSpan(bytes: Buffer): ReceivedSpan {
  const fields = fieldsOf(bytes);
  const status = fieldsOf(firstOf(fields, 15));
  return {
    traceId: firstOf(fields, 1).toString('hex'),
    id: firstOf(fields, 2).toString('hex'),
    parent: firstOf(fields, 4).toString('hex') || undefined,
    name: firstOf(fields, 5).toString(),
    kind: numberOf(fields, 6),
    startMs: millisOf(fields, 7),
    endMs: millisOf(fields, 8),
    attributes: attributesOf(bytesOf(fields, 9)),
    links: bytesOf(fields, 13).map((link) => {
      const inner = fieldsOf(link);
      return {traceId: firstOf(inner, 1).toString('hex'), id: firstOf(inner, 2).toString('hex')};
    }),
    status: {code: numberOf(status, 3), message: firstOf(status, 2).toString()},
  };
}
