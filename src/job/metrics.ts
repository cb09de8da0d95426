import { systemClock } from '../base/clock.ts';
import type { ClusterSession } from '../cluster/session.ts';
import { AlertService } from '../metrics/alertService.ts';
import { MetricsService } from '../metrics/service.ts';
import type { RunPorts } from '../operations/run/ports.ts';
import { runMetrics } from '../wiring/runMetrics.ts';

/** Prometheus and Alertmanager of a Job: by the addresses it was given, else found among the Services. */
export function jobMetrics(
  session: ClusterSession,
  addresses: {
    readonly prometheus?: string | undefined;
    readonly alertmanager?: string | undefined;
  },
): Pick<RunPorts, 'look' | 'alerts' | 'restarts'> {
  const at = (url: string | undefined, setting: string) => () =>
    Promise.resolve(url === undefined ? undefined : { url, setting });
  return runMetrics({
    context: session.target.context,
    session: {
      snapshot: () => session.snapshot(),
      proxyGet: (path, query, signal) => session.proxyGet(path, query, signal),
    },
    metrics: new MetricsService({ direct: at(addresses.prometheus, '--prometheus') }, systemClock),
    alerts: new AlertService(at(addresses.alertmanager, '--alertmanager'), systemClock),
    queries: () => ({ reporter: 'destination', applicationMetrics: 'auto' }),
  });
}
