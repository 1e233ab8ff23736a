import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** Makes an authority (`ca.pem`) and certificates of 127.0.0.1 and broker.example (`server`, `client`: `.pem`, `.key`) in a folder. */
export function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, {cwd: folder, stdio: 'ignore'});
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:broker.example\n');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=ca', '-keyout', 'ca.key', '-out', 'ca.pem');
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
  }
}

/** A broker's settings for a listener that shows `server` and, where it asks for one, takes certificates of this authority. */
export function listenerTls(folder: string, listener: string): Record<string, string> {
  // PEM in one line of a properties file.
  const inLine = (name: string) => readFileSync(join(folder, name), 'utf8').trim().replaceAll('\n', '\\n');
  const prefix = `listener.name.${listener}.ssl`;
  return {
    [`${prefix}.client.auth`]: 'required',
    [`${prefix}.keystore.type`]: 'PEM',
    [`${prefix}.keystore.key`]: inLine('server.key'),
    [`${prefix}.keystore.certificate.chain`]: inLine('server.pem'),
    [`${prefix}.truststore.type`]: 'PEM',
    [`${prefix}.truststore.certificates`]: inLine('ca.pem'),
  };
}
