import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Mutation, mutations } from './list.ts'

/**
 * `npm run -s sim-mutations [-- WORDS]`: makes each change of the list alone (or those whose description has the words) to a copy of the sources,
 * plays the day that it is to be noticed on, and fails if one is not. Takes a minute for each.
 */
const run = promisify(execFile)
const folders = [
  'cli',
  'dnp3-gateway',
  'fsp',
  'platform',
  'schemas',
  'seeds',
  'server',
  'tools',
  'web/planner',
  'web/portal',
]

/** The sources in a folder of their own, without what is built and installed. */
async function copySources(folder: string): Promise<void> {
  for (const name of folders)
    await cp(name, join(folder, name), { recursive: true, filter: (source) => !/\/(dist|node_modules)$/.test(source) })
  await cp('package.json', join(folder, 'package.json'))
  await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
}

/** Does something while a mutation is made. Errors: a text that is not in its file, or more than once. */
async function mutated<T>(folder: string, { edits }: Mutation, work: () => Promise<T>): Promise<T> {
  const originals = new Map<string, string>()
  try {
    for (const { file, find, replace } of edits) {
      const path = join(folder, file)
      const text = await readFile(path, 'utf8')
      if (text.split(find).length !== 2)
        throw new Error(`${file} has “${find}” ${text.split(find).length - 1} times, not once`)
      originals.set(path, text)
      await writeFile(
        path,
        text.replace(find, () => replace),
      )
    }
    return await work()
  } finally {
    for (const [path, text] of originals) await writeFile(path, text)
  }
}

/** The invariants that break on the day of a mutation. */
async function brokenBy(folder: string, mutation: Mutation): Promise<string[]> {
  return mutated(folder, mutation, async () => {
    const play = ['tools/sim-mutations/play.ts', JSON.stringify(mutation.faults)]
    const { stdout } = await run(process.execPath, play, { cwd: folder })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]')
  })
}

const wanted = mutations.filter(({ what }) => what.includes(process.argv[2] ?? ''))
if (wanted.length === 0) {
  console.error(
    `No mutation is described with “${process.argv[2]}”: leave the word out, or choose one of tools/sim-mutations/list.ts.`,
  )
  process.exit(2)
}
let missed = 0
const folder = await mkdtemp(join(tmpdir(), 'ringmain-mutations-'))
try {
  await copySources(folder)
  for (const mutation of wanted) {
    const broken = await brokenBy(folder, mutation)
    const isCaught = broken.includes(mutation.invariant)
    if (!isCaught) missed++
    const found = broken.length === 0 ? 'nothing' : broken.join(', ')
    console.log(
      `${isCaught ? 'caught' : 'MISSED'}  ${mutation.what}: ${isCaught ? found : `${mutation.invariant} holds; broken is ${found}`}`,
    )
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.exit(missed === 0 ? 0 : 1)
