import {pino, type DestinationStream, type Logger as Pino} from 'pino';
import type {Logger} from './core/connector.ts';
import {isSensitiveKey} from './core/sensitive.ts';

const hidden = '[secret]';
/** Shorter values are left to the names of their fields: hiding every `1` would hide the log itself. */
const leastSecretLength = 4;
const maxDepth = 8;

export interface Redactor {
  /** From now on these values are hidden wherever they stand, as they are and as they look in an address. */
  learn(values: Iterable<string>): void;
  text(text: string): string;
  /** A copy of a field's value without secrets; errors become plain data. */
  value(value: unknown): unknown;
}

/** Hides the values that are known to be secret, and whatever stands in a field with the name of one. */
export const createRedactor = (): Redactor => {
  const known = new Set<string>();
  let pattern: RegExp | undefined;
  const text = (from: string): string => (pattern === undefined ? from : from.replace(pattern, hidden));
  const value = (from: unknown, depth = 0): unknown => {
    if (typeof from === 'string') return text(from);
    if (typeof from !== 'object' || from === null) return from;
    if (depth >= maxDepth) return '[deep]';
    if (from instanceof Error) return value(errorFields(from), depth + 1);
    if (from instanceof Date || from instanceof URL) return text(from.toJSON());
    if (ArrayBuffer.isView(from)) return `[${from.byteLength} bytes]`;
    if (Array.isArray(from)) return from.map((item) => value(item, depth + 1));
    return Object.fromEntries(
      Object.entries(from).map(([key, inner]) => [
        key,
        isSensitiveKey(key) ? hidden : value(inner, depth + 1),
      ]),
    );
  };
  return {
    learn: (values) => {
      for (const secret of values) {
        const lines = secret.split(/\r?\n/);
        for (const part of [secret, encodeURIComponent(secret), ...(lines.length > 1 ? lines : [])]) {
          if (part.length >= leastSecretLength) known.add(part);
        }
      }
      // The longest first: of two secrets one may begin with the other.
      const alternatives = [...known]
        .sort((a, b) => b.length - a.length)
        .map((one) => one.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
      if (alternatives.length > 0) pattern = new RegExp(alternatives.join('|'), 'g');
    },
    text,
    value: (from) => value(from),
  };
};

const errorFields = (error: Error): Record<string, unknown> => ({
  type: error.name,
  message: error.message,
  stack: error.stack,
  ...Object.fromEntries(Object.entries(error)),
  ...(error.cause !== undefined && {cause: error.cause}),
});

export interface LogOptions {
  level: 'debug' | 'info' | 'warn' | 'error';
  redactor: Redactor;
  /** Standard output unless given. */
  destination?: DestinationStream;
}

/** The log, and the same with fields that stand in each of its lines, and a level of its own where one is given. */
export interface Log extends Logger {
  child(fields: object, level?: LogOptions['level']): Log;
}

/**
 * The log: JSON lines, static messages with fields beside them. Secrets are hidden; the field `personal` (data about
 * a person) is written at debug alone.
 */
export const createLog = ({level, redactor, destination}: LogOptions): Log => {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {level: (label: string) => ({level: label})},
    // The redactor made plain data of errors already.
    serializers: {err: (error: unknown) => error},
  };
  return withRedaction(pino(options, destination ?? pino.destination({dest: 1, sync: true})), redactor);
};

const withRedaction = (inner: Pino, redactor: Redactor): Log => {
  const writer = (level: LogOptions['level']) => (fields: object, message: string) => {
    if (!inner.isLevelEnabled(level)) return;
    const told = level === 'debug' ? fields : withoutPersonal(fields);
    inner[level](redactor.value(told), redactor.text(message));
  };
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    child: (fields, level) =>
      withRedaction(
        inner.child(redactor.value(withoutPersonal(fields)) as object, level ? {level} : {}),
        redactor,
      ),
  };
};

const withoutPersonal = (fields: object): object =>
  'personal' in fields
    ? Object.fromEntries(Object.entries(fields).filter(([key]) => key !== 'personal'))
    : fields;
