import { useQuery } from '@tanstack/react-query'
import type { DemoAccount } from '../../../../schemas/access/sessions.ts'
import { roleWords } from '../../../shared/format/words.ts'
import styles from '../../../shared/log-in.module.css'
import { demoAccountsQuery } from '../../queries.ts'

/** The accounts of a demo; nothing elsewhere. */
export function DemoAccounts({ onChoose }: { onChoose: (account: DemoAccount) => void }) {
  const { data = [] } = useQuery(demoAccountsQuery)
  if (data.length === 0) return null
  return (
    <section className={styles.box} aria-label="Demo accounts">
      <h2 className={styles.demoTitle}>
        <span>Demo</span> Everything here is simulated. Log in as:
      </h2>
      <ul className={styles.accounts}>
        {data.map((account) => (
          <li key={account.username}>
            <button type="button" onClick={() => onChoose(account)}>
              <strong>{account.fullName}</strong>
              <span>{account.roles.map((role) => roleWords[role]).join(', ')}</span>
              <code>
                {account.username} / {account.password}
              </code>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
