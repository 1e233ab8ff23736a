import type {Role} from '../../../core/role.ts';
import type {TokenEntry} from '../../../core/token-lines.ts';

/** Who asks: by a token's name or a JWT's subject; `nobody` where no sign-in is configured. */
export interface Principal {
  name: string;
  role: Role;
  via: 'token' | 'oidc' | 'nobody';
}

export interface OidcSettings {
  issuer: string;
  audience: string;
  /** Dots lead into nested claims. */
  roleClaim: string;
  /** Values of the claim, and the role each gives. */
  roles: Readonly<Record<string, Role>>;
}

/** Who may sign in. */
export interface AuthSettings {
  tokens?: readonly TokenEntry[] | undefined;
  oidc?: OidcSettings | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the sign-in before any handler of the API runs. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** The role that the route needs; `open` needs none. */
    role?: Role | 'open';
  }
}
