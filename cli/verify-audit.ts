import { Command, InvalidArgumentError } from 'commander'
import { openDatabase } from '../platform/db/index.ts'
import type { AuditCheck } from '../schemas/access/audit.ts'
import { type Head, verifyChain } from '../server/access/index.ts'
import { dataOption } from './options.ts'
import { withServerDatabase } from './system/databases.ts'

/** `ringmain verify-audit`: checks the whole audit trail; it exits with 1 if an entry is not what was committed. */
export function verifyAuditCommand(): Command {
  return new Command('verify-audit')
    .description(
      'check that no entry of the audit trail has been altered, removed or slipped in, and name the first that has',
    )
    .option('--head <position:hash>', 'a head that was noted earlier, which the trail must still hold', parseHead)
    .addOption(dataOption())
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nDATABASE_URL names the server’s PostgreSQL; without it the embedded one of the data folder is used. The server may be running.',
    )
    .action(verifyAudit)
}

function parseHead(text: string): Head {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (!position || !hash)
    throw new InvalidArgumentError('It must be a position and a hash, as an earlier check printed them.')
  return { position: Number(position), hash }
}

async function verifyAudit(flags: { head?: Head; data?: string; json: boolean }): Promise<void> {
  const outcome = await withServerDatabase(flags.data, async (url) => {
    const { db, close } = await openDatabase(url, { poolSize: 1 })
    return verifyChain(db, flags.head ?? null).finally(close)
  })
  process.stdout.write(flags.json ? `${JSON.stringify(outcome)}\n` : wordsOf(outcome))
  if (outcome.fault) process.exitCode = 1
}

function wordsOf({ entries, head, fault }: AuditCheck): string {
  if (fault) return `The audit trail is not intact. ${fault.detail}\n${entries} entries before it are as committed.\n`
  if (!head) return 'The audit trail is empty.\n'
  return `The audit trail is intact: ${entries} entries.\nHead ${head.position}:${head.hash}\nNote it outside this system, and pass it to a later check with --head.\n`
}
