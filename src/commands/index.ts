import {check} from './check.ts';
import {completionOf} from './completion.ts';
import {run} from './run.ts';
import {demo} from './demo.ts';
import {eventsTry} from './events.ts';
import type {Command} from './command.ts';
import {connectorsList, connectorsShow} from './connectors.ts';
import {connectorsNew} from './connectors/new.ts';
import {connectorsTest} from './connectors/test.ts';
import {configExample, configSchemaCommand} from './config.ts';
import {publish} from './publish.ts';

import {
  deadLettersDiscard,
  deadLettersGroups,
  deadLettersList,
  deadLettersRetry,
  deadLettersShow,
} from './dead-letters.ts';
import {holdsApprove, holdsDiscard, holdsList} from './holds.ts';
import {auditSearch, auditVerify} from './audit.ts';
import {cutOff} from './cut-off.ts';
import {subject} from './subject.ts';
import {subjectErase} from './subject/erase.ts';
import {subjectReplay} from './subject/replay.ts';
import {targetPause, targetResume} from './target.ts';
import {targetList} from './target/list.ts';
import {tokenNew} from './token.ts';

/** The commands of the command line; one line each. */
export const commands: readonly Command[] = [
  check,
  configExample,
  configSchemaCommand,
  publish,
  eventsTry,
  run,
  demo,
  deadLettersGroups,
  deadLettersList,
  deadLettersShow,
  deadLettersRetry,
  deadLettersDiscard,
  subject,
  subjectReplay,
  subjectErase,
  cutOff,
  holdsList,
  holdsApprove,
  holdsDiscard,
  targetList,
  targetPause,
  targetResume,
  auditVerify,
  auditSearch,
  connectorsList,
  connectorsShow,
  connectorsNew,
  connectorsTest,
  tokenNew,
  completionOf(() => commands),
];
