import {createPrivateKey} from 'node:crypto';
import {z} from 'zod';
import {bytes, count, filled} from './common.ts';

const isEd25519 = (pem: string): boolean => {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
};

const checkpointSchema = z.strictObject({
  records: count.default(1_000).describe('Records between two checkpoints, at most.'),
  seconds: z
    .int()
    .positive()
    .max(86_400)
    .default(10)
    .describe('How long a record waits for the checkpoint after it, at most.'),
});

/** The audit: docs/audit.md. */
export const auditSchema = z.strictObject({
  file: filled
    .optional()
    .describe('File for the audit records, a JSON line each. With neither file nor topic they go to the log.')
    .meta({examples: ['/var/log/avro-scim/audit.jsonl']}),
  topic: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected the name of a topic')
    .optional()
    .describe(
      'Topic for the audit records, Avro, keyed by subject. It has to be there, and is never read as a source.',
    )
    .meta({examples: ['identity.audit']}),
  signingKey: z
    .string()
    .refine(
      isEd25519,
      'expected an Ed25519 private key in PEM, as openssl genpkey -algorithm ed25519 makes it',
    )
    .optional()
    .describe('Private key that signs the checkpoints. Absent: they are not signed.')
    .meta({examples: ['${file:/run/secrets/audit-signing.pem}']}),
  checkpoint: checkpointSchema.prefault({}).describe('When a checkpoint is written.'),
  maxRecordBytes: bytes
    .pipe(z.int().min(16_384, 'expected at least 16KiB').max(67_108_864, 'expected at most 64MiB'))
    .prefault('512KiB')
    .describe(
      'How long a record may be; a longer one is written shortened, and says so. Less where `max.message.bytes` of the topic is less.',
    ),
  values: z
    .enum(['hashed', 'plain'])
    .default('hashed')
    .describe(
      'What of the attributes’ values is written: a keyed hash of each, or the values themselves, which are personal data.',
    ),
  hashKey: z
    .string()
    .min(32, 'expected a key of at least 32 characters')
    .optional()
    .describe('Key of those hashes. Absent: attributes are written by name alone.')
    .meta({examples: ['${file:/run/secrets/audit-hash}']}),
});
