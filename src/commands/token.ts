import {randomBytes} from 'node:crypto';
import {roles} from '../core/role.ts';
import {hashToken, isTokenName, tokenLine} from '../core/token-lines.ts';
import type {Command} from './command.ts';

/** `token new`: makes a bearer token for the API. It is kept nowhere; the line with its hash is for the config's file. */
export const tokenNew: Command = {
  name: 'token new',
  describe: 'make a bearer token for the API: the token, once, and the line that lets it in',
  arguments: [{name: '<name>', describe: 'whose it is: what the audit will say'}],
  options: [{flags: '--role <role>', describe: `${roles.join(', ')} (viewer)`}],
  run: ({arguments: [name = ''], options, json, print, complain}) => {
    const asked = options['role'] ?? 'viewer';
    const role = roles.find((one) => one === asked);
    if (role === undefined || !isTokenName(name)) {
      complain(
        role === undefined
          ? `token new: expected a role of ${roles.join(', ')}, found ${String(asked)}`
          : `token new: expected a name of at most 64 letters, digits, dots, hyphens, underscores or @, found ${name}`,
      );
      return Promise.resolve(2);
    }
    const token = `avsc_${randomBytes(32).toString('base64url')}`;
    const line = tokenLine({name, role, sha256: hashToken(token)});
    if (json) print(JSON.stringify({name, role, token, line}, null, 2));
    else {
      print(token);
      print(line);
      complain(
        'The first line is the token, shown this once; the second belongs into the file of admin.auth.tokens.',
      );
    }
    return Promise.resolve(0);
  },
};
