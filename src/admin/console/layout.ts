import {assets} from './assets.ts';
import {html, pageText, type Html} from './html.ts';
import type {View} from './view.ts';
import type {Principal} from '../api/auth/principal.ts';

const pages = [
  ['/', 'Overview'],
  ['/dead-letters', 'Dead letters'],
  ['/lanes', 'Lanes'],
  ['/holds', 'Holds'],
  ['/audit', 'Audit'],
] as const;

/** What stands around a page: `path` is where it is; nobody is signed in where `who` is absent. */
export interface Around {
  path: string;
  who?: Principal | undefined;
  csrf: string;
}

/** The text of a whole page. */
export function layout({title, body, isLive}: View, around: Around): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – avro-scim</title>
        <link rel="icon" href="${assets.icon.path}" />
        <link rel="stylesheet" href="${assets.style.path}" />
        <script src="${assets.script.path}" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header>
          <a class="brand" href="/">avro-scim</a>
          ${around.who && [navigation(around.path), search, whoIs(around.who, around.csrf)]}
        </header>
        <main id="main" tabindex="-1">${isLive ? html`<div id="live">${body}</div>` : body}</main>
        <footer>
          <button type="button" id="refresh" aria-pressed="true" hidden>Refresh by itself</button>
          <span id="refreshed" role="status"></span>
        </footer>
      </body>
    </html>`;
  return pageText(page);
}

function navigation(path: string): Html {
  const items = pages.map(([href, name]) => {
    const isHere = href === '/' ? path === '/' : path.startsWith(href);
    return html`<li>
      ${isHere ? html`<a href="${href}" aria-current="page">${name}</a>` : html`<a href="${href}">${name}</a>`}
    </li>`;
  });
  return html`<nav aria-label="Pages">
    <ul>
      ${items}
    </ul>
  </nav>`;
}

const search = html`<search>
  <form action="/subject" class="who">
    <input
      name="id"
      aria-label="A person’s or group’s id"
      placeholder="Id of a person or group"
      required
      maxlength="1024"
      autocomplete="off"
      spellcheck="false"
    />
    <button>Find</button>
  </form>
</search>`;

function whoIs({name, role, via}: Principal, csrf: string): Html {
  if (via === 'nobody') return html`<div class="who">Read-only: no sign-in is configured</div>`;
  return html`<form class="who" method="post" action="/sign-out">
    <span>${name}, ${role}</span> <input type="hidden" name="csrf" value="${csrf}" /><button>Sign out</button>
  </form>`;
}
