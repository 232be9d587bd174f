import { Button } from '@mantine/core'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import type { PortalAccount } from '../../../../schemas/access/accounts.ts'
import styles from './audit.module.css'
import { type AuditSearch, actionGroups, daysFault } from './search.ts'

interface SearchFormProps {
  search: AuditSearch
  accounts: readonly PortalAccount[]
  onSearch: (search: AuditSearch) => void
}

/** By person, action, thing and days. */
export function SearchForm({ search, accounts, onSearch }: SearchFormProps) {
  const [draft, setDraft] = useState(search)
  const id = useId()
  const fault = daysFault(draft)
  const isKnownGroup = draft.action === undefined || draft.action in actionGroups
  const set = (change: AuditSearch) => setDraft((before) => ({ ...before, ...change }))
  const typed = (text: string) => (text.trim() === '' ? undefined : text.trim())
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (!fault) onSearch({ ...draft, who: typed(draft.who ?? ''), id: typed(draft.id ?? '') })
  }
  const field = (name: string, label: string) => ({ id: `${id}-${name}`, label })
  return (
    <form className={styles.form} onSubmit={onSubmit} aria-label="Search the audit trail">
      <Labelled {...field('who', 'Who')}>
        <input
          id={`${id}-who`}
          className="rm-select"
          list={`${id}-people`}
          placeholder="Name, client or task"
          value={draft.who ?? ''}
          onChange={(event) => set({ who: event.currentTarget.value })}
        />
        <datalist id={`${id}-people`}>
          {accounts.map(({ username, fullName }) => (
            <option key={username} value={username}>
              {fullName}
            </option>
          ))}
        </datalist>
      </Labelled>
      <Labelled {...field('action', 'Did')}>
        <select
          id={`${id}-action`}
          className="rm-select"
          value={draft.action ?? ''}
          onChange={(event) => set({ action: typed(event.currentTarget.value) })}
        >
          <option value="">Anything</option>
          {!isKnownGroup && <option value={draft.action}>{draft.action}</option>}
          {Object.entries(actionGroups).map(([prefix, words]) => (
            <option key={prefix} value={prefix}>
              {words}
            </option>
          ))}
        </select>
      </Labelled>
      <Labelled {...field('id', 'To the thing')}>
        <input
          id={`${id}-id`}
          className="rm-select"
          placeholder="Its identifier or user name"
          value={draft.id ?? ''}
          onChange={(event) => set({ id: event.currentTarget.value, subject: undefined })}
        />
      </Labelled>
      <Labelled {...field('from', 'From')}>
        <input
          id={`${id}-from`}
          type="date"
          className="rm-select"
          value={draft.from ?? ''}
          onChange={(event) => set({ from: typed(event.currentTarget.value) })}
        />
      </Labelled>
      <Labelled {...field('to', 'To, included')}>
        <input
          id={`${id}-to`}
          type="date"
          className="rm-select"
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? `${id}-fault` : undefined}
          value={draft.to ?? ''}
          onChange={(event) => set({ to: typed(event.currentTarget.value) })}
        />
      </Labelled>
      <Button type="submit" variant="filled">
        Search
      </Button>
      <Button onClick={() => onSearch({})}>Clear</Button>
      {fault && (
        <span id={`${id}-fault`} role="alert" className={styles.fault}>
          {fault}
        </span>
      )}
    </form>
  )
}

function Labelled({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
    </div>
  )
}
