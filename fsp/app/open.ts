import type { Clock } from '../../platform/clock/index.ts'
import { databaseFault, type Environment } from '../../platform/db/index.ts'
import { type Listener, listen } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import {
  type FigureSource,
  type MetricsPlace,
  type ProcessMetrics,
  serveMetrics,
} from '../../platform/metrics/index.ts'
import { createSecretBox, loadSecretKeys, resealColumns } from '../../platform/secrets/index.ts'
import type { Certificate } from '../../platform/tls/index.ts'
import { type SpanMaker, tracedClock } from '../../platform/tracing/index.ts'
import { depotsOf, type FirstRegisters, Registers, takeOver } from '../registers/index.ts'
import type { FspContext } from './context.ts'
import { openFspDatabase } from './database.ts'
import { fspSealedColumns } from './sealed.ts'

/** What any FSP of ours is started with. */
export interface OpenOptions extends MetricsPlace {
  databaseUrl: string
  environment: Environment
  host: string
  /** Port of its APIs; 0 takes any free port. */
  port: number
  /** The DNO's server, without a path; `null` for an FSP that stands alone. */
  dnoUrl: string | null
  secretKeyFile: string
  clock: Clock
  log: Log
  /** The certificate for TLS at the port of its APIs; without it, plain HTTP. */
  certificate?: Certificate
  /** Its address as others reach it, if that differs from the bound address. */
  publicUrl?: string
  /** Folder with the built portal of its people. */
  portalFolder?: string
  /** What the process tells Prometheus. */
  metrics?: ProcessMetrics
  /** What makes its spans; without it, it is not traced. */
  tracing?: SpanMaker
}

/** Opens the port of its metrics, if it is to have one; returns where they are. */
export async function openMetrics(
  { metrics, ...place }: Pick<OpenOptions, 'metrics' | 'metricsPort' | 'metricsHost'>,
  { context, onClose }: Pick<OpenFsp, 'context' | 'onClose'>,
  figures: FigureSource,
): Promise<string | null> {
  if (!metrics) return null
  metrics.read(figures)
  const pages = { '/metrics': () => metrics.text() }
  const listener = await serveMetrics(place, 'the FSP’s metrics', { pages, readiness: () => databaseFault(context) })
  if (!listener) return null
  onClose(() => listener.close(0))
  return `${listener.url}/metrics`
}

/** An FSP that is open, and that nobody is served by yet. */
export interface OpenFsp {
  context: FspContext
  listener: Listener
  /** Adds what is to be closed before all that was added earlier. */
  onClose(step: () => Promise<void> | void): void
  close(): Promise<void>
}

/**
 * Opens an FSP's database, address, secrets and registers.
 * @param first what the registers take over at the first start; `null`: nothing.
 */
export async function openFsp(
  options: OpenOptions,
  { what, portSetting, first }: { what: string; portSetting: string; first: FirstRegisters | null },
): Promise<OpenFsp> {
  const { log, host, port, dnoUrl, certificate = null } = options
  const clock = tracedClock(options.clock, options.tracing)
  const { db, close: closeDatabase } = await openFspDatabase(options)
  const closers: (() => Promise<void> | void)[] = [closeDatabase]
  const close = async () => {
    for (const step of closers) await step()
  }
  try {
    const listener = await listen({ host, port, what, portSetting, certificate })
    closers.unshift(() => listener.close(1_000))
    const secrets = createSecretBox(...(await loadSecretKeys(options.secretKeyFile, (sentence) => log.warn(sentence))))
    await resealColumns(db, secrets, fspSealedColumns)
    const publicUrl = (options.publicUrl ?? listener.url).replace(/\/+$/, '')
    const registers = new Registers({ db, clock })
    await registers.load()
    if (first) await takeOver({ db, clock }, registers, first)
    const context: FspContext = {
      db,
      clock,
      log,
      secrets,
      registers,
      publicUrl,
      dnoUrl,
      get depots() {
        return depotsOf(registers.now())
      },
    }
    return { context, listener, close, onClose: (step) => void closers.unshift(step) }
  } catch (error) {
    await close()
    throw error
  }
}
