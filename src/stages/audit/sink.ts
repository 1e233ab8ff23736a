import type {Linked} from '../../core/audit/written.ts';

/** A record in its chain, and as a line. */
export interface Chained {
  linked: Linked;
  line: string;
}

/** Where records are written. A write that rejects may have written some of them: the same ones come again. */
export interface Sink {
  /** Of one record, at most; nothing where there is no bound, or nobody says. Rejects while that can not be asked. */
  mostBytes?(): Promise<number | undefined>;
  write(records: readonly Chained[]): Promise<void>;
  close(): Promise<void>;
}
