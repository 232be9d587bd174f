import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'ringmain-run-'

export interface RunFolder {
  readonly path: string
  remove(): Promise<void>
}

/**
 * The folder of a test run, which is from now on the temporary folder of this process and of those that it starts: what a test, a worker
 * that is killed or a program under test leaves behind goes with it. A run that is killed itself leaves its folder to the next run.
 */
export async function makeRunFolder(): Promise<RunFolder> {
  const outside = tmpdir()
  await removeAbandoned(outside)
  const path = await mkdtemp(join(outside, `${prefix}${process.pid}-`))
  // PostgreSQL, which does not run as root, must reach its folder inside.
  await chmod(path, 0o711)
  process.env['TMPDIR'] = path
  return {
    path,
    async remove() {
      process.env['TMPDIR'] = outside
      await removeFolder(path)
    },
  }
}

/** Removes the folders of runs whose process has ended. */
async function removeAbandoned(outside: string): Promise<void> {
  for (const name of await readdir(outside)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    if (pid && !isRunning(Number(pid))) await removeFolder(join(outside, name)).catch(() => undefined)
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A process that is just ending may still write: then it is tried again. */
async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}
