import type {Panel} from './dashboard/panel.ts';
import {rows} from './dashboard/rows.ts';

const datasource = {type: 'prometheus', uid: '${datasource}'};
const rowHeight = 8;

/** As Grafana stores it (schema version 42, the last of its v1 dashboards). */
const panelOf = ({title, about, kind, unit, width, queries, redFrom, isStacked}: Panel) => ({
  ...{type: kind, title, datasource, ...(about === undefined ? {} : {description: about})},
  gridPos: {w: width, h: rowHeight},
  fieldConfig: {
    defaults: {
      unit,
      ...(kind === 'timeseries' && {
        custom: {
          fillOpacity: isStacked ? 20 : 0,
          stacking: {mode: isStacked ? 'normal' : 'none', group: 'A'},
        },
      }),
      thresholds: {
        mode: 'absolute',
        steps: [
          {color: 'green', value: null},
          ...(redFrom === undefined ? [] : [{color: 'red', value: redFrom}]),
        ],
      },
    },
    overrides: [],
  },
  options:
    kind === 'stat'
      ? {reduceOptions: {calcs: ['lastNotNull']}, textMode: 'value_and_name'}
      : kind === 'table'
        ? {}
        : {legend: {displayMode: 'list', placement: 'bottom'}, tooltip: {mode: 'multi', sort: 'desc'}},
  targets: queries.map(([expr, legendFormat], at) => ({
    ...{refId: String.fromCharCode(65 + at), datasource, expr, legendFormat},
    ...(kind === 'table' && {format: 'table', instant: true}),
  })),
});

/** The panels with their places: each row of charts below the title of its row. */
function placed(): object[] {
  let y = 0;
  return rows.flatMap(({title, panels}) => {
    const head = {type: 'row', title, collapsed: false, panels: [], gridPos: {x: 0, y, w: 24, h: 1}};
    y += 1;
    let x = 0;
    const charts = panels.map((panel) => {
      if (x + panel.width > 24) [x, y] = [0, y + rowHeight];
      const made = panelOf(panel);
      const chart = {...made, gridPos: {...made.gridPos, x, y}};
      x += panel.width;
      return chart;
    });
    y += rowHeight;
    return [head, ...charts];
  });
}

/** Grafana's dashboard, as JSON. */
export const dashboardJson = (): string =>
  JSON.stringify({
    ...{uid: 'avro-scim', title: 'avro-scim', tags: ['avro-scim'], schemaVersion: 42, editable: true},
    ...{graphTooltip: 1, refresh: '30s', timezone: 'browser', time: {from: 'now-6h', to: 'now'}},
    templating: {
      list: [
        {name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus'},
        {
          name: 'target',
          label: 'Target',
          ...{type: 'query', datasource, query: 'label_values(avroscim_gate, target)', refresh: 2},
          ...{multi: true, includeAll: true, allValue: '.*', current: {text: 'All', value: '$__all'}},
        },
      ],
    },
    annotations: {list: []},
    panels: placed().map((panel, at) => ({id: at + 1, ...panel})),
  });

/** Every expression of it, as Prometheus is asked: Grafana's variables filled in. */
export const dashboardQueries = (): string[] =>
  rows
    .flatMap(({panels}) => panels.flatMap(({queries}) => queries.map(([expression]) => expression)))
    .map((expression) =>
      expression
        .replaceAll('$__rate_interval', '5m')
        .replaceAll('$__range', '6h')
        .replaceAll('$target', '.*'),
    );
