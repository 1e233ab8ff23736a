import {address, html, type Html} from '../html.ts';
import type {Fields, Seen} from '../view.ts';

/** A field of a filter; one with `choices` is chosen from a list. */
export interface FilterField {
  name: string;
  label: string;
  value: string | undefined;
  choices?: readonly string[];
  hint?: string;
}

/** A form that narrows a list; it works without script. */
export const filterForm = (action: string, fields: readonly FilterField[]): Html =>
  html`<form action="${action}" class="fields narrow">${fields.map(fieldOf)}<button>Show</button></form>`;

function fieldOf({name, label, value = '', choices, hint = ''}: FilterField): Html {
  const id = `filter-${name}`;
  const field = choices
    ? html`<select id="${id}" name="${name}">
        <option value="">all</option>
        ${choices.map((one) =>
          one === value ? html`<option selected>${one}</option>` : html`<option>${one}</option>`,
        )}
      </select>`
    : html`<input
        id="${id}"
        name="${name}"
        value="${value}"
        placeholder="${hint}"
        autocomplete="off"
        spellcheck="false"
      />`;
  return html`<div><label for="${id}">${label}</label>${field}</div>`;
}

/** The names of the targets, for a filter; it can be had without Redis. */
export async function targetField({api, fields}: Pick<Seen, 'api' | 'fields'>): Promise<FilterField> {
  const {targets} = await api.targets.list();
  return {name: 'target', label: 'Target', value: fields['target'], choices: targets.map(({name}) => name)};
}

/** The way to the page after this one. */
export const nextPage = (path: string, fields: Fields, next: string | undefined): Html | undefined =>
  next === undefined
    ? undefined
    : html`<nav aria-label="More">
        <a class="button" href="${address(path, {...fields, cursor: next})}">Next page</a>
      </nav>`;

/** How many stand on one page. */
export const pageSize = 100;
