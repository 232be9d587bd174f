import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { checkMigrated } from '../cli/distribute.ts'
import { passingDatabases } from '../cli/system/databases.ts'
import { fspMigrations } from '../fsp/app/migrations.ts'
import { serverMigrations } from '../server/app/migrations.ts'
import { licenceFaults } from './licences.ts'
import { pathsIn } from './paths.ts'
import { billOfMaterials } from './sbom.ts'
import { byHand } from './schema/by-hand.ts'
import { definitionsIn, schemaFaults } from './schema/schema.ts'
import { textFaults } from './texts.ts'
import { upgradeFaults } from './upgrades/upgrades.ts'

/** `npm run verify`: format, lint, types, dependency rules, unused code. All checks run at once; every fault is shown, and any one fails. */
const folders = [
  'schemas',
  'platform',
  'dnp3-gateway',
  'server',
  'fsp',
  'web',
  'seeds',
  'cli',
  'bench',
  'test',
  'tools',
]

interface Outcome {
  code: number
  stdout: string
  stderr: string
}

function run(command: string, args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const outcome = { code: 1, stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => (outcome.stdout += String(chunk)))
    child.stderr.on('data', (chunk) => (outcome.stderr += String(chunk)))
    child.on('error', (error) => resolve({ ...outcome, stderr: error.message }))
    child.on('close', (code) => resolve({ ...outcome, code: code ?? 1 }))
  })
}

/** Every module below a folder. */
function modulesIn(folder: string): string[] {
  const found: string[] = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !['dist', 'migrations', 'node_modules'].includes(entry.name))
      found.push(...modulesIn(join(folder, entry.name)))
    else if (/\.(ts|tsx|mjs)$/.test(entry.name)) found.push(join(folder, entry.name))
  }
  return found
}

/** If dependency-cruiser cannot read TypeScript it reads nothing and passes, so what it read is compared with what exists. */
async function dependencyRules(present: string[]): Promise<Outcome> {
  const outcome = await run('depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...present])
  const { summary } = JSON.parse(outcome.stdout || '{"summary":{"violations":[],"totalCruised":0}}')
  const modules = present.flatMap(modulesIn).length
  const faults = summary.violations.map(
    (v: { from: string; to: string; rule: { name: string } }) => `${v.rule.name}: ${v.from} → ${v.to}`,
  )
  if (summary.totalCruised < modules) faults.push(`only ${summary.totalCruised} of ${modules} modules were read`)
  return { code: faults.length > 0 ? 1 : 0, stdout: faults.join('\n'), stderr: outcome.stderr }
}

/** Paths of our APIs stand in `schemas/` alone; everything else names the operation. */
async function writtenPaths(present: string[]): Promise<Outcome> {
  const files = present.filter((folder) => folder !== 'schemas').flatMap(modulesIn)
  const faults = files.flatMap((file) => pathsIn(file))
  const lines = faults.map(
    ({ file, line, text, operation }) => `${file}:${line}: name the operation ${operation} instead of ${text}`,
  )
  return { code: faults.length > 0 ? 1 : 0, stdout: lines.join('\n'), stderr: '' }
}

/** Every package of the lockfile has a licence that is accepted. */
async function licences(): Promise<Outcome> {
  const faults = licenceFaults(billOfMaterials().components)
  return { code: faults.length > 0 ? 1 : 0, stdout: faults.join('\n'), stderr: '' }
}

/** The tables that the program is written for are those that the migrations make. */
async function definitions(): Promise<Outcome> {
  const databases = await passingDatabases()
  try {
    const faults = [
      ...(await schemaFaults(
        databases.serverUrl,
        await definitionsIn('server'),
        serverMigrations,
        Object.keys(byHand),
      )),
      ...(await schemaFaults(databases.fspUrl, await definitionsIn('fsp'), fspMigrations, [])),
    ]
    return { code: faults.length > 0 ? 1 : 0, stdout: faults.join('\n'), stderr: '' }
  } finally {
    await databases.stop()
  }
}

/** Every table has a place on a cluster that fits it. */
async function places(): Promise<Outcome> {
  const { faults } = await checkMigrated()
  return { code: faults.length > 0 ? 1 : 0, stdout: faults.join('\n'), stderr: '' }
}

/** The catalogue of each face has the texts that its sources have. */
async function texts(): Promise<Outcome> {
  const faults = await textFaults()
  return { code: faults.length > 0 ? 1 : 0, stdout: faults.join('\n'), stderr: '' }
}

/** No migration breaks programs of the release before, which run on while the next one starts. */
async function upgrades(): Promise<Outcome> {
  const faults = await upgradeFaults([...serverMigrations, ...fspMigrations])
  return { code: faults.length > 0 ? 1 : 0, stdout: faults.join('\n'), stderr: '' }
}

const present = readdirSync('.').filter((name) => folders.includes(name))
const steps: Record<string, () => Promise<Outcome>> = {
  'format and lint': () => run('biome', ['check', '--error-on-warnings', '.']),
  types: () => run('node', ['node_modules/ts7/bin/tsc', '-p', '.', '--pretty', 'false']),
  'web types': () => run('node', ['node_modules/ts7/bin/tsc', '-p', 'web', '--pretty', 'false']),
  // Each face has a router, and links are typed by one only.
  'depot web types': () => run('node', ['node_modules/ts7/bin/tsc', '-p', 'web/depot', '--pretty', 'false']),
  'planner web types': () => run('node', ['node_modules/ts7/bin/tsc', '-p', 'web/planner', '--pretty', 'false']),
  'dependency rules': () => dependencyRules(present),
  'unused code': () => run('knip', ['--no-progress']),
  licences,
  'written paths': () => writtenPaths(present),
  'texts of faces': texts,
  'definitions of tables': definitions,
  'places of tables': places,
  upgrades,
}

let failed = 0
await Promise.all(
  Object.entries(steps).map(async ([name, step]) => {
    const started = performance.now()
    const { code, stdout, stderr } = await step()
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
    if (code === 0) return
    failed++
    console.log(`${stdout}\n${stderr}`.trim())
  }),
)
process.exit(failed > 0 ? 1 : 0)
