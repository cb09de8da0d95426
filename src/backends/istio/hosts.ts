/** A Service of the cluster. */
export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The Service that a host means in a rule of `namespace`. Istio completes only names without a dot, with the namespace of the rule;
 * `shop.default` is taken literally and reaches nothing (pilot, ResolveShortnameToFQDN). Undefined for hosts outside the cluster.
 */
export function serviceOfHost(host: string, namespace: string): ServiceName | undefined {
  if (host === '' || host.includes('*')) return undefined;
  if (!host.includes('.')) return { namespace, name: host };
  const parts = /^([^.]+)\.([^.]+)\.svc(\..+)?$/.exec(host);
  return parts?.[1] && parts[2] ? { namespace: parts[2], name: parts[1] } : undefined;
}

/** `shop.default`: written as people do for DNS, which Istio does not complete. */
export function looksIncomplete(host: string): boolean {
  return /^[a-z0-9-]+\.[a-z0-9-]+(\.svc)?$/.test(host) && !host.endsWith('.svc');
}
