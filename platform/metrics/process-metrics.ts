import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** One figure at one instant. */
export interface Figure {
  /** Without the prefix of its process. */
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  /** One value for each set of labels; a figure without labels has one. */
  readonly values: readonly { labels?: Readonly<Record<string, string>>; value: number }[]
}

/** Reads figures when they are asked for. */
export type FigureSource = () => Promise<readonly Figure[]>

/** Upper bounds of the buckets, s. */
const [requestBounds, taskBounds] = [
  [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  [0.01, 0.05, 0.25, 1, 5, 15, 60, 300],
]

/**
 * What a process tells Prometheus: its requests, its periodic tasks, its memory and event loop, counted as they happen; and figures of its
 * work, read when they are asked for. Every name begins with `ringmain_PROCESS_`.
 */
export class ProcessMetrics {
  readonly prefix: string
  readonly #registry = new Registry()
  readonly #sources: FigureSource[] = []
  readonly #requests: Histogram<'method' | 'route' | 'status'>
  readonly #tasks: Histogram<'task'>
  readonly #failures: Counter<'task'>
  readonly #lastSuccess: Gauge<'task'>

  /** @param name of the process: `server`, `gateway` or `fsp`. */
  constructor(name: string) {
    this.prefix = `ringmain_${name.replaceAll(/\W/g, '_')}_`
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry, prefix: this.prefix })
    this.#requests = new Histogram({
      name: `${this.prefix}request_duration_seconds`,
      help: 'Requests by route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: requestBounds,
      registers,
    })
    this.#tasks = new Histogram({
      name: `${this.prefix}task_duration_seconds`,
      help: 'Runs of periodic tasks',
      labelNames: ['task'],
      buckets: taskBounds,
      registers,
    })
    this.#failures = new Counter({
      name: `${this.prefix}task_failures_total`,
      help: 'Runs of periodic tasks that failed',
      labelNames: ['task'],
      registers,
    })
    this.#lastSuccess = new Gauge({
      name: `${this.prefix}task_last_success_timestamp_seconds`,
      help: 'When a periodic task last succeeded',
      labelNames: ['task'],
      registers,
    })
  }

  /** Counts a request. @param route its pattern, not its path: paths hold identifiers without end. */
  requested(method: string, route: string, status: number, durationMs: number): void {
    this.#requests.observe({ method, route, status: String(status) }, durationMs / 1_000)
  }

  /** Counts a run of a periodic task that ended at an instant, ms. */
  ran(task: string, durationMs: number, hasFailed: boolean, atMs: number): void {
    this.#tasks.observe({ task }, durationMs / 1_000)
    this.#failures.inc({ task }, hasFailed ? 1 : 0)
    if (!hasFailed) this.#lastSuccess.set({ task }, atMs / 1_000)
  }

  /** Adds figures that are read anew each time. */
  read(source: FigureSource): void {
    this.#sources.push(source)
  }

  /** All of it in the Prometheus text format. Figures that cannot be read are left out, and `figures_unread` is 1. */
  async text(): Promise<string> {
    const registry = new Registry()
    const unread = new Gauge({
      name: `${this.prefix}figures_unread`,
      help: 'Whether figures of its work could not be read',
      registers: [registry],
    })
    for (const source of this.#sources) {
      const figures = await source().catch(() => null)
      if (figures === null) unread.set(1)
      for (const figure of figures ?? []) this.#put(figure, registry)
    }
    return Registry.merge([this.#registry, registry]).metrics()
  }

  #put({ name, help, type, values }: Figure, registry: Registry): void {
    const labelNames = [...new Set(values.flatMap(({ labels }) => Object.keys(labels ?? {})))]
    const settings = { name: `${this.prefix}${name}`, help, labelNames, registers: [registry] }
    const metric = type === 'counter' ? new Counter(settings) : new Gauge(settings)
    for (const { labels, value } of values) metric.inc({ ...labels }, value)
  }
}
