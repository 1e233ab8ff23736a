import type {Command} from './command.ts';
import {capabilitiesOf, described, linesOf} from './connectors/describe.ts';
import {known, knownAs} from './connectors/known.ts';
import {tableOf} from './stored/table.ts';

/** `connectors list`: the program's connectors, and those that the config brings. */
export const connectorsList: Command = {
  name: 'connectors list',
  describe: 'the connectors that there are: the program’s, and your own that the config names',
  run: async (context) => {
    const {found, troubles} = await known(context);
    if (context.json) {
      const connectors = found.map((one) => {
        const {id, from, summary, capabilities} = described(one);
        return {id, from, summary, capabilities};
      });
      context.print(JSON.stringify({connectors, troubles}, null, 2));
    } else {
      const rows = found.map(({connector: {manifest}, from}) => [
        manifest.id,
        from,
        capabilitiesOf(manifest).join(' '),
        manifest.summary,
      ]);
      for (const line of tableOf(['connector', 'from', 'can', 'what it is'], rows)) context.print(line);
      for (const trouble of troubles) context.complain(trouble);
    }
    return troubles.length > 0 ? 2 : 0;
  },
};

/** `connectors show NAME`: everything that a person who writes a config asks. */
export const connectorsShow: Command = {
  name: 'connectors show',
  describe: 'one connector: every setting, what it can do, its rate, what a cut-off ends',
  arguments: [
    {name: '<name>', describe: 'its id, or a path or package, as from this folder', completes: 'files'},
  ],
  run: async (context) => {
    const [name = ''] = context.arguments;
    const found = await knownAs(name, context);
    if (typeof found === 'string') {
      context.complain(found);
      return 2;
    }
    const one = described(found);
    if (context.json) context.print(JSON.stringify(one, null, 2));
    else for (const line of linesOf(one)) context.print(line);
    return 0;
  },
};
