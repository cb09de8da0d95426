/** A name that Kubernetes takes: lower case letters, digits and hyphens, at most 40 characters, so that more can be appended. */
export function runIdOf(planName: string, suffix = ''): string {
  const slug = planName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '');
  return [slug === '' ? 'plan' : slug, suffix].filter((part) => part !== '').join('-');
}
