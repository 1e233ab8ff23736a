import {readFile} from 'node:fs/promises';
import type {LoadedConfig} from '../../config/load.ts';
import type {NamedHead, SignatureCheck, Verified} from '../../core/audit/finding.ts';
import {createHeads, createSignatureCheck, verifyAudit} from '../../stages/audit/index.ts';
import {createRedis} from '../../stages/redis.ts';
import type {Command, CommandContext, ExitCode} from '../command.ts';
import {timeOption} from '../stored/confirm.ts';
import {chooseSource, listOption, readingFailed, sourceOptions} from './choose.ts';
import {linesOf} from './told.ts';

/** `audit verify`: finds what was edited, removed, reordered or cut off, and says which record. */
export const auditVerify: Command = {
  name: 'audit verify',
  describe: 'check the chains of the audit: 1 when a record was edited, removed, reordered or cut off',
  options: [
    ...sourceOptions,
    {
      flags: '--public-key <file>',
      describe: 'PEM of a key that checkpoints are signed with; more than one after a rotation',
      repeated: true,
    },
    {flags: '--since <time>', describe: 'say nothing of what is older (ISO 8601): retention has deleted it'},
  ],
  async run(context) {
    const since = timeOption(context.options['since']);
    if (Number.isNaN(since)) {
      context.complain('audit verify: expected a time such as 2026-11-24T08:00:00Z');
      return 2;
    }
    const keys = listOption(context.options['publicKey']);
    const isAlone = listOption(context.options['file']).length > 0 && keys.length > 0;
    const loaded = isAlone ? undefined : await context.load();
    if (!isAlone && loaded === undefined) return 2;
    const signature = await signatureOf(context, keys, loaded);
    return signature === 'refused' ? 2 : verify(context, loaded, signature, since);
  },
};

async function verify(
  context: CommandContext,
  loaded: LoadedConfig | undefined,
  signature: SignatureCheck | undefined,
  since = -Infinity,
): Promise<ExitCode> {
  const opened = chooseSource(context, loaded);
  if (opened === undefined) return 2;
  try {
    // Before the records: a chain that goes on meanwhile is not shorter than what was known of it.
    const heads = loaded && (await readHeads(context, loaded));
    const {source, names} = opened;
    const all = await verifyAudit(source, {signature, names, ...(heads ? {heads} : {})});
    const isRecent = ({at = Infinity}: {at?: number}): boolean => at >= since;
    const verified = {
      ...all,
      findings: all.findings.filter(isRecent),
      unfinished: all.unfinished.filter(isRecent),
    };
    show(context, verified);
    return verified.findings.length > 0 ? 1 : 0;
  } catch (error) {
    return readingFailed(context, error);
  } finally {
    opened.close();
  }
}

function show({json, print}: CommandContext, verified: Verified): void {
  if (json) print(JSON.stringify(verified, null, 2));
  else for (const line of linesOf(verified)) print(line);
}

/** By the keys that are given, and the one of the config. */
async function signatureOf(
  {complain}: CommandContext,
  files: readonly string[],
  loaded: LoadedConfig | undefined,
): Promise<SignatureCheck | undefined | 'refused'> {
  const own = loaded?.config.audit.signingKey;
  if (files.length === 0 && own === undefined) return undefined;
  try {
    const given = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    return createSignatureCheck([...given, ...(own === undefined ? [] : [own])]);
  } catch (error) {
    complain(`audit verify: expected files of Ed25519 public keys in PEM: ${(error as Error).message}`);
    return 'refused';
  }
}

const timeoutMs = 5000;

/** What Redis knows of how far the chains reach; nothing where it does not answer, which is said. */
async function readHeads(
  {complain}: CommandContext,
  {config}: LoadedConfig,
): Promise<NamedHead[] | undefined> {
  const redis = createRedis(config.redis, {
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const heads = await createHeads({redis, prefix: config.redis.prefix}).read();
    return heads.map((head) => ({...head, by: 'Redis'}));
  } catch {
    complain('Redis does not answer: what it knows of the last records was not compared');
    return undefined;
  } finally {
    redis.disconnect();
  }
}
