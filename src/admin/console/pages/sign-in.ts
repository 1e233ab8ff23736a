import {longestSessionToken} from '../../api/auth/session-cookie.ts';
import type {Refusal} from '../../api/problem.ts';
import {problemOf} from '../../api/problem.ts';
import {html} from '../html.ts';
import {refusalNotice} from '../notice.ts';
import type {View} from '../view.ts';

/** Asks for a token; `next` is where the reader wanted to go. */
export const signInView = (next: string, refusal?: Refusal): View => ({
  title: 'Sign in',
  ...(refusal && {status: problemOf(refusal).status}),
  body: html`<h1>Sign in</h1>
    ${refusal && refusalNotice(refusal)}
    <form method="post" action="/sign-in" class="ask">
      <input type="hidden" name="next" value="${next}" />
      <div>
        <label for="token">Token</label>
        <input
          id="token"
          name="token"
          type="password"
          required
          maxlength="${longestSessionToken}"
          autocomplete="current-password"
        />
      </div>
      <p class="muted">
        One that <code>avro-scim token new</code> has printed, or an ID token of your OpenID provider. It is
        kept in a cookie until the browser is closed.
      </p>
      <button class="main">Sign in</button>
    </form>`,
});
