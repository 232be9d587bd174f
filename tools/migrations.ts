import { spawnSync } from 'node:child_process'

/**
 * Writes the next migration of a wing (or of the FSP) from its `tables.ts` files: `npm run migrations -- grid add_hub_model`.
 * `--custom` makes an empty file for SQL that drizzle-kit cannot write: partitions, exclusion constraints.
 */
const [owner, name = 'change', ...flags] = process.argv.slice(2)
if (!owner) {
  console.error('usage: npm run migrations -- access|grid|planning|market|dispatch|settlement|fsp NAME [--custom]')
  process.exit(2)
}
const schema =
  owner === 'fsp' ? 'fsp/**/tables.ts' : `server/${owner === 'access' ? '{kit,access}' : owner}/**/tables.ts`
const out = owner === 'fsp' ? 'fsp/migrations' : `server/${owner}/migrations`
const result = spawnSync(
  'drizzle-kit',
  ['generate', '--dialect', 'postgresql', '--schema', schema, '--out', out, '--name', name, ...flags],
  {
    stdio: 'inherit',
  },
)
process.exit(result.status ?? 1)
