import {check} from './check.ts';
import {run} from './run.ts';
import {demo} from './demo.ts';
import type {Command} from './command.ts';
import {configExample, configSchemaCommand} from './config.ts';
import {publish} from './publish.ts';

/** The commands of the command line; one line each. */
export const commands: readonly Command[] = [check, configExample, configSchemaCommand, publish, run, demo];
