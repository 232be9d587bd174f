import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type Component, licenceFaults } from './licences.ts'

/**
 * `npm run -s sbom` prints the software bill of materials, in CycloneDX: every package of the lockfile with its version, hash
 * and licence. It fails if a licence is unknown or not accepted.
 */
export function billOfMaterials(): { metadata: { component: { name: string } }; components: Component[] } {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only']
  const { status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`npm sbom failed: ${stderr}`)
  const bill = JSON.parse(stdout)
  // npm names the application after its folder.
  bill.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name
  return bill
}

if (import.meta.main) {
  const bill = billOfMaterials()
  const faults = licenceFaults(bill.components)
  process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`)
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  process.exitCode = faults.length > 0 ? 1 : 0
}
