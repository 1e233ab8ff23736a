/** The address with this query, percent-encoded, blanks too: not every server reads `+` as one. */
export function withQuery(address: URL, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(address);
  const parts = Object.entries(query).map((part) => part.map(encodeURIComponent).join('='));
  if (parts.length > 0) url.search = parts.join('&');
  return url;
}
