import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {schemathesisPackages} from './downloads.ts';
import {openFolder} from './folder.ts';

/** How an API is fuzzed. */
export interface Fuzzing {
  /** Where its OpenAPI document is. */
  document: string;
  headers?: Readonly<Record<string, string>>;
  /** Names of schemathesis's checks. */
  checks: readonly string[];
  /** Cases for each operation, at most. */
  cases: number;
  log: (line: string) => void;
}

/** Asks an API whatever its own document says, and what it does not say. Resolves to the exit code and what was found. */
export async function fuzz({
  document,
  headers = {},
  checks,
  cases,
  log,
}: Fuzzing): Promise<{code: number | null; output: string}> {
  const steps: (() => Promise<unknown>)[] = [];
  const folder = await openFolder('avro-scim-fuzz-', (step) => void steps.push(step));
  const packages = await schemathesisPackages(log);
  const given = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const bounds = ['--max-examples', String(cases), '--request-timeout', '10'];
  const usual = ['--no-color', '--no-shrink', '--generation-database', 'none', '--workers', '2'];
  const phases = ['--phases', 'fuzzing', '--suppress-health-check', 'all', '--continue-on-failure'];
  const args = ['run', document, ...given, '--checks', checks.join(','), ...bounds, ...usual, ...phases];
  const child = spawn('python3', ['-m', 'schemathesis.cli', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...process.env, PYTHONPATH: packages},
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  for (const step of steps.reverse()) await step();
  return {code, output};
}
