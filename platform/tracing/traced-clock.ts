import { ROOT_CONTEXT } from '@opentelemetry/api'
import type { Clock, Task } from '../clock/index.ts'
import { beginSpan, linksHere, type SpanMaker } from './active.ts'

/** A clock whose tasks each begin a trace; one that was set up by a request or another task is linked to that. Without tracing, the clock itself. */
export function tracedClock(clock: Clock, maker: SpanMaker | undefined): Clock {
  if (!maker) return clock
  const traced = (name: string, task: Task): Task => {
    const links = linksHere()
    return (at) => {
      const stated = { name: kindOf(name), attributes: { 'ringmain.task.due': at.toString() }, links }
      return beginSpan(maker, ROOT_CONTEXT, stated, () => task(at))
    }
  }
  return {
    now: () => clock.now(),
    every: (name, periodMs, task, options) => clock.every(name, periodMs, traced(name, task), options),
    at: (name, at, task) => clock.at(name, at, traced(name, task)),
    after: (name, ms, task) => clock.after(name, ms, traced(name, task)),
  }
}

/** The kind of a task: of `decision of islington`, `decision`. Depots are without end, names of spans are to be few. */
function kindOf(name: string): string {
  return name.split(' of ', 1)[0] ?? name
}
