/** What a panel is about: kept by the webview as an opaque text, so that it is found again after a reload. */
export interface PanelTarget {
  readonly context: string;
  readonly namespace: string;
  readonly service: string;
  /** Absent for a service without a canary. */
  readonly rolloutId?: string;
}

export function panelKeyOf(target: PanelTarget): string {
  return JSON.stringify(target);
}

/** The target of a key; undefined when the text is not one (it comes back from a webview). */
export function targetOf(key: string): PanelTarget | undefined {
  try {
    const value = JSON.parse(key) as Record<string, unknown>;
    const { context, namespace, service, rolloutId } = value;
    if (typeof context !== 'string' || typeof namespace !== 'string') return undefined;
    if (typeof service !== 'string') return undefined;
    return { context, namespace, service, ...(typeof rolloutId === 'string' && { rolloutId }) };
  } catch {
    return undefined;
  }
}
