import type {Admin} from '../../admin/server.ts';

const reasons: Record<string, string> = {
  EADDRINUSE: 'another process listens there',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

/** Makes the admin server listen. Where it can not: what was wanted, why not, and where to change it, in words. */
export async function listen(
  admin: Admin,
  configPath: string,
  {host, port}: {host: string; port: number},
): Promise<string | undefined> {
  try {
    await admin.listen();
    return undefined;
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    const reason = reasons[code ?? ''];
    if (reason === undefined) throw error;
    return `can not listen on ${host}:${port} for health and metrics: ${reason}; change admin.host or admin.port in ${configPath}`;
  }
}
