import { backendOf } from '../backends/registry.ts';
import type { QuerySettings } from '../backends/backend.ts';
import type { AlertService } from '../metrics/alertService.ts';
import type { MetricsCluster } from '../metrics/findings.ts';
import type { MetricsService } from '../metrics/service.ts';
import { readRestarts } from './podRestarts.ts';
import type { RunPorts } from '../operations/run/ports.ts';

/** What a run asks of Prometheus and Alertmanager, by way of the back end that knows the series of its rollout. */
export function runMetrics(parts: {
  readonly context: string;
  readonly session: MetricsCluster;
  readonly metrics: MetricsService;
  readonly alerts: AlertService;
  readonly queries: () => QuerySettings;
}): Pick<RunPorts, 'look' | 'alerts' | 'restarts'> {
  const { context, session, metrics, alerts, queries } = parts;
  return {
    look: (rollout, planMetrics, signal) => {
      const backend = backendOf(rollout.backend);
      if (backend === undefined) throw new Error(`No back end ${rollout.backend}.`);
      const own = planMetrics.flatMap((metric) => (metric.kind === 'query' ? [metric] : []));
      const request = {
        context,
        session,
        rollout,
        selectors: backend.samples(rollout, queries()),
        latency: planMetrics.some(({ kind }) => kind === 'latency') ? 'read' : 'leave',
        queries: own,
      } as const;
      return metrics.look(request, signal);
    },
    restarts: (rollout, signal) => readRestarts(session.proxyGet, rollout, signal),
    alerts: (anyOf, signal) => alerts.look({ context, session, anyOf }, signal),
  };
}
