/** Messages between a benchmark and its child processes: orders and answers. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Processor time of this process, s. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** In a child: carries out orders by name. */
export function onOrder<T>(handlers: Record<string, (order: T) => Promise<void>>): void {
  process.on('message', ({ name, order }: { name: string; order: T }) => void handlers[name]?.(order))
  process.on('disconnect', () => process.exit(0))
}

/** In a child: answers the last order. */
export function tell(answer: object): void {
  process.send?.(answer)
}

/** A process that carries out orders, one at a time. */
export class Child {
  readonly #process: ChildProcess

  constructor(file: URL) {
    this.#process = fork(fileURLToPath(file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** Gives an order and waits for its answer. Rejects if the child ends instead. */
  async order<T>(name: string, order: object = {}): Promise<T> {
    this.#process.send({ name, order })
    const done = new AbortController()
    const ended = once(this.#process, 'exit', { signal: done.signal }).then(() => {
      throw new Error(`a child process ended before completing "${name}"`)
    })
    try {
      const [answer] = await Promise.race([once(this.#process, 'message', { signal: done.signal }), ended])
      return answer as T
    } finally {
      ended.catch(() => undefined)
      done.abort()
    }
  }

  async stop(): Promise<void> {
    if (!this.#process.connected) return
    const ended = once(this.#process, 'exit')
    this.#process.disconnect()
    await ended
  }
}
