import type {Command} from './command.ts';
import {configExample, configSchemaCommand} from './config.ts';

/** The commands of the command line; one line each. */
export const commands: readonly Command[] = [configExample, configSchemaCommand];
