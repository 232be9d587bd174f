import { Button, Textarea } from '@mantine/core'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import {
  type CellDraft,
  fieldWords,
  hasUnit,
  hasWords,
  type LayoutField,
  layoutFields,
  mayBeFixed,
  type NodeDraft,
  neededFields,
  newCell,
} from './draft.ts'
import styles from './layouts.module.css'

interface NodeFieldsProps {
  title: string
  node: NodeDraft
  fault: (field: string) => string | undefined
  onChange: (next: NodeDraft) => void
  /** Takes the node out; `null` for the only one. */
  onRemove: (() => void) | null
}

/** Where each value of a node stands in a row. */
export function NodeFields({ title, node, fault, onChange, onRemove }: NodeFieldsProps) {
  const { cells } = node
  const missing = layoutFields.filter((field) => cells.every((cell) => cell.field !== field))
  return (
    <Section title={title} actions={onRemove && <Button onClick={onRemove}>Remove this node</Button>}>
      {cells.map((cell) => (
        <CellFields
          key={cell.key}
          cell={cell}
          fault={fault(`cell ${cell.key}`)}
          onChange={(next) => onChange({ ...node, cells: cells.map((each) => (each.key === cell.key ? next : each)) })}
          onRemove={() => onChange({ ...node, cells: cells.filter((each) => each.key !== cell.key) })}
        />
      ))}
      {missing.length > 0 && (
        <Fields>
          <Choice
            label="Add a value"
            value=""
            onChange={(event) =>
              onChange({ ...node, cells: [...cells, newCell(event.currentTarget.value as LayoutField)] })
            }
          >
            <option value="">that the file has as well</option>
            {missing.map((field) => (
              <option key={field} value={field}>
                {fieldWords[field]}
              </option>
            ))}
          </Choice>
        </Fields>
      )}
    </Section>
  )
}

interface CellFieldsProps {
  cell: CellDraft
  fault: string | undefined
  onChange: (next: CellDraft) => void
  onRemove: () => void
}

function CellFields({ cell, fault, onChange, onRemove }: CellFieldsProps) {
  const { field } = cell
  const word = fieldWords[field]
  const set = (change: Partial<CellDraft>) => onChange({ ...cell, ...change })
  return (
    <fieldset className={styles.cell} aria-label={word}>
      <h3 className={styles.cellTitle}>{word}</h3>
      <Fields>
        {mayBeFixed(field) && (
          <Choice
            label="Given by"
            value={cell.isFixed ? 'fixed' : 'column'}
            onChange={(event) => set({ isFixed: event.currentTarget.value === 'fixed', text: '' })}
          >
            <option value="column">a column of the file</option>
            <option value="fixed">nothing: it is the same in every row</option>
          </Choice>
        )}
        <Field
          label={cell.isFixed ? 'Always' : 'Headings'}
          hint={fixedHint(cell)}
          fault={fault}
          value={cell.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
        />
        {!cell.isFixed && <Reading cell={cell} set={set} />}
      </Fields>
      {!neededFields.includes(field) && (
        <Button aria-label={`Remove: ${word}`} onClick={onRemove}>
          Remove
        </Button>
      )}
    </fieldset>
  )
}

function fixedHint({ isFixed, field }: CellDraft): string | undefined {
  if (!isFixed && field !== 'nodeId') return undefined
  if (!isFixed)
    return 'Of the column; several, parted by semicolons, if lists differ: the first that holds anything counts.'
  if (field === 'kind') return 'gsp, bsp, primary, secondary or feeder'
  if (field === 'licenceArea') return 'Its code, such as LPN.'
  if (field.endsWith('On')) return 'A day, such as 2026-01-15.'
  return field.endsWith('Method')
    ? 'metered, annual-reading, estimated, design or unknown'
    : 'high, medium, low or unknown'
}

/** How what stands in a column is read. */
function Reading({ cell, set }: { cell: CellDraft; set: (change: Partial<CellDraft>) => void }) {
  const { field } = cell
  if (hasUnit(field))
    return (
      <>
        <Choice
          label="Unit"
          value={cell.unit}
          onChange={(event) => set({ unit: event.currentTarget.value as CellDraft['unit'] })}
        >
          <option value="">kVA</option>
          <option value="VA">VA</option>
          <option value="MVA">MVA</option>
        </Choice>
        <Choice
          label="Of a list such as 24, 24"
          value={cell.take}
          onChange={(event) => set({ take: event.currentTarget.value as CellDraft['take'] })}
        >
          <option value="">it is one figure</option>
          <option value="sum">the sum</option>
          <option value="sum-without-largest">the sum without the largest</option>
        </Choice>
      </>
    )
  if (field === 'nodeId' || field === 'parentId')
    return (
      <Field
        label="Put before it"
        hint="So that numbers of two companies cannot meet, such as ukpn-."
        value={cell.prefix}
        onChange={(event) => set({ prefix: event.currentTarget.value })}
      />
    )
  // A layout that was stored over the API may have words where they are seldom needed.
  if (!hasWords(field) && cell.words === '') return null
  return (
    <Textarea
      size="sm"
      label="Words of the file"
      description="One per line, such as Grid Substation = bsp. A word that is not named here is an error. Empty: words as they are."
      autosize
      minRows={1}
      maxRows={8}
      spellCheck={false}
      value={cell.words}
      onChange={(event) => set({ words: event.currentTarget.value })}
    />
  )
}
