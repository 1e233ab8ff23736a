import {html, type Html} from '../html.ts';

/** Asks for what is personal; the audit has who, what and why. */
export const showForm = (action: string, about: Readonly<Record<string, string>>, csrf: string): Html =>
  html`<h2>Personal data</h2>
    <form method="post" action="${action}" class="fields">
      <input type="hidden" name="csrf" value="${csrf}" />
      ${Object.entries(about).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <div>
        <label for="show-reason">Reason to see it</label
        ><input id="show-reason" name="reason" required maxlength="500" />
      </div>
      <button>Show personal data</button>
    </form>
    <p class="muted">Values are masked. That you have seen them is written to the audit.</p>`;
