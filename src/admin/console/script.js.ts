/**
 * The console's script: it fetches a live page again and puts the new content in place. Not while the page is not seen, nor
 * while somebody stands in that content by keyboard; and a person can stop it.
 */
export const script = `
const everyMs = 10000;
const live = document.getElementById('live');
const toggle = document.getElementById('refresh');
if (live && toggle) {
  toggle.hidden = false;
  const isOn = () => toggle.getAttribute('aria-pressed') === 'true';
  toggle.addEventListener('click', () => toggle.setAttribute('aria-pressed', String(!isOn())));
  const refresh = async () => {
    if (!isOn() || document.hidden || live.contains(document.activeElement)) return;
    const answer = await fetch(location.href, {headers: {accept: 'text/html'}});
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('live');
    if (!fresh) location.reload();
    else if (isOn() && !live.contains(document.activeElement)) live.replaceChildren(...fresh.childNodes);
  };
  const said = document.getElementById('refreshed');
  setInterval(() => refresh().then(
    () => { said.textContent = ''; },
    () => { said.textContent = 'The service does not answer: this is what it last said.'; },
  ), everyMs);
}
`;
