import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { keyFrom } from '../../fsp/index.ts'
import type { AuthorizationKeys } from '../../fsp/simulator/index.ts'

/**
 * The simulated charge points' AuthorizationKeys: from a secret, until the central system gives one another, which the file keeps, as a
 * unit in the field would in its own memory.
 */
export function chargePointKeys(secret: string, file: string): AuthorizationKeys {
  const changed = readKeys(file)
  return {
    of: (identity) => changed.get(identity) ?? keyFrom(secret, identity),
    changed(identity, key) {
      changed.set(identity, key)
      mkdirSync(dirname(file), { recursive: true })
      // Replaced in one step, so that a crash leaves the keys of before or those of after.
      writeFileSync(`${file}.new`, `${JSON.stringify(Object.fromEntries(changed), null, 2)}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}

function readKeys(file: string): Map<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>))
  } catch {
    return new Map()
  }
}
