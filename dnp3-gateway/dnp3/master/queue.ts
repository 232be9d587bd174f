/** Operations on one outstation, one after the other: DNP3 allows one outstanding request per association. */

type Job = () => Promise<void>

export class JobQueue {
  private readonly jobs: Job[] = []
  private running = false
  private idleWaiters: (() => void)[] = []

  /** Jobs waiting or running. */
  get size(): number {
    return this.jobs.length + (this.running ? 1 : 0)
  }

  /** Adds a job at the end, or `first` before those waiting. Jobs settle their own promises and never reject. */
  add(job: Job, first = false): void {
    if (first) this.jobs.unshift(job)
    else this.jobs.push(job)
    if (!this.running) void this.drain()
  }

  /** Resolves when nothing waits or runs. */
  idle(): Promise<void> {
    if (this.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.idleWaiters.push(resolve)
    })
  }

  private async drain(): Promise<void> {
    this.running = true
    for (let job = this.jobs.shift(); job !== undefined; job = this.jobs.shift()) await job()
    this.running = false
    const waiters = this.idleWaiters
    this.idleWaiters = []
    for (const resolve of waiters) resolve()
  }
}
