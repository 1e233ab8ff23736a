import {expect} from '@jest/globals';
import type {Connector} from '../../../src/core/connector.ts';
import type {Result} from '../../../src/core/failure.ts';
import type {CheckReport} from '../../../src/core/port.ts';
import {openRig, options, type Rig} from './rig.ts';

/** What a connector's check says of a GitHub that was prepared for it. */
export const checkedAt =
  (connector: Connector, base: object) =>
  async (prepare: (rig: Rig) => unknown, settings: object = {}): Promise<Result<CheckReport>> => {
    const rig = await openRig(connector, {...base, ...settings});
    await prepare(rig);
    const result = await rig.port.check(options.signal);
    const {faults} = rig.double;
    await rig.close();
    expect(faults).toEqual([]);
    return result;
  };
