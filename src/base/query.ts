/** Parameters of a URL. A list repeats its name, once for each value. */
export type UrlQuery = Readonly<Record<string, string | readonly string[]>>;

/** As it stands behind the `?`, encoded; '' without parameters. */
export function queryText(query: UrlQuery): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) params.append(name, one);
  }
  return params.toString();
}
