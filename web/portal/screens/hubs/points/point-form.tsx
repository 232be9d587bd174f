import { Button } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { MappedPoint } from '../../../../../schemas/grid/gateway.ts'
import { phase, quantity } from '../../../../../schemas/grid/measurements.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { quantityInWords, siUnit } from './columns.tsx'
import styles from './points.module.css'
import { keyOf, type PointFaults, readPoint, type TypedPoint } from './typed.ts'

interface PointFormProps {
  initial: TypedPoint
  /** Points other than this one. */
  others: readonly MappedPoint[]
  saveLabel: string
  onSave: (point: MappedPoint) => void
  /** Takes the point out of the list; `null` for a new one. */
  onRemove: (() => void) | null
}

/** One point of a hub: where the hub has it, what it means, and how its value becomes the SI unit. */
export function PointForm({ initial, others, saveLabel, onSave, onRemove }: PointFormProps) {
  const [typed, setTyped] = useState(initial)
  const [tried, setTried] = useState(false)
  const { point, faults } = readPoint(typed)
  const isTaken = point !== null && others.some((other) => keyOf(other) === keyOf(point))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    // The form around it, if there is one, is another one's.
    event.stopPropagation()
    setTried(true)
    if (point && !isTaken) onSave(point)
  }
  const shown = isTaken ? { index: 'has a meaning already: change that point instead' } : faults
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <PointFields
        typed={typed}
        faults={tried ? shown : {}}
        set={(change) => setTyped((before) => ({ ...before, ...change }))}
      />
      <div className={styles.actions}>
        {onRemove && <Button onClick={onRemove}>Remove this point</Button>}
        <Button type="submit" variant="filled">
          {saveLabel}
        </Button>
      </div>
    </form>
  )
}

interface PointFieldsProps {
  typed: TypedPoint
  faults: PointFaults
  set: (change: Partial<TypedPoint>) => void
}

function PointFields({ typed, faults, set }: PointFieldsProps) {
  const chosen = quantity.options.find((each) => each === typed.quantity)
  const unit = chosen ? siUnit(chosen) : ''
  const field = (name: keyof TypedPoint, label: string, hint?: string) => (
    <Field
      label={label}
      hint={hint}
      fault={faults[name]}
      inputMode="decimal"
      value={typed[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <Fields>
      {field('group', 'DNP3 group', '30: analogue inputs. 1: binary inputs.')}
      {field('index', 'Index')}
      {field('feeder', 'Feeder', '0: the hub as a whole, such as its temperature.')}
      <Choice
        label="Phase"
        fault={faults.phase}
        value={typed.phase}
        onChange={(event) => set({ phase: event.currentTarget.value })}
      >
        {phase.options.map((each) => (
          <option key={each} value={each}>
            {each === 'none' ? 'none, or all three together' : each}
          </option>
        ))}
      </Choice>
      <Choice
        label="Quantity"
        fault={faults.quantity}
        value={typed.quantity}
        onChange={(event) => set({ quantity: event.currentTarget.value })}
      >
        {quantity.options.map((each) => (
          <option key={each} value={each}>
            {quantityInWords(each)}
          </option>
        ))}
      </Choice>
      {field(
        'scale',
        'Scale',
        unit === ''
          ? 'What the hub sends, times this, is the state.'
          : `What the hub sends, times this, is in ${unit}. Negative turns the sign.`,
      )}
      {field(
        'deadBand',
        'Dead band',
        `Polled values that differ by no more are left out${unit === '' ? '' : `, ${unit}`}. Empty: all are sent.`,
      )}
    </Fields>
  )
}
