import { Hono, type MiddlewareHandler } from 'hono'
import { Registry } from 'prom-client'
import { type Listener, listen, patternOf, type Readiness, serveHealth } from '../http/index.ts'
import type { ProcessMetrics } from './process-metrics.ts'

/** What a metrics port shows. */
export interface MetricsPages {
  /** By path, such as `/metrics`: text in the Prometheus format. */
  readonly pages: Readonly<Record<string, () => Promise<string>>>
  readonly readiness?: Readiness
}

/** Where the metrics of a process are served, if they are. */
export interface MetricsPlace {
  /** 0 takes any free port; without one there are none. */
  readonly metricsPort?: number
  /** Address of the port; by default the loopback. */
  readonly metricsHost?: string
}

/** Serves metrics, `/healthz` and `/readyz` at a port of their own, which nobody but the operator's monitoring is to reach; `null`: without a port. */
export async function serveMetrics(
  { metricsHost = '127.0.0.1', metricsPort }: MetricsPlace,
  what: string,
  { pages, readiness = () => Promise.resolve(null) }: MetricsPages,
): Promise<Listener | null> {
  if (metricsPort === undefined) return null
  const listener = await listen({
    host: metricsHost,
    port: metricsPort,
    what,
    portSetting: '--metrics-port or RINGMAIN_METRICS_PORT',
  })
  const app = new Hono()
  const type = { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }
  for (const [path, page] of Object.entries(pages)) app.get(path, async (c) => c.body(await page(), 200, type))
  serveHealth(app, readiness)
  listener.use((request) => app.fetch(request))
  return listener
}

/** Counts every request that passes, by the pattern of its route; what no route takes counts as `none`. */
export function countRequests(metrics: ProcessMetrics): MiddlewareHandler {
  return async (c, next) => {
    const begun = performance.now()
    await next()
    metrics.requested(c.req.method, patternOf(c), c.res.status, performance.now() - begun)
  }
}
