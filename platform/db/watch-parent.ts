import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'

/** Ends a process once its input has ended: `$1` is its process, interrupted as Ctrl-C would. */
const script = 'while read -r _; do :; done; kill -INT "$1" 2>/dev/null'

/**
 * Sees to it that a child ends with us, however we end. A process that is killed can do nothing more, and a detached child lives on: so a
 * shell waits at the other end of a pipe, which the system closes with us. @returns ends the watch; the child goes on.
 */
export function endWithUs(child: ChildProcess): () => void {
  const { pid } = child
  if (pid === undefined) return () => undefined
  const watch = spawn('/bin/sh', ['-c', script, 'watch-parent', String(pid)], {
    // Ctrl-C must not reach it before we have stopped the child ourselves.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Where there is no shell, the next start ends what was left behind (`startCluster`).
  watch.on('error', () => undefined)
  watch.unref()
  ;(watch.stdin as Socket).unref()
  const stop = () => void watch.kill('SIGKILL')
  // Its process number may be another's by the time that we end.
  child.once('exit', stop)
  return stop
}
