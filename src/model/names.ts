/** What we write into a cluster is marked with these, and with nothing else (DESIGN 11). */
export const labelPrefix = 'cablecar/';
/** Names of rules that we put into a route begin with it. */
export const rulePrefix = 'cablecar-';
export const fieldManager = 'cablecar';
export const managedByLabel = { 'app.kubernetes.io/managed-by': 'cablecar' } as const;
