import type {IdentityCenterConfig} from './manifest.ts';

export interface Tokens {
  /** The `authorization` header to send, by the config as it is now. */
  header(config: IdentityCenterConfig): string;
  /** AWS refused this header: the other slot's is tried where there is one. */
  refuse(header: string): void;
}

/** The first token that was not refused; when all were, all of them count again. */
export function createTokens(): Tokens {
  const refused = new Set<string>();
  return {
    header({token}) {
      const headers = [token].flat().map((one) => `Bearer ${one.trim()}`);
      const fit = headers.find((header) => !refused.has(header));
      if (fit === undefined) refused.clear();
      return fit ?? headers[0] ?? '';
    },
    refuse: (header) => void refused.add(header),
  };
}
