import {html, type Html, type Part} from './html.ts';

/** One column; the first names its row. */
export interface Column<Row> {
  head: string;
  cell: (row: Row) => Part;
  isNumber?: boolean;
}

export interface TableParts<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Said in place of a table without rows. */
  none: string;
}

/** A table; on a narrow screen each row is a card, so roles are told apart from how it is laid out. */
export function table<Row>({caption, columns, rows, none}: TableParts<Row>): Html {
  if (rows.length === 0) return html`<p class="none">${none}</p>`;
  const heads = columns.map(
    ({head, isNumber}) =>
      html`<th role="columnheader" scope="col" class="${isNumber ? 'number' : 'text'}">${head}</th>`,
  );
  return html`<table role="table">
    <caption>
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${heads}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map((row) => line(columns, row))}
    </tbody>
  </table>`;
}

const line = <Row>(columns: readonly Column<Row>[], row: Row): Html =>
  html`<tr role="row">
    ${columns.map(({head, cell, isNumber}, i) => {
      const kind = isNumber ? 'number' : 'text';
      return i === 0
        ? html`<th role="rowheader" scope="row" class="${kind}" data-label="${head}">
            <div>${cell(row)}</div>
          </th>`
        : html`<td role="cell" class="${kind}" data-label="${head}"><div>${cell(row)}</div></td>`;
    })}
  </tr>`;

/** Names and what they stand for; what is absent is left out. */
export function facts(pairs: readonly (readonly [name: string, value: Part])[]): Html {
  const given = pairs.filter(([, value]) => value !== undefined && value !== '' && value !== false);
  return html`<dl>
    ${given.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
