import { access, constants, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, StartupError } from '../errors/index.ts'

/**
 * Makes a folder and its parents, and checks that it can be written; throws a `StartupError` that names the flag for choosing another.
 * Node's own recursive mkdir never ends on file systems that refuse with ENOENT, such as /proc.
 */
export async function makeWritableFolder(folder: string, what: string, setting: string): Promise<void> {
  try {
    await makeFolder(folder)
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error('is a file'), { code: 'ENOTDIR' })
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new StartupError(
      `${what} ${folder} cannot be written (${codeOf(error)}): choose another with ${setting}, or fix its permissions.`,
    )
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') return
    const parent = dirname(folder)
    const parentExists = await stat(parent).catch(() => null)
    if (code !== 'ENOENT' || parentExists) throw error
    await makeFolder(parent)
    await mkdir(folder)
  }
}
