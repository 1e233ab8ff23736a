/** The console's stylesheet: system fonts, light and dark by what the reader's system asks for. */
export const style = `
:root { color-scheme: light dark; --ground: #ffffff; --raised: #f3f5f7; --line: #c5cad0; --text: #1b1f24;
  --muted: #535b65; --link: #0b4fb3; --accent: #0b4fb3; --on-accent: #ffffff; --bad: #a31515; --bad-ground: #fdeceb;
  --warn: #6b4700; --warn-ground: #fff4d9; --good: #14602f; --good-ground: #e6f5ea; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171b; --raised: #1f242a; --line: #444c56; --text: #e6e9ec; --muted: #aab2bb; --link: #8ab8ff;
    --accent: #8ab8ff; --on-accent: #0b1420; --bad: #ffb0a8; --bad-ground: #3a1a18; --warn: #f5d48a; --warn-ground: #352a10;
    --good: #98dbac; --good-ground: #15301e; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 0.5rem; top: 0.5rem; padding: 0.5rem; background: var(--ground); z-index: 1; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; padding: 0.5rem 1rem; background: var(--raised); border-bottom: 1px solid var(--line); }
header .brand { font-weight: 700; color: inherit; text-decoration: none; }
header ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0; padding: 0; list-style: none; }
header a[aria-current] { font-weight: 700; text-decoration-thickness: 3px; }
header search .who { flex-wrap: nowrap; }
header search input { width: 14rem; }
header .who { margin-left: auto; display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem; }
main:focus { outline: none; }
footer { max-width: 76rem; margin: 0 auto; padding: 1rem; color: var(--muted); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; margin: 1.5rem 0 0.5rem; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
.muted, .none { color: var(--muted); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.bad { color: var(--bad); font-weight: 700; }
.good { color: var(--good); }
.notice { margin: 0 0 1rem; padding: 0.75rem 1rem; border-left: 4px solid; border-radius: 4px; }
.notice.alert { color: var(--bad); background: var(--bad-ground); }
.notice.warning { color: var(--warn); background: var(--warn-ground); }
.notice.done { color: var(--good); background: var(--good-ground); }
.notice a { color: inherit; }
.card { margin: 0 0 1rem; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 6px; }
.card.late { border-left: 6px solid var(--bad); }
.card > :first-child { margin-top: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; }
.chart { margin: 0; padding: 0.5rem; background: var(--raised); border-radius: 6px; }
.chart svg { display: block; width: 100%; height: auto; }
.chart .line { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; }
.bars { width: 6rem; height: 1.25rem; fill: var(--accent); vertical-align: middle; }
.chart .axis { stroke: var(--line); }
table { width: 100%; border-collapse: collapse; margin: 0 0 1rem; }
caption { text-align: left; font-weight: 700; padding: 0.25rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid var(--line); }
thead th { white-space: nowrap; }
tbody th { font-weight: inherit; }
tbody th > div, td > div { min-width: 9ch; }
td.number > div { min-width: 0; overflow-wrap: normal; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
dl { margin: 0 0 1rem; }
dl > div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.15rem 0; }
dt { flex: 0 0 11rem; color: var(--muted); }
dd { flex: 1 1 14rem; margin: 0; }
pre { margin: 0; padding: 0.5rem; background: var(--raised); border-radius: 4px; white-space: pre-wrap; font-size: 0.875rem; }
form { margin: 0; }
label { display: block; font-weight: 600; }
input, select, button, .button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--muted); border-radius: 4px; padding: 0.35rem 0.6rem; min-height: 2.25rem; max-width: 100%; }
input { width: 100%; }
button, .button { display: inline-block; cursor: pointer; text-decoration: none; }
button.main { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
button.danger, .button.danger { color: var(--bad); border-color: var(--bad); }
.fields { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; margin: 0 0 1rem; }
.fields > div { flex: 0 1 14rem; }
.fields.narrow > div { flex-basis: 10rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.5rem 0 1rem; }
.ask { max-width: 40rem; }
.ask > * + * { margin-top: 0.75rem; }
@media (max-width: 46rem) {
  header .who { margin-left: 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody, tr, tbody th, td { display: block; }
  tr { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 0.75rem; padding: 0.25rem 0.75rem; }
  tbody th, td, th.number, td.number { display: flex; gap: 0.75rem; text-align: left; border: 0; padding: 0.2rem 0; }
  tbody th::before, td::before { content: attr(data-label); flex: 0 0 8rem; color: var(--muted); font-weight: 400; }
  tbody th { font-weight: 700; }
  tbody th > div, td > div { min-width: 0; }
  thead th { white-space: normal; }
}
`;
