import { Button } from '@mantine/core'
import type { z } from 'zod'
import { Choice, Field } from '../../../shared/components/fields.tsx'
import { emptyOf, type Shape, shapeOf } from '../../../shared/forms/shapes.ts'
import styles from './member-field.module.css'
import { memberWords } from './words.ts'

/** Why a value at a place in the entry is not taken; places are such as `steps.0.from`. */
export type FaultAt = (place: string) => string | null

interface MemberProps {
  /** What the member is called, and where it is. */
  label: string
  place: string
  schema: z.ZodType
  value: unknown
  onChange: (value: unknown) => void
  faultAt: FaultAt
}

const yesNoWords: Readonly<Record<string, string>> = { yes: 'yes', no: 'no' }

/** A field for any member of an entry, by its contract. */
export function MemberField({ label, place, schema, value, onChange, faultAt }: MemberProps) {
  const shape = shapeOf(schema)
  const fault = faultAt(place)
  if (shape.kind === 'list')
    return <ListField label={label} place={place} value={value} onChange={onChange} faultAt={faultAt} shape={shape} />
  if (shape.kind === 'group')
    return <GroupField label={label} place={place} value={value} onChange={onChange} faultAt={faultAt} shape={shape} />
  if (shape.kind === 'yes-no' || shape.kind === 'choice') {
    const options = shape.kind === 'choice' ? shape.options.map(String) : ['yes', 'no']
    const shown = shape.kind === 'choice' ? String(value ?? '') : value ? 'yes' : 'no'
    return (
      <Choice
        label={label}
        fault={fault}
        value={shown}
        onChange={({ currentTarget }) => onChange(chosen(shape, currentTarget.value))}
      >
        {!shape.isNeeded && <option value="">none</option>}
        {options.map((each) => (
          <option key={each} value={each}>
            {shape.kind === 'yes-no' ? yesNoWords[each] : each}
          </option>
        ))}
      </Choice>
    )
  }
  return (
    <Field
      label={label}
      fault={fault}
      inputMode={shape.kind === 'number' ? 'decimal' : undefined}
      placeholder={shape.isNeeded ? undefined : 'none'}
      value={String(value ?? '')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function chosen(shape: Shape, text: string): unknown {
  if (shape.kind === 'yes-no') return text === 'yes'
  if (text === '' || shape.kind !== 'choice') return null
  return shape.options.find((each) => String(each) === text)
}

type PartProps<K extends Shape['kind']> = Omit<MemberProps, 'schema'> & { shape: Extract<Shape, { kind: K }> }

function GroupField({ label, place, value, onChange, faultAt, shape }: PartProps<'group'>) {
  if (value === null || value === undefined)
    return (
      <div>
        {label}: none{' '}
        <Button size="xs" onClick={() => onChange(emptyOf({ ...shape, isNeeded: true }))}>
          State {label.toLowerCase()}
        </Button>
      </div>
    )
  const members = value as Record<string, unknown>
  return (
    <fieldset className={styles.part}>
      <legend>{label}</legend>
      {Object.entries(shape.members).map(([name, member]) => (
        <MemberField
          key={name}
          label={memberWords(name)}
          place={`${place}.${name}`}
          schema={member}
          value={members[name]}
          onChange={(next) => onChange({ ...members, [name]: next })}
          faultAt={faultAt}
        />
      ))}
    </fieldset>
  )
}

function ListField({ label, place, value, onChange, faultAt, shape }: PartProps<'list'>) {
  const items = value as unknown[]
  const element = shapeOf(shape.element)
  if (element.kind === 'choice')
    return (
      <ChoicesField label={label} place={place} value={value} onChange={onChange} faultAt={faultAt} element={element} />
    )
  const fault = faultAt(place)
  return (
    <fieldset className={styles.part}>
      <legend>{label}</legend>
      {items.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <div key={i} className={styles.item}>
          <MemberField
            label={`${label} ${i + 1}`}
            place={`${place}.${i}`}
            schema={shape.element}
            value={item}
            onChange={(next) => onChange(items.with(i, next))}
            faultAt={faultAt}
          />
          <Button size="xs" onClick={() => onChange(items.toSpliced(i, 1))}>
            Remove {label.toLowerCase()} {i + 1}
          </Button>
        </div>
      ))}
      {fault && <div role="alert">{fault}</div>}
      <Button size="xs" onClick={() => onChange([...items, emptyOf(element)])}>
        Add to {label.toLowerCase()}
      </Button>
    </fieldset>
  )
}

type ChoicesProps = Omit<MemberProps, 'schema'> & { element: Extract<Shape, { kind: 'choice' }> }

/** Several of a few words, such as days of the week. */
function ChoicesField({ label, place, value, onChange, faultAt, element }: ChoicesProps) {
  const chosen = value as unknown[]
  const fault = faultAt(place)
  return (
    <fieldset className={styles.part}>
      <legend>{label}</legend>
      {element.options.map((option) => (
        <label key={option} className={styles.option}>
          <input
            type="checkbox"
            checked={chosen.includes(option)}
            onChange={(event) =>
              onChange(
                element.options.filter((each) =>
                  each === option ? event.currentTarget.checked : chosen.includes(each),
                ),
              )
            }
          />{' '}
          {option}
        </label>
      ))}
      {fault && <div role="alert">{fault}</div>}
    </fieldset>
  )
}
