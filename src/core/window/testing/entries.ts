import {Window, type Entry, type EntryKind, type WindowOptions} from '../../window.ts';

let nextOffset = 0;

/** An entry of ten bytes; its offset and time count up over all of them unless told. */
export function entry(
  subject: string,
  kind: EntryKind,
  more: Partial<Entry> & {offset?: number; partition?: number} = {},
): Entry {
  const {offset = nextOffset++, partition = 0, ...rest} = more;
  const record = {topic: 't', partition, offset, timestamp: 0, key: null, value: null, headers: {}};
  return {
    record,
    source: partition,
    subject,
    occurredAt: offset,
    kind,
    saysMembers: false,
    bytes: 10,
    ...rest,
  };
}

/** A window of 1000 changes unless told otherwise. */
export const open = (more: Partial<WindowOptions> = {}) =>
  new Window({maxChanges: 1000, maxBytes: 1e6, coalesce: true, ...more});
