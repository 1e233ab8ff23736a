import {expect, test} from '@jest/globals';
import {execFileSync} from 'node:child_process';
import {typed} from './typed.ts';

test('plain words stand as they are', () => {
  expect(typed('holds', 'approve', 'u1@corp.example', '--target', 'wiki')).toBe(
    'avro-scim holds approve u1@corp.example --target wiki',
  );
});

test.each(['Ann Smith', "O'Brien", '$(reboot)', 'a;b', 'events/0/7\n', '"', '\\', '', '*', '~ann', 'é'])(
  'a shell gives %j back as the one word that it is',
  (id) => {
    const script = `set -- ${typed('subject', id)}; printf '%s|' "$@"`;
    expect(execFileSync('sh', ['-c', script]).toString()).toBe(`avro-scim|subject|${id}|`);
  },
);
