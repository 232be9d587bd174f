import { Link } from '@tanstack/react-router'
import type { DemandEdition, EditionKind } from '../../../../../schemas/planning/demand-editions.ts'
import { Choice } from '../../../../shared/components/fields.tsx'
import { count } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { editionKindWords } from '../words.ts'

/** Editions of a kind whose rows are still there, the latest first. */
export function usableEditions(editions: readonly DemandEdition[], kind: EditionKind): DemandEdition[] {
  return editions.filter((each) => each.kind === kind && each.rowsRemovedAt === null)
}

/** An edition among others of its kind: `Areas of London, 4,994 rows, 12 Jan 10:00`. */
export function editionInWords({ name, rows, importedAt, isSynthetic }: DemandEdition): string {
  return `${name}, ${count(rows, 'row')}, ${dayAndTime(importedAt)}${isSynthetic ? ', made up' : ''}`
}

interface EditionFieldProps {
  kind: EditionKind
  editions: readonly DemandEdition[]
  value: string
  onChange: (editionId: string) => void
  /** What a run without one does; left out where a run needs one. */
  without?: string
  fault?: string | undefined
  hint?: string
}

/** Chooses an edition of a kind. */
export function EditionField({ kind, editions, value, onChange, without, fault, hint }: EditionFieldProps) {
  const usable = usableEditions(editions, kind)
  const none = (
    <>
      There is none.{' '}
      <Link to="/planning/import" search={{ kind }}>
        Import {editionKindWords[kind].toLowerCase()}
      </Link>
    </>
  )
  return (
    <Choice
      label={editionKindWords[kind]}
      value={value}
      fault={fault}
      hint={usable.length === 0 ? none : hint}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {(without !== undefined || value === '') && <option value="">{without ?? 'Choose one'}</option>}
      {usable.map((each) => (
        <option key={each.editionId} value={each.editionId}>
          {editionInWords(each)}
        </option>
      ))}
    </Choice>
  )
}
