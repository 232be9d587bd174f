import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { PortalAccount } from '../../../../schemas/access/accounts.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field } from '../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count } from '../../../shared/format/power.ts'
import { roleWords } from '../../../shared/format/words.ts'
import { accountSessionsQuery, accountsQuery } from '../../account-queries.ts'
import styles from '../account/account.module.css'
import { AccountForm } from './account-form.tsx'
import { AccountSessions } from './account-sessions.tsx'

/** One account, and what an administrator does for or against it. */
export function AccountPanel({ account, onClose }: { account: PortalAccount; onClose: () => void }) {
  const { fullName, username, roles, active, external, hasSecondFactor } = account
  return (
    <SidePanel title={fullName} onClose={onClose}>
      <PanelFacts
        items={[
          ['User name', username],
          ['Roles', roles.map((role) => roleWords[role]).join(', ')],
          ['State', active ? 'active' : 'disabled'],
          ['Second factor', external ? 'managed elsewhere' : hasSecondFactor ? 'yes' : 'no'],
        ]}
      />
      <PanelPart title="Access">
        <Access account={account} />
      </PanelPart>
      <PanelPart title="Where it is logged in">
        <AccountSessions account={account} />
      </PanelPart>
      {hasSecondFactor && (
        <PanelPart title="Lost second factor">
          <RemoveSecondFactor username={username} />
        </PanelPart>
      )}
      <PanelPart title="In the audit trail">
        <div className={styles.form}>
          <Link to="/audit" search={{ who: username }}>
            What {fullName} did
          </Link>
          <Link to="/audit" search={{ subject: 'account', id: username }}>
            What was done to the account
          </Link>
        </div>
      </PanelPart>
    </SidePanel>
  )
}

function useAccountChange<T>(change: (given: T) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: accountsQuery.queryKey }),
  })
}

function Access({ account }: { account: PortalAccount }) {
  const { username, fullName, active, external } = account
  const [isChanging, setChanging] = useState(false)
  const open = useQuery(accountSessionsQuery(username)).data?.length ?? 0
  const setAccess = useAccountChange<void>(() =>
    api.call(operations.setAccountAccess, { params: { username }, body: { active: !active } }),
  )
  const endSessions = useAccountChange<void>(() => api.call(operations.endAccountSessions, { params: { username } }))
  return (
    <div className={styles.form}>
      <div className={styles.actions}>
        <Button
          disabled={external}
          title={external ? 'The issuer elsewhere decides on its name and roles.' : undefined}
          onClick={() => setChanging(true)}
        >
          Change
        </Button>
        <TwoStep
          label={active ? 'Disable' : 'Enable'}
          refusal={null}
          action={setAccess}
          consequence={
            active
              ? `${fullName} can no longer log in, and ${sessionsInWords(open)} at once.`
              : `${fullName} can log in again.`
          }
        />
        <TwoStep
          label="End sessions"
          refusal={null}
          action={endSessions}
          consequence={`${fullName} has to log in again: ${sessionsInWords(open)} at once.`}
        />
      </div>
      {endSessions.isSuccess && <Notice>Every session of this account has ended.</Notice>}
      <Modal opened={isChanging} onClose={() => setChanging(false)} title={`Change ${fullName}`} size={560}>
        {isChanging && <AccountForm account={account} taken={[]} onDone={() => setChanging(false)} />}
      </Modal>
    </div>
  )
}

function sessionsInWords(open: number): string {
  if (open === 0) return 'no session is open that would end'
  return open === 1 ? 'its open session ends' : `its ${count(open, 'open session')} end`
}

/** Shortest proof that the server takes, characters. */
const shortestProof = 10

function RemoveSecondFactor({ username }: { username: string }) {
  const [proof, setProof] = useState('')
  const remove = useAccountChange<void>(() =>
    api.call(operations.resetSecondFactor, { params: { username }, body: { proof: proof.trim() } }),
  )
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    remove.mutate()
  }
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <div>Ends the account’s sessions. The person sets up another second factor at the next log-in.</div>
      <Field
        label="How the person proved their identity"
        hint="At least 10 characters; kept in the audit trail"
        maxLength={500}
        value={proof}
        onChange={(event) => setProof(event.currentTarget.value)}
      />
      {remove.isError && <ProblemNotice error={remove.error} />}
      <div className={styles.actions}>
        <Button type="submit" disabled={proof.trim().length < shortestProof} loading={remove.isPending}>
          Remove second factor
        </Button>
      </div>
    </form>
  )
}
