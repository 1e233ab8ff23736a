import project from '../../../package.json' with {type: 'json'};
import {isLoopback} from '../../admin/api/auth/browser.ts';
import {createHistory} from '../../admin/console/history.ts';
import {createAdmin, type Admin} from '../../admin/server.ts';
import type {Logger} from '../../core/connector.ts';
import type {AuditStage} from '../../stages/audit/index.ts';
import {openApiPorts} from './api/index.ts';
import type {Process} from './api/targets.ts';
import {consolePorts} from './console/index.ts';

interface AdminParts extends Process {
  /** Prometheus text. */
  metrics: () => Promise<string>;
  audit: AuditStage;
  log: Logger;
}

/** The admin server of a running service, with API and console over what its targets keep; not listening yet. */
export function openAdmin({metrics, audit, log, ...process}: AdminParts): Admin {
  const {host, port, requestsPerMinute, auth} = process.loaded().config.admin;
  if (auth === undefined && !isLoopback(host))
    log.warn({host}, 'The API is off: admin.auth is not set, and others than this machine could ask');
  const api = openApiPorts(process, audit);
  const history = createHistory({metrics});
  const admin = createAdmin({
    ...{host, port, log, metrics},
    readiness: process.readiness,
    api: {
      ...{ports: api.ports, requestsPerMinute, version: project.version},
      auth: () => process.loaded().config.admin.auth,
    },
    console: {ports: consolePorts(process, api.stores, api.foresee), history},
  });
  return {
    ...admin,
    async listen() {
      await admin.listen();
      history.start();
    },
    async close() {
      history.stop();
      await admin.close();
      await api.close();
    },
  };
}
