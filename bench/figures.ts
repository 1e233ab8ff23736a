import {alignedLines} from '../scripts/demo/report.ts';

/** One number that was measured, and what it is to be. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The least or the most that is wanted; absent where the figure stands beside another. */
  least?: number;
  most?: number;
}

export interface Measured {
  benchmark: string;
  /** What was measured, in a sentence. */
  what: string;
  figures: Figure[];
}

const rounded = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));

/** A value with its unit, as a person reads it. */
export const shownValue = ({value, unit}: Figure): string =>
  `${rounded(value).toLocaleString('en-US')}${unit === '' ? '' : ` ${unit}`}`;

const wanted = ({least, most}: Figure): string =>
  least !== undefined
    ? `at least ${least.toLocaleString('en-US')}`
    : most !== undefined
      ? `at most ${most.toLocaleString('en-US')}`
      : '';

/** Whether the figure is as wanted; undefined where nothing is. */
export function isMet({value, least, most}: Figure): boolean | undefined {
  if (least !== undefined) return value >= least;
  return most === undefined ? undefined : value <= most;
}

/** All figures as lines for a terminal. */
export function tableOf(measured: readonly Measured[]): string[] {
  const rows = measured.flatMap(({benchmark, figures}) =>
    figures.map((figure) => {
      const met = isMet(figure);
      return [
        `${benchmark}: ${figure.name}`,
        shownValue(figure),
        wanted(figure),
        met === undefined ? '' : met ? 'met' : 'missed',
      ];
    }),
  );
  return alignedLines([['', 'measured', 'wanted', ''], ...rows]);
}
