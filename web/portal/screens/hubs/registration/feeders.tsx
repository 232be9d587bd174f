import { Button } from '@mantine/core'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { Nothing } from '../../../../shared/components/notice.tsx'
import { ConnectionField } from '../../connections/connection-field.tsx'
import { type FeederDraft, nextFeeder } from './draft.ts'
import type { PartProps } from './fields.tsx'
import styles from './registration.module.css'

/** Whose import each feeder is part of. */
export function Feeders({ draft, fault, set }: PartProps) {
  const { feeders } = draft
  return (
    <>
      {feeders.length === 0 && (
        <Nothing>None: the hub monitors a node, and no connection’s import follows from it.</Nothing>
      )}
      {feeders.map((feeder) => (
        <FeederRow
          key={feeder.key}
          feeder={feeder}
          fault={fault(`feeder ${feeder.key}`)}
          onChange={(next) => set({ feeders: feeders.map((each) => (each.key === feeder.key ? next : each)) })}
          onRemove={() => set({ feeders: feeders.filter((each) => each.key !== feeder.key) })}
        />
      ))}
      <Button onClick={() => set({ feeders: [...feeders, nextFeeder(feeders, draft.connectionId)] })}>
        Add a feeder
      </Button>
    </>
  )
}

interface FeederRowProps {
  feeder: FeederDraft
  fault: string | undefined
  onChange: (next: FeederDraft) => void
  onRemove: () => void
}

function FeederRow({ feeder, fault, onChange, onRemove }: FeederRowProps) {
  const name = `Feeder ${feeder.feeder}`
  return (
    <fieldset className={styles.feeder} aria-label={name}>
      <Fields>
        <Field
          label="Feeder"
          inputMode="numeric"
          value={feeder.feeder}
          onChange={(event) => onChange({ ...feeder, feeder: event.currentTarget.value })}
        />
        <Choice
          label="Feeds"
          value={feeder.role}
          onChange={(event) => onChange({ ...feeder, role: event.currentTarget.value as FeederDraft['role'] })}
        >
          <option value="building">the building</option>
          <option value="ev">chargers</option>
        </Choice>
        <ConnectionField
          label="Connection"
          value={feeder.connectionId}
          onChange={(connectionId) => onChange({ ...feeder, connectionId })}
        />
      </Fields>
      {fault && (
        <span className={styles.fault} role="alert">
          {fault}
        </span>
      )}
      <span>
        <Button aria-label={`Remove this feeder, number ${feeder.feeder}`} onClick={onRemove}>
          Remove this feeder
        </Button>
      </span>
    </fieldset>
  )
}
