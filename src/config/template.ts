/** Where the values behind `${env:NAME}` and `${file:/path}` come from. */
export interface Values {
  env: Readonly<Record<string, string | undefined>>;
  /** The whole text of a file; throws when it can not be read. */
  readFile: (path: string) => string;
  /** Absolute path of a path written in the config: relative ones start at the config file's folder. */
  resolvePath: (path: string) => string;
}

/** A string with its templates replaced. `values` are secrets; `files` were read; `problems` say what is missing. */
export interface Filled {
  text: string;
  isTemplate: boolean;
  values: string[];
  files: string[];
  problems: string[];
}

const template = /(\$?)\$\{([^}]*)\}/g;

/** Replaces each template of a string; `$${` stands for a plain `${`. Files lose one line break at their end. */
export const fillTemplates = (text: string, values: Values): Filled => {
  const filled: Filled = {text, isTemplate: false, values: [], files: [], problems: []};
  filled.text = text.replace(template, (whole, escape: string, inner: string) => {
    if (escape === '$') return whole.slice(1);
    filled.isTemplate = true;
    const value = lookUp(inner, values, filled);
    if (value !== undefined) filled.values.push(value);
    return value ?? whole;
  });
  return filled;
};

const lookUp = (inner: string, values: Values, filled: Filled): string | undefined => {
  const colon = inner.indexOf(':');
  const kind = inner.slice(0, Math.max(colon, 0));
  const name = inner.slice(colon + 1);
  if (kind === 'env' && name !== '') {
    const value = values.env[name];
    if (value === undefined) filled.problems.push(`the environment variable ${name} is not set`);
    return value;
  }
  if (kind === 'file' && name !== '') return readSecretFile(values.resolvePath(name), values, filled);
  filled.problems.push(
    `expected \${env:NAME} or \${file:/path}, found \${${inner}} (write $\${ for a plain \${)`,
  );
  return undefined;
};

const readSecretFile = (path: string, values: Values, filled: Filled): string | undefined => {
  filled.files.push(path);
  try {
    return values.readFile(path).replace(/\r?\n$/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    filled.problems.push(`the file ${path} can not be read (${code})`);
    return undefined;
  }
};
