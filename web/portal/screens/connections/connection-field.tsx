import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { Field } from '../../../shared/components/fields.tsx'
import { connectionQuery, connectionSearchQuery } from '../../queries.ts'
import styles from './connection-field.module.css'

interface ConnectionFieldProps {
  label: string
  hint?: string
  fault?: string | undefined
  /** The identifier of the connection that is chosen; `null` for none. */
  value: string | null
  onChange: (connectionId: string | null) => void
}

/** Chooses a connection by its name, address, customer or MPAN; what is chosen stands there by its name. */
export function ConnectionField({ label, hint, fault, value, onChange }: ConnectionFieldProps) {
  const chosen = useQuery({ ...connectionQuery(value ?? ''), enabled: value !== null }).data
  if (value === null) return <Search label={label} hint={hint} fault={fault} onChoose={onChange} />
  const name = chosen?.name ?? value
  return (
    <div className={styles.chosen}>
      <span>{label}</span>
      <span>
        {name}
        {chosen && <span className="rm-secondary"> {`MPAN ${chosen.mpans.join(', ')}`}</span>}
        <Button size="compact-xs" aria-label={`Change ${name}, ${label.toLowerCase()}`} onClick={() => onChange(null)}>
          Change
        </Button>
        {fault && (
          <span className={styles.fault} role="alert">
            {fault}
          </span>
        )}
      </span>
    </div>
  )
}

interface SearchProps {
  label: string
  hint: string | undefined
  fault: string | undefined
  onChoose: (connectionId: string) => void
}

function Search({ label, hint, fault, onChoose }: SearchProps) {
  const list = useId()
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text, 200)
  const { data } = useQuery(connectionSearchQuery(settled))
  const found = settled.trim() === '' ? null : (data?.items ?? null)
  return (
    <div>
      <Field
        label={label}
        hint={hint}
        fault={fault}
        type="search"
        autoComplete="off"
        placeholder="Name, address or MPAN"
        aria-controls={list}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ul id={list} className={styles.found} aria-label={`Connections found for ${label}`}>
        {found?.map(({ connectionId, name, mpans }) => (
          <li key={connectionId}>
            <Button size="compact-sm" aria-label={`Choose ${name}`} onClick={() => onChoose(connectionId)}>
              {name}
            </Button>
            <span className="rm-secondary">MPAN {mpans.join(', ')}</span>
          </li>
        ))}
        {found?.length === 0 && <li className="rm-secondary">No connection matches this search.</li>}
      </ul>
    </div>
  )
}
