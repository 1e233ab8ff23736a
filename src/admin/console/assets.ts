import {hash} from 'node:crypto';
import type {FastifyInstance} from 'fastify';
import {script} from './script.js.ts';
import {style} from './style.css.ts';

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b4fb3"/><path d="M4 12 8 4l4 8M5.5 9.5h5" fill="none" stroke="#fff" stroke-width="1.5"/></svg>`;

const asset = (name: string, type: string, text: string) => {
  const [stem, ending] = name.split('.');
  return {path: `/assets/${stem ?? ''}.${hash('sha256', text).slice(0, 16)}.${ending ?? ''}`, type, text};
};

/** What the pages load, each at an address that changes with its content. */
export const assets = {
  style: asset('console.css', 'text/css; charset=utf-8', style),
  script: asset('console.js', 'text/javascript; charset=utf-8', script),
  icon: asset('icon.svg', 'image/svg+xml', icon),
};

/** Serves them, to be kept for good. */
export function addAssets(app: FastifyInstance): void {
  for (const {path, type, text} of Object.values(assets)) {
    app.get(path, (_, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(text),
    );
  }
}
