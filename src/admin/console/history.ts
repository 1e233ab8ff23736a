import {readFigures, type Figures} from './figures.ts';

/** The targets' figures at a moment; milliseconds since the epoch. */
export interface Sample {
  at: number;
  targets: ReadonlyMap<string, Figures>;
}

/** The last hour of this process, for the charts; a start begins it anew. */
export interface History {
  /** The oldest first. */
  samples(): readonly Sample[];
  start(): void;
  stop(): void;
}

export interface HistoryOptions {
  /** Prometheus text. */
  metrics: () => Promise<string>;
  now?: () => number;
  everyMs?: number;
}

const usualEveryMs = 15_000;
/** An hour of them. */
const mostSamples = 240;

/** Samples of the process's own metrics. One that can not be had is left out. */
export function createHistory({metrics, now = Date.now, everyMs = usualEveryMs}: HistoryOptions): History {
  const kept: Sample[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isUnderWay = false;
  const take = async (): Promise<void> => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      kept.push({at: now(), targets: readFigures(await metrics())});
      if (kept.length > mostSamples) kept.shift();
    } catch {
      // A scrape is answered with the same failure, where it is seen.
    } finally {
      isUnderWay = false;
    }
  };
  return {
    samples: () => kept,
    start() {
      if (timer) return;
      timer = setInterval(() => void take(), everyMs).unref();
      void take();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
