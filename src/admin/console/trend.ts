import {html, type Html} from './html.ts';
import {countText, numberText} from './words.ts';

const step = 4;
const height = 20;
const least = 2;

/** How many came in each of the last hours, the latest last, as bars; in words for who does not see them. */
export function trendBars(trend: readonly number[]): Html {
  const most = Math.max(1, ...trend);
  const [last = 0, all] = [trend.at(-1), trend.reduce((sum, count) => sum + count, 0)];
  const told = `${numberText(all)} in the last ${countText(trend.length, 'hour')}, ${numberText(last)} in the last one`;
  const bars = trend.map((count, i) => {
    const tall = count === 0 ? 1 : Math.max(least, Math.round((count / most) * height));
    return html`<rect x="${i * step}" y="${height - tall}" width="${step - 1}" height="${tall}"></rect>`;
  });
  return html`<svg
    class="bars"
    viewBox="0 0 ${trend.length * step} ${height}"
    role="img"
    aria-label="${told}"
  >
    <title>${told}</title>
    ${bars}
  </svg>`;
}
