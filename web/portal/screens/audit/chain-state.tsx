import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type AuditEntry, auditCheck } from '../../../../schemas/access/audit.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { auditStateQuery } from '../../audit-queries.ts'
import styles from './audit.module.css'

/** Up to which entry the chain was found unaltered, when and by whom; and the way to check it now. */
export function ChainState() {
  const query = useQuery(auditStateQuery)
  const queries = useQueryClient()
  const check = useMutation({
    mutationFn: () => api.call(operations.verifyAudit, {}),
    onSettled: () => queries.invalidateQueries({ queryKey: ['audit'] }),
  })
  const button = (
    <Button loading={check.isPending} onClick={() => check.mutate()}>
      Check the chain now
    </Button>
  )
  return (
    <Loaded query={query}>
      {(state) => (
        <>
          <LastCheck state={state} button={button} />
          {check.isError && <ProblemNotice error={check.error} />}
        </>
      )}
    </Loaded>
  )
}

interface State {
  newest: AuditEntry | null
  check: AuditEntry | null
}

function LastCheck({ state: { newest, check }, button }: { state: State; button: ReactNode }) {
  if (!check)
    return (
      <Notice tone="doubt" title="The chain has never been checked from here">
        <div className={styles.state}>
          <span>
            Each entry holds the hash of the one before it. A check follows them all, names the first entry that was
            altered or removed, and is an entry itself.
          </span>
          {button}
        </div>
      </Notice>
    )
  const { head, fault } = auditCheck.parse(check.detail)
  const by = `checked ${dayAndTime(check.at)} by ${check.actor}`
  if (fault)
    return (
      <Notice tone="fault" title={`The chain is broken at entry ${fixed(fault.position, 0)}: ${by}`}>
        <p className={styles.broken}>{fault.detail}</p>
        <p>
          Nothing that follows it is proof any more. Keep the database as it is, and compare it with the latest backup
          and with the heads of the trail in the server’s logs.
        </p>
        <div className={styles.state}>
          {button}
          {fault.position > 1 && (
            <LinkButton to="/audit" search={{ entry: fault.position - 1 }}>
              Open the last entry that holds
            </LinkButton>
          )}
        </div>
      </Notice>
    )
  const since = (newest?.position ?? 0) - (head?.position ?? 0)
  return (
    <Notice>
      <div className={styles.state}>
        <span>
          Unaltered up to <EntryLink position={head?.position ?? 0} />, {by}.{' '}
          {since > 0 && `${count(since, 'entry', 'entries')} since then, the check included.`}
          {head && <code className={styles.hash}> {head.hash}</code>}
        </span>
        {button}
      </div>
    </Notice>
  )
}

function EntryLink({ position }: { position: number }) {
  if (position === 0) return 'its beginning'
  return (
    <Link to="/audit" search={{ entry: position }} style={{ textDecoration: 'underline' }}>
      entry {fixed(position, 0)}
    </Link>
  )
}
