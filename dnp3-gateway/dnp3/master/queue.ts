/** Operations on one outstation, one after the other: DNP3 allows one outstanding request per association. */

/** Does its work, then calls `done`, once. */
type Job = (done: () => void) => void

export class JobQueue {
  private readonly jobs: Job[] = []
  private running = false
  private idleWaiters: (() => void)[] = []

  /** Jobs waiting or running. */
  get size(): number {
    return this.jobs.length + (this.running ? 1 : 0)
  }

  /** Adds a job at the end, or with `first` ahead of those waiting. */
  add(job: Job, first = false): void {
    if (!this.running) {
      this.running = true
      job(this.next)
    } else if (first) this.jobs.unshift(job)
    else this.jobs.push(job)
  }

  /** Resolves when nothing is waiting or running. */
  idle(): Promise<void> {
    if (this.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.idleWaiters.push(resolve)
    })
  }

  private readonly next = (): void => {
    const job = this.jobs.length > 0 ? this.jobs.shift() : undefined
    this.running = job !== undefined
    if (job !== undefined) job(this.next)
    else if (this.idleWaiters.length > 0) for (const resolve of this.idleWaiters.splice(0)) resolve()
  }
}
